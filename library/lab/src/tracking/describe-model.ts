import type * as ml from "assay";
import { v7 as uuidv7 } from "uuid";
import type { Session } from "../projects/session.ts";
import type { RunChanges } from "./create-run.ts";
import type { RunSink } from "./run-sink.ts";

/** Writes a model's algorithm, parameters, columns and preprocessing into its run. */
export async function describeModel(
  sink: Pick<RunSink, "change" | "add">,
  runId: string,
  model: ml.Fitted,
  target: string | undefined,
): Promise<void> {
  const facts = { task: model.task, target, features: model.columns.map(({ name }) => name) };
  await describeSteps(sink, runId, model, facts);
}

/** Writes algorithm, parameters and preprocessing of an estimator, or of a pipeline's steps, into its run. */
export async function describeSteps(
  sink: Pick<RunSink, "change" | "add">,
  runId: string,
  estimator: ml.Spec,
  facts: Pick<RunChanges, "task" | "target" | "features"> = {},
): Promise<void> {
  const steps = estimator.name === "pipeline" ? (estimator.params["steps"] as readonly ml.Spec[]) : [estimator];
  const last = steps.at(-1)!;
  const seed = typeof last.params["seed"] === "number" ? last.params["seed"] : undefined;
  await sink.change(runId, { ...facts, algorithm: last.name, seed });
  await sink.add(runId, "params", last.params);
  const pipeline = steps.slice(0, -1).map(({ name, params }) => ({ name, params }));
  await sink.add(runId, "environment", { pipeline });
}

/** Where the file of a run's model goes: named by run and time. */
export function modelFile({ projectId }: Session, runId: string): string {
  const stamp = new Date().toISOString().replaceAll(/[-:]/g, "").replace("T", "_").slice(0, 15);
  return `models/project_${projectId}/model_${runId}_${stamp}.assay`;
}

/** Stores the bytes of a model file as its run's artifact "model". */
export async function storeModel(session: Session, runId: string, bytes: Uint8Array): Promise<{ readonly size_bytes: number }> {
  const { store, projectId, db } = session;
  const file = modelFile(session, runId);
  const { hash, sizeBytes } = await store.write(file, bytes);
  const values = { content_hash: hash, size_bytes: sizeBytes, file };
  await db
    .insertInto("artifacts")
    .values({ id: uuidv7(), project_id: projectId, run_id: runId, name: "model", kind: "model", ...values })
    .onConflict((conflict) => conflict.columns(["run_id", "name"]).doUpdateSet(values))
    .execute();
  return { size_bytes: sizeBytes };
}
