export { type C45State, c45Classifier } from "./c45.ts";
export { type ChaidState, chaidClassifier, chaidRegressor } from "./chaid.ts";
export { type DecisionTreeState, decisionTreeClassifier, decisionTreeRegressor } from "./decision-tree.ts";
export type { TreeArrays } from "./grow.ts";
export type { MultiwayTree } from "./multiway-tree.ts";
export { costComplexityPath, type PruningPath } from "./prune.ts";
