export { type RandomForestState, randomForestClassifier, randomForestRegressor } from "./random-forest.ts";
