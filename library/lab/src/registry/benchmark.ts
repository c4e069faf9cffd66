import { compareModelsOn, type MetricInterval, metricByName, ParamsError, type PredictorModel, score, type Table } from "assay";
import { type Benchmark, benchmarkRequest } from "../contract/models.ts";
import { toMetricValue } from "../contract/values.ts";
import { datasetTable, openSplit } from "../datasets/index.ts";
import type { Session } from "../projects/session.ts";
import { readModelFile } from "./model-cache.ts";
import { answerOf } from "./predict.ts";
import { type InputRow, rowReader } from "./read-rows.ts";
import { findVersion, toVersion } from "./versions.ts";

type Item = Benchmark["items"][number];

/**
 * Versions on the same rows of one dataset: metrics, the chosen one with its interval, the difference to the first version on the same
 * resamples, the time of a single row and of many. A version whose file is broken is listed with its error. Throws ParamsError, NotFoundError.
 */
export async function benchmarkVersions(
  session: Session,
  body: Parameters<typeof benchmarkRequest.parse>[0],
): Promise<Benchmark> {
  const parsed = benchmarkRequest.safeParse(body);
  if (!parsed.success)
    throw new ParamsError(`benchmark: ${parsed.error.issues[0]!.path.join(".")}: ${parsed.error.issues[0]!.message}`);
  const request = parsed.data;
  const { table, dataset } = await rowsOf(session, request);
  const sides = await Promise.all(request.model_ids.map((ref) => openSide(session, ref)));
  const first = sides[0]!;
  const task = first.version.task_type;
  const other = sides.find(({ version }) => version.task_type !== task);
  if (other)
    throw new ParamsError(
      `benchmark: versions must have one task, ${first.cited} is for ${task}, ${other.cited} for ${other.version.task_type}`,
    );
  if (task === "recommendation")
    throw new ParamsError(
      `benchmark: ${first.cited} is a recommender, it has no rows to predict: compare recommenders by POST /api/ml/recommend/compare`,
    );
  const metric = metricByName(request.metric ?? (task === "classification" ? "accuracy" : "r2"), task);
  const items: Item[] = [];
  for (const side of sides) items.push(await measure(side, first, table, metric.name, request.latency_calls));
  return { metric: metric.name, greater_is_better: metric.greaterIsBetter, rows: table.rows, dataset, items };
}

interface Side {
  readonly version: ReturnType<typeof toVersion>;
  readonly cited: string;
  readonly model: PredictorModel | undefined;
  readonly error: string | null;
}

async function rowsOf(
  session: Session,
  request: ReturnType<typeof benchmarkRequest.parse>,
): Promise<{ table: Table; dataset: string }> {
  const { dataset_id, split_id, part, max_rows, seed } = request;
  if ((dataset_id === undefined) === (split_id === undefined))
    throw new ParamsError("benchmark: needs either dataset_id or split_id");
  const whole = split_id === undefined ? await datasetTable(session, dataset_id!) : (await openSplit(session, split_id))[part];
  if (whole.rows === 0) throw new ParamsError(`benchmark: the split has no ${part} rows`);
  const table = whole.rows > max_rows ? whole.sample(max_rows, { seed }) : whole;
  return { table, dataset: dataset_id ?? `${split_id} (${part})` };
}

async function openSide(session: Session, ref: string): Promise<Side> {
  const row = await findVersion(session, ref);
  const version = toVersion(row);
  const cited = `${version.name}@${version.version}`;
  try {
    return { version, cited, model: (await readModelFile(session.store, row.file, row.content_hash)).model, error: null };
  } catch (error) {
    return { version, cited, model: undefined, error: (error as Error).message };
  }
}

async function measure(
  { version, cited, model, error }: Side,
  first: Side,
  table: Table,
  metric: string,
  calls: number,
): Promise<Item> {
  const item = { model_id: version.model_id, model: cited, algorithm: version.algorithm, size_bytes: version.size_bytes };
  const none = { metrics: {}, score: null, difference: null, latency_ms: { p50: 0, p95: 0, p99: 0 }, rows_per_second: 0 };
  if (!model) return { ...item, ...none, error };
  const begin = performance.now();
  model.predict(table);
  const rate = table.rows / Math.max(1e-6, (performance.now() - begin) / 1000);
  const against = first.model && first.model !== model ? first.model : undefined;
  const pair = await compareModelsOn(table, model, against ?? model, { metric, limit: 0 });
  const scores = Object.entries(score(model, table)).map(([name, value]) => [name, toMetricValue(value as number)] as const);
  return {
    ...item,
    metrics: Object.fromEntries(scores),
    score: shown(pair.a),
    difference: against ? { ...shown(pair.difference), p_value: pair.pValue } : null,
    latency_ms: timed(model, version.signature, table, calls),
    rows_per_second: Math.round(rate),
    error: null,
  };
}

function shown({ value, low, high }: MetricInterval): { value: number; low: number; high: number } {
  return { value, low, high };
}

/** Milliseconds of single rows, read and answered as a request's are. */
function timed(model: PredictorModel, signature: Side["version"]["signature"], table: Table, calls: number): Item["latency_ms"] {
  const reader = rowReader(signature);
  const times: number[] = [];
  for (let k = -10; k < calls; k++) {
    const row = table.row((((k % table.rows) + table.rows) * 7919) % table.rows) as InputRow;
    const begin = performance.now();
    answerOf(model, reader.read([row]));
    if (k >= 0) times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))]!;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
