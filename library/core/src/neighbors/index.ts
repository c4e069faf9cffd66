export { type KNeighbors, kneighbors } from "./kneighbors.ts";
export { type KnnState, knnClassifier, knnRegressor } from "./knn.ts";
