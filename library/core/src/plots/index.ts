export * from "./classification-plots.ts";
export { type Figure, figure, palette, type Trace } from "./figure.ts";
export * from "./model-plots.ts";
