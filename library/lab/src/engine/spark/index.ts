export { openSession, type SessionOptions, type SparkSession } from "./session.ts";
export { openSpark, type SparkOptions } from "./spark.ts";
