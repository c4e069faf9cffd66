import { randomUUID } from "node:crypto";
import type { ModelRecord } from "./model-record.ts";
import type { FittedPipeline } from "./pipeline.ts";
import { valueSql, type Workspace } from "./workspace.ts";

/** Writes a pipeline into a folder that the server sees, as PySpark's `PipelineModel` is written, and gives its stages. */
export async function savePipeline(work: Workspace, { steps }: FittedPipeline, place: string): Promise<ModelRecord["stages"]> {
  const stages: ModelRecord["stages"] = [];
  for (const [k, { className, uid, held, params }] of steps.entries()) {
    const folder = `stages/${k}_${uid}`;
    await work.ml.write(held, `${place}/${folder}`);
    stages.push({ className, uid, folder, ...(params ? { params: { ...params } } : {}) });
  }
  const metadata = {
    class: "org.apache.spark.ml.PipelineModel",
    timestamp: Date.now(),
    sparkVersion: work.session.version,
    uid: `PipelineModel_${randomUUID().replaceAll("-", "").slice(0, 12)}`,
    paramMap: { stageUids: steps.map(({ uid }) => uid) },
    defaultParamMap: {},
  };
  const input = { sql: { query: `select ${valueSql(JSON.stringify(metadata))} as value` } };
  await work.run({
    writeOperation: { input, source: "text", path: `${place}/metadata`, mode: "SAVE_MODE_OVERWRITE" },
  });
  return stages;
}
