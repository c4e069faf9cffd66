export { autoPreprocess } from "./auto-preprocess.ts";
export * from "./column-transformer.ts";
export * from "./encoders.ts";
export { type ImputerState, imputer } from "./imputer.ts";
export * from "./pipeline.ts";
export * from "./scalers.ts";
