export { type DecisionTreeState, decisionTreeClassifier, decisionTreeRegressor } from "./decision-tree.ts";
export type { TreeArrays } from "./grow.ts";
