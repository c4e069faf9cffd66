export * from "./classification.ts";
export { type ConfusionMatrix, confusionMatrix, type WeightOptions } from "./confusion.ts";
export * from "./ranking-curves.ts";
export * from "./registry.ts";
export * from "./regression.ts";
