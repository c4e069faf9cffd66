export { clusters, type KMeansState, kMeans } from "./k-means.ts";
