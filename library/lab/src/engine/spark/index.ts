export type { MessageJson } from "./channel.ts";
export { type HeldModel, type MlStage, mlOf, type SparkMl, transformed } from "./ml.ts";
export { type MlParams, type MlValue, ofFlag, ofInteger, ofLong, ofNumber, ofText, ofTexts } from "./ml-values.ts";
export { openSession, type SparkProgress, type SparkSession } from "./session.ts";
export { openSpark, plainRows, sqlSettings } from "./spark.ts";
export { sparkDialect } from "./spark-dialect.ts";
