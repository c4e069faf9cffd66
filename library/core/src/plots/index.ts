export * from "./classification-plots.ts";
export { type Figure, figure, palette, type Trace } from "./figure.ts";
export * from "./model-plots.ts";
export type { MultiwayModel } from "./multiway-text.ts";
export * from "./table-plots.ts";
export { plotTree, type TreeModel, type TreeView, treeText } from "./tree-plot.ts";
