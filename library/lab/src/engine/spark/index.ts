export type { MessageJson } from "./channel.ts";
export { type HeldModel, type MlStage, mlOf, type SparkMl, transformed } from "./ml.ts";
export { type MlParams, type MlValue, ofFlag, ofInteger, ofLong, ofNumber, ofText, ofTexts } from "./ml-values.ts";
export {
  type Executed,
  type ExecuteOptions,
  openSession,
  type SessionOptions,
  type SparkProgress,
  type SparkSession,
} from "./session.ts";
export { openSpark, plainRows, type SparkOptions, sqlSettings } from "./spark.ts";
