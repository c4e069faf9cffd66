import { DataError, judge, NotFoundError, ParamsError, type PredictorModel, ShapeError, type Verdict } from "assay";
import { answerByRule } from "../contract/emergency-rule.ts";
import type { Prediction } from "../contract/models.ts";
import type { Cell as WireCell } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { outputsOf } from "./model-outputs.ts";
import { countPrediction } from "./prediction-counts.ts";
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
export type Answer = Pick<Prediction, "prediction" | "prediction_proba" | "classes" | "warnings" | "outputs">;

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
  return told(session, target, list, await answerRows(session, target, list), begin, options);
}

/**
 * The same for one row, without waiting: undefined where the version or its model is not in memory, and where the model does not answer, whatever the reason.
 * Throws DataError naming a missing or wrong field.
 */
export function predictNow(
  session: Session,
  ref: string,
  row: InputRow,
  options: PredictOptions = {},
): Omit<Prediction, "status"> | undefined {
  const begin = performance.now();
  const target = servedNow(session, ref);
  const model = target && models.peek(target.primary.version.content_hash);
  if (!model) return undefined;
  const rows = [row];
  const answer = askModel(model, target.primary.reader.read(rows));
  return typeof answer === "string" ? undefined : told(session, target, rows, byPrimary(target, answer), begin, options);
}

/** Logs an answer, and gives it as it is told. */
function told(
  session: Session,
  target: Served,
  rows: readonly InputRow[],
  answer: SourcedAnswer,
  begin: number,
  options: PredictOptions,
): Omit<Prediction, "status"> {
  const latencyMs = performance.now() - begin;
  const prediction_id = logAnswer(session, target, rows, answer, latencyMs, options);
  const { model_id, name, version } = answer.by.version;
  // field by field: copies of objects cost more than a model of few trees
  return {
    model_id,
    model: `${name}@${version}`,
    prediction: answer.prediction,
    prediction_proba: answer.prediction_proba,
    classes: answer.classes,
    warnings: answer.warnings,
    ...(answer.outputs && { outputs: answer.outputs }),
    source: answer.source,
    reason: answer.reason,
    prediction_id,
    latency_ms: latencyMs,
  };
}

/** Puts an answer into the log and gives its id. */
export function logAnswer(
  session: Session,
  { log }: Pick<Served, "log">,
  rows: readonly InputRow[],
  { by, source, reason, prediction, prediction_proba }: SourcedAnswer,
  latencyMs: number,
  { userId, abTestId, arm, shadow = false, jobId }: PredictOptions,
): string {
  if (!shadow) countPrediction(source);
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
  const { name, version, task_type } = primary.version;
  if (task_type === "recommendation")
    throw new ParamsError(`predict: ${name}@${version} is a recommender: ask it by POST /api/ml/recommend`);
  const input = primary.reader.read(rows, first); // what is wrong with the rows is wrong whoever answers
  const asked = await tryModel(session, primary, input);
  if (typeof asked !== "string") return byPrimary(target, asked);
  tellBroken(session, target, primary, asked);
  if (basic) {
    const simpler = await tryBasic(session, basic, rows, first);
    if (typeof simpler !== "string") return { ...simpler, source: "basic", reason: asked, by: basic };
    tellBroken(session, target, basic, simpler);
  }
  return { ...emergencyAnswer(target, rows, input.warnings), source: "emergency", reason: asked, by: primary };
}

function byPrimary({ primary }: Served, { prediction, prediction_proba, classes, warnings, outputs }: Answer): SourcedAnswer {
  const answer = { prediction, prediction_proba, classes, warnings, source: "advanced", reason: null, by: primary } as const;
  return outputs ? { ...answer, outputs } : answer;
}

/** The model's answer, or why it has none. Throws what is wrong with the rows. */
async function tryModel(session: Session, { version, file }: ServedModel, input: ReadRows): Promise<Answer | string> {
  let model = models.peek(version.content_hash);
  try {
    model ??= await models.load(session.store, file, version.content_hash);
  } catch (error) {
    return (error as Error).message;
  }
  return askModel(model, input);
}

/** The answer of a model that is in memory, or why it has none. Throws what is wrong with the rows. */
function askModel(model: PredictorModel, input: ReadRows): Answer | string {
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
  const prediction: WireCell[] = [];
  for (const code of predicted) prediction.push(model.classes[code]!);
  const outputs = outputsOf(model, matrix);
  const answer = {
    prediction,
    prediction_proba: proba ? rowsOf(proba) : null,
    classes: [...model.classes],
    warnings: [...warnings],
  };
  return outputs ? { ...answer, outputs } : answer;
}

function rowsOf({ rows, columns, data }: NonNullable<Verdict["proba"]>): number[][] {
  const shares: number[][] = [];
  for (let i = 0, at = 0; i < rows; i++) {
    const row: number[] = [];
    for (let k = 0; k < columns; k++, at++) {
      if (!Number.isFinite(data[at])) throw new Error("model: it gives probabilities that are no numbers");
      row.push(data[at]!);
    }
    shares.push(row);
  }
  return shares;
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
