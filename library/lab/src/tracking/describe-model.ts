import * as ml from "assay";
import { v7 as uuidv7 } from "uuid";
import type { Session } from "../projects/session.ts";
import { addToRun, changeRun } from "./change-run.ts";

/** Writes a model's algorithm, parameters, columns and preprocessing into its run. */
export async function describeModel(
  session: Session,
  runId: string,
  model: ml.Fitted,
  target: string | undefined,
): Promise<void> {
  const steps = model.name === "pipeline" ? (model.params["steps"] as readonly ml.Spec[]) : [model];
  const last = steps.at(-1)!;
  await changeRun(session, runId, {
    algorithm: last.name,
    task: model.task,
    target,
    features: model.columns.map(({ name }) => name),
    seed: typeof last.params["seed"] === "number" ? last.params["seed"] : undefined,
  });
  await addToRun(session, runId, "params", last.params);
  const pipeline = steps.slice(0, -1).map(({ name, params }) => ({ name, params }));
  await addToRun(session, runId, "environment", { pipeline });
}

/** Stores a model as its run's artifact "model". */
export async function saveModel(session: Session, runId: string, model: ml.Fitted): Promise<{ readonly size_bytes: number }> {
  const { store, projectId, db } = session;
  const stamp = new Date().toISOString().replaceAll(/[-:]/g, "").replace("T", "_").slice(0, 15);
  const file = `models/project_${projectId}/model_${runId}_${stamp}.assay`;
  const { hash, sizeBytes } = await store.write(file, ml.encodeModel(model));
  await describeModel(session, runId, model, model.target);
  const values = { content_hash: hash, size_bytes: sizeBytes, file };
  await db
    .insertInto("artifacts")
    .values({ id: uuidv7(), project_id: projectId, run_id: runId, name: "model", kind: "model", ...values })
    .onConflict((conflict) => conflict.columns(["run_id", "name"]).doUpdateSet(values))
    .execute();
  return { size_bytes: sizeBytes };
}
