export type { MessageJson } from "./channel.ts";
export {
  type Executed,
  type ExecuteOptions,
  openSession,
  type SessionOptions,
  type SparkProgress,
  type SparkSession,
} from "./session.ts";
export { openSpark, type SparkOptions } from "./spark.ts";
