export * from "./folds.ts";
export * from "./split.ts";
