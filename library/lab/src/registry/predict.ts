import { DataError, judge, NotFoundError, ParamsError, type PredictorModel, ShapeError, type Verdict } from "assay";
import { answerByRule } from "../contract/emergency-rule.ts";
import type { Prediction } from "../contract/models.ts";
import type { Cell as WireCell } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { predictionId } from "./prediction-id.ts";
import { logPrediction } from "./prediction-log.ts";
import { type InputRow, type ReadRows, rowReader } from "./read-rows.ts";
import { models, type Served, type ServedModel, served, servedNow, tellBroken } from "./serving.ts";

/** Whom a prediction is about, and on whose behalf it is made. */
export interface PredictOptions {
  readonly userId?: string | undefined;
  /** The A/B test that chose the version. */
  readonly abTestId?: string | undefined;
  readonly arm?: string | undefined;
  /** Logged, and shown to nobody. */
  readonly shadow?: boolean | undefined;
  /** The job that predicts a file. */
  readonly jobId?: string | undefined;
}

/** What models, fallbacks and rules say of rows. */
export type Answer = Pick<Prediction, "prediction" | "prediction_proba" | "classes" | "warnings">;

/** An answer and who gave it. */
export interface SourcedAnswer extends Answer, Pick<Prediction, "source" | "reason"> {
  /** The version that was asked, or its fallback. */
  readonly by: ServedModel;
}

/**
 * Predicts rows with a model version, and logs the prediction. A version whose model does not work is answered for by its model's fallback:
 * a simpler version, a rule, the most frequent class or the mean; `source` and `reason` say so. Throws DataError naming a missing or wrong
 * field, NotFoundError for no such version.
 */
export async function predict(
  session: Session,
  ref: string,
  rows: InputRow | readonly InputRow[],
  options: PredictOptions = {},
): Promise<Omit<Prediction, "status">> {
  const begin = performance.now();
  const target = servedNow(session, ref) ?? (await served(session, ref));
  const list = Array.isArray(rows) ? (rows as readonly InputRow[]) : [rows as InputRow];
  if (list.length === 0) throw new ParamsError("predict: needs one row at least, got 0");
  const { by, ...answer } = await answerRows(session, target, list);
  const latencyMs = performance.now() - begin;
  const prediction_id = logAnswer(session, target, list, { by, ...answer }, latencyMs, options);
  const model = `${by.version.name}@${by.version.version}`;
  return { model_id: by.version.model_id, model, ...answer, prediction_id, latency_ms: latencyMs };
}

/** Puts an answer into the log and gives its id. */
export function logAnswer(
  session: Session,
  { log }: Served,
  rows: readonly InputRow[],
  { by, source, reason, prediction, prediction_proba }: SourcedAnswer,
  latencyMs: number,
  { userId, abTestId, arm, shadow = false, jobId }: PredictOptions,
): string {
  const id = predictionId();
  const columns = by.reader.names;
  logPrediction(session, {
    id,
    versionId: by.version.model_id,
    userKey: userId ?? null,
    source,
    reason,
    rowCount: rows.length,
    columns,
    rows: rows.map((row) => columns.map((name) => row[name] ?? null)),
    keep: log,
    prediction,
    proba: prediction_proba,
    latencyMs,
    abTestId: abTestId ?? null,
    arm: arm ?? null,
    shadow,
    jobId: jobId ?? null,
    at: new Date(),
  });
  return id;
}

/** Answers rows by the version, else by its fallback, else by rule; bad rows are an error all the same. `first` numbers the rows in messages. */
export async function answerRows(session: Session, target: Served, rows: readonly InputRow[], first = 0): Promise<SourcedAnswer> {
  const { primary, basic } = target;
  const input = primary.reader.read(rows, first); // what is wrong with the rows is wrong whoever answers
  const asked = await tryModel(session, primary, input);
  if (typeof asked !== "string") return { ...asked, source: "advanced", reason: null, by: primary };
  tellBroken(session, target, primary, asked);
  if (basic) {
    const simpler = await tryBasic(session, basic, rows, first);
    if (typeof simpler !== "string") return { ...simpler, source: "basic", reason: asked, by: basic };
    tellBroken(session, target, basic, simpler);
  }
  return { ...emergencyAnswer(target, rows, input.warnings), source: "emergency", reason: asked, by: primary };
}

/** The model's answer, or why it has none. Throws what is wrong with the rows. */
async function tryModel(session: Session, { version, file }: ServedModel, input: ReadRows): Promise<Answer | string> {
  let model = models.peek(version.content_hash);
  try {
    model ??= await models.load(session.store, file, version.content_hash);
  } catch (error) {
    return (error as Error).message;
  }
  try {
    return answerOf(model, input);
  } catch (error) {
    if (error instanceof DataError || error instanceof ParamsError || error instanceof ShapeError) throw error;
    return (error as Error).message;
  }
}

async function tryBasic(
  session: Session,
  basic: ServedModel,
  rows: readonly InputRow[],
  first: number,
): Promise<Answer | string> {
  try {
    return await tryModel(session, basic, basic.reader.read(rows, first));
  } catch (error) {
    return (error as Error).message; // rows that the asked version takes may lack what the simpler one needs
  }
}

function emergencyAnswer({ rule, prior, primary }: Served, rows: readonly InputRow[], warnings: readonly string[]): Answer {
  const { classes } = primary.version.signature;
  const answers = rows.map((row) => (rule ? answerByRule(rule, row as Record<string, WireCell>) : prior));
  const unknown = rule || prior ? [] : ["no model could answer, and no rule is set: there is no prediction"];
  const hasProba = answers.every((answer) => answer?.proba?.length === classes?.length);
  return {
    prediction: answers.map((answer) => answer?.prediction ?? null),
    prediction_proba: classes && hasProba ? answers.map((answer) => [...answer!.proba!]) : null,
    classes,
    warnings: [...warnings, ...unknown],
  };
}

/** What a model says of rows that were read. Throws Error for an answer that is no answer. */
export function answerOf(model: PredictorModel, { matrix, warnings }: ReadRows): Answer {
  const { predicted, proba } = judge(model, matrix);
  const odd = predicted.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) throw new Error(`model: it predicts ${predicted[odd]} for row ${odd}`);
  if (model.task === "regression")
    return { prediction: [...predicted], prediction_proba: null, classes: null, warnings: [...warnings] };
  const prediction = Array.from(predicted, (code) => model.classes[code]!);
  return { prediction, prediction_proba: proba ? rowsOf(proba) : null, classes: [...model.classes], warnings: [...warnings] };
}

function rowsOf({ rows, columns, data }: NonNullable<Verdict["proba"]>): number[][] {
  if (!data.every(Number.isFinite)) throw new Error("model: it gives probabilities that are no numbers");
  return Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));
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
  const model = await models.load(session.store, artifact.file, artifact.content_hash);
  const columns = model.columns.map(({ name, levels }) => ({ name, kind: "", ...(levels && { levels: [...levels] }) }));
  return answerOf(model, rowReader({ columns, target: model.target ?? null, classes: null }).read(rows));
}
