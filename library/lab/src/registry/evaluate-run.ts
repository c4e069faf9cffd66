import { type Evaluation, evaluate, loadModel, NotFoundError, ParamsError, type PredictorModel } from "assay";
import { datasetTable, openSplit } from "../datasets/index.ts";
import type { Session } from "../projects/session.ts";

/** The rows to evaluate on: a part of a saved split, or a whole dataset. */
interface EvaluationRows {
  readonly dataset_id?: string | undefined;
  readonly split_id?: string | undefined;
  readonly part: "train" | "validation" | "test";
}

/** Evaluates the model that a run saved. The run stays as it is. Throws NotFoundError for a run without model, ParamsError for no rows. */
export async function evaluateRun(
  session: Session,
  runId: string,
  { dataset_id, split_id, part }: EvaluationRows,
): Promise<Evaluation> {
  if ((dataset_id === undefined) === (split_id === undefined))
    throw new ParamsError("evaluate: needs either dataset_id or split_id");
  const artifact = await session.db
    .selectFrom("artifacts")
    .select("file")
    .where("run_id", "=", runId)
    .where("name", "=", "model")
    .where("project_id", "=", session.projectId)
    .executeTakeFirst();
  if (!artifact) throw new NotFoundError(`run: ${runId} has saved no model`);
  const rows = split_id === undefined ? await datasetTable(session, dataset_id!) : (await openSplit(session, split_id))[part];
  if (rows.rows === 0) throw new ParamsError(`evaluate: the split has no ${part} rows`);
  return evaluate(await loadModel<PredictorModel>(await session.store.fetch(artifact.file)), rows);
}
