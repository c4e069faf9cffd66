import { isMainThread, workerData } from "node:worker_threads";
import { seal } from "./base/registry.ts";
import { serve } from "./base/worker.ts";

export * from "./base/codec.ts";
export * from "./base/columns.ts";
export * from "./base/contract.ts";
export * from "./base/errors.ts";
export { classifier, estimatorFromSpec, regressor, transformer } from "./base/estimator.ts";
export * from "./linear/ridge.ts";
export * from "./numeric/matrix.ts";

seal();
if (!isMainThread && workerData?.assayWorker) serve();
