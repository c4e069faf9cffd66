export { type DecisionTreeState, decisionTreeClassifier, decisionTreeRegressor } from "./decision-tree.ts";
export type { TreeArrays } from "./grow.ts";
export { costComplexityPath, type PruningPath } from "./prune.ts";
