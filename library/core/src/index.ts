import { isMainThread, workerData } from "node:worker_threads";
import { seal } from "./base/registry.ts";
import { serve } from "./base/worker.ts";

export { decodeModel, encodeModel, loadModel, saveModel } from "./base/codec.ts";
export type * from "./base/columns.ts";
export type * from "./base/contract.ts";
export type { MimeBundle } from "./base/display.ts";
export * from "./base/errors.ts";
export { classifier, estimatorFromSpec, regressor, transformer } from "./base/estimator.ts";
export { suggest } from "./base/near-name.ts";
export { poolSize } from "./base/pool.ts";
export * from "./data/index.ts";
export * from "./dummy/index.ts";
export * from "./ensemble/index.ts";
export * from "./estimators.ts";
export * from "./inspection/index.ts";
export * from "./linear/index.ts";
export * from "./metrics/index.ts";
export * from "./model-selection/index.ts";
export { type Matrix, matrix, sharedFloat64 } from "./numeric/matrix.ts";
export { type Random, random } from "./numeric/random.ts";
export * from "./plots/index.ts";
export * from "./preprocessing/index.ts";
export * from "./splits/index.ts";
export * from "./tree/index.ts";

seal();
if (!isMainThread && workerData?.assayWorker) serve();
