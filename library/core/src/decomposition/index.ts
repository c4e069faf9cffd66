export { type PcaState, pca } from "./pca.ts";
