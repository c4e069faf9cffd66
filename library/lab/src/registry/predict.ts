import { createHash } from "node:crypto";
import { type Cell, DataError, loadModel, NotFoundError, type PredictorModel, suggest, table } from "assay";
import { v7 as uuidv7 } from "uuid";
import type { Prediction } from "../contract/models.ts";
import type { Session } from "../projects/session.ts";
import { versionFile } from "./versions.ts";

/** Values by column name. */
export type InputRow = Readonly<Record<string, Cell | undefined>>;

const modelsKept = 20;
const models = new Map<string, Promise<PredictorModel>>();

/** A model by its content hash, loaded once; the longest unused makes room. */
function modelOf(session: Session, hash: string, file: string): Promise<PredictorModel> {
  let model = models.get(hash);
  if (model) models.delete(hash);
  else model = loadModel<PredictorModel>(session.store.path(file));
  model.catch(() => models.delete(hash));
  models.set(hash, model);
  if (models.size > modelsKept) models.delete(models.keys().next().value!);
  return model;
}

/** Predicts rows with a model version, and records the prediction. Throws DataError naming a missing or wrong field. */
export async function predict(
  session: Session,
  ref: string,
  rows: InputRow | readonly InputRow[],
  { userId }: { readonly userId?: string | undefined } = {},
): Promise<Omit<Prediction, "status">> {
  const begin = performance.now();
  const { version, file } = await versionFile(session, ref);
  const model = await modelOf(session, version.content_hash, file);
  const list = Array.isArray(rows) ? (rows as readonly InputRow[]) : [rows as InputRow];
  const answer = answerRows(model, list);
  const latencyMs = performance.now() - begin;
  const id = uuidv7();
  await session.db
    .insertInto("predictions")
    .values({
      id,
      project_id: session.projectId,
      model_version_id: version.model_id,
      user_key: userId ?? null,
      source: "advanced",
      row_count: list.length,
      inputs_hash: createHash("sha256").update(JSON.stringify(list)).digest("hex"),
      latency_ms: latencyMs,
    })
    .execute();
  return {
    model_id: version.model_id,
    model: `${version.name}@${version.version}`,
    ...answer,
    prediction_id: id,
    source: "advanced",
    latency_ms: latencyMs,
  };
}

/** Predicts rows with the model that a run saved. */
export async function predictWithRun(session: Session, runId: string, rows: readonly InputRow[]): Promise<Answer> {
  const artifact = await session.db
    .selectFrom("artifacts")
    .select(["file", "content_hash"])
    .where("run_id", "=", runId)
    .where("name", "=", "model")
    .where("project_id", "=", session.projectId)
    .executeTakeFirst();
  if (!artifact) throw new NotFoundError(`run: ${runId} has saved no model`);
  return answerRows(await modelOf(session, artifact.content_hash, artifact.file), rows);
}

type Answer = Pick<Prediction, "prediction" | "prediction_proba" | "classes" | "warnings">;

function answerRows(model: PredictorModel, rows: readonly InputRow[]): Answer {
  const warnings: string[] = [];
  const known = new Set(model.columns.map(({ name }) => name));
  const ignored = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
    (name) => !known.has(name) && name !== model.target,
  );
  if (ignored.length > 0) warnings.push(`ignored: ${ignored.slice(0, 20).join(", ")}`);
  const columns = model.columns.map(({ name, levels }) => {
    const cells = rows.map((row, i) => {
      if (!Object.hasOwn(row, name))
        throw fieldError(name, undefined, `field "${name}" is missing in row ${i}${suggest(name, Object.keys(row))}`);
      return levels ? levelOf(name, row[name] ?? null, levels, warnings) : numberOf(name, row[name] ?? null, i);
    });
    return [name, cells] as const;
  });
  const input = table(Object.fromEntries(columns) as Record<string, Cell[]>);
  const prediction = Array.from(model.predict(input) as ArrayLike<string | number | boolean>);
  if (model.task === "regression") return { prediction, prediction_proba: null, classes: null, warnings: [...new Set(warnings)] };
  const { data, columns: k } = model.predictProba(input);
  const proba = rows.map((_, i) => Array.from(data.subarray(i * k, (i + 1) * k)));
  return { prediction, prediction_proba: proba, classes: [...model.classes], warnings: [...new Set(warnings)] };
}

function levelOf(name: string, cell: Cell, levels: readonly string[], warnings: string[]): string | null {
  if (cell === null) return null;
  const text = String(cell);
  if (!levels.includes(text)) warnings.push(`${name}: ${JSON.stringify(text)} was not there at the training, taken as missing`);
  return text;
}

function numberOf(name: string, cell: Cell, row: number): number | null {
  if (cell === null || typeof cell === "number") return cell;
  if (typeof cell === "boolean") return cell ? 1 : 0;
  if (typeof cell === "string" && cell.trim() !== "" && Number.isFinite(Number(cell))) return Number(cell);
  throw fieldError(name, cell, `field "${name}" must be a number, got ${JSON.stringify(cell)} in row ${row}`);
}

function fieldError(field: string, value: unknown, message: string): DataError {
  return Object.assign(new DataError(`predict: ${message}`), { field: `features.${field}`, value });
}
