export * from "./folds.ts";
export * from "./leave-out.ts";
export * from "./saved-folds.ts";
export * from "./shuffle-splits.ts";
export * from "./split.ts";
export * from "./time-series-split.ts";
