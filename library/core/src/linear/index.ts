export * from "./logistic-regression.ts";
export * from "./ridge.ts";
