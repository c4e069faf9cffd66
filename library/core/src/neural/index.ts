export { type MlpState, mlpClassifier, mlpRegressor } from "./mlp.ts";
