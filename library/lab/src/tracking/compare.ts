import { NotFoundError, ParamsError } from "assay";
import { sql } from "kysely";
import { type CompareRequest, type Comparison, comparedMost, type ParallelDimension } from "../contract/compare.ts";
import type { Run } from "../contract/training.ts";
import type { Session } from "../projects/session.ts";
import { compareConfusion, type StoredConfusion } from "./compare-confusion.ts";
import { comparedCurves } from "./compare-curves.ts";
import { metricRows, type RunFolds } from "./compare-metrics.ts";
import { differ, paramRows, paramsOf, type RunDetail } from "./compare-params.ts";
import { listRuns } from "./list-runs.ts";
import { runKey } from "./run-id.ts";
import { runRows, toRun } from "./runs.ts";

type Selection = Omit<CompareRequest, "ids"> & { readonly ids?: readonly string[] | undefined };

/** A run, or its id. */
export type RunRef = string | { readonly id: string };

/** Runs by themselves, by id or by a filter, as the contract takes them. */
export function comparedRuns(runs: readonly RunRef[] | CompareRequest): CompareRequest {
  const isListed = (asked: typeof runs): asked is readonly RunRef[] => Array.isArray(asked);
  return isListed(runs) ? { ids: runs.map((run) => (typeof run === "string" ? run : run.id)) } : runs;
}

/** Runs side by side, without the answer's status. */
export type RunComparison = Omit<Comparison, "status">;

/**
 * Runs side by side: what differs in what they were made from, metrics against a baseline with the spread over folds and a test
 * on the same folds, curves, axes of a plot in parallel coordinates, confusion matrices. Throws NotFoundError for an id that is
 * not there.
 */
export async function compareRuns(session: Session, request: readonly string[] | CompareRequest): Promise<RunComparison> {
  const asked: Selection = isList(request) ? { ids: request } : request;
  const runs = await runsOf(session, asked);
  const ids = runs.map(({ id }) => id);
  const baseline = asked.baseline === undefined ? 0 : ids.indexOf(runKey(asked.baseline));
  if (baseline < 0) throw new ParamsError(`compare: the baseline ${asked.baseline} must be one of the runs compared`);
  const [details, folds, series] = await Promise.all([
    detailsOf(session, ids),
    foldsOf(session, ids),
    comparedCurves(session, ids, asked.points ?? 300),
  ]);
  const params = paramRows(runs.map((run, k) => paramsOf(run, details[k]!)));
  const metrics = metricRows(
    runs,
    details.map(({ foldKey }, k) => ({ ...folds[k]!, key: foldKey })),
    baseline,
  );
  const { confusion, leftOut } = compareConfusion(
    ids,
    details.map((detail) => detail.confusion),
    baseline,
  );
  return {
    runs: [...runs],
    baseline: ids[baseline]!,
    params,
    metrics,
    series,
    parallel: dimensionsOf(params, metrics),
    confusion,
    left_out: leftOut === undefined ? [] : [leftOut],
  };
}

function isList(request: readonly string[] | CompareRequest): request is readonly string[] {
  return Array.isArray(request);
}

async function runsOf(session: Session, { ids, filter, experiment, sort, limit = 100 }: Selection): Promise<readonly Run[]> {
  if (!ids) {
    const { items } = await listRuns(session, { filter, experiment, sort, limit });
    if (items.length < 2) throw new NotFoundError(`compare: needs two runs at least, found ${items.length}`);
    return items;
  }
  const distinct = [...new Set(ids.map(runKey))];
  if (distinct.length < 2) throw new ParamsError(`compare: needs two runs at least, got ${distinct.length}`);
  if (distinct.length > comparedMost)
    throw new ParamsError(`compare: takes at most ${comparedMost} runs, got ${distinct.length}`);
  const rows = await runRows(session).where("r.id", "in", distinct).where("r.deleted_at", "is", null).execute();
  const byId = new Map(rows.map((row) => [row.id, toRun(row)]));
  return distinct.map((id) => {
    const run = byId.get(id);
    if (!run) throw new NotFoundError(`run: no run ${id}`);
    return run;
  });
}

interface Detail extends RunDetail {
  readonly foldKey: string | null;
  readonly confusion: StoredConfusion | null;
}

async function detailsOf({ db, projectId }: Session, ids: readonly string[]): Promise<Detail[]> {
  const rows = await db
    .selectFrom("runs as r")
    .leftJoin("dataset_versions as v", "v.id", "r.dataset_version_id")
    .select([
      "r.id",
      "r.environment",
      sql<Record<string, unknown> | null>`r.split -> 'recipe'`.as("recipe"),
      "r.features",
      "r.code",
      "r.seed",
      "r.target",
      "r.request",
      "v.content_hash",
      sql<StoredConfusion | null>`nullif(r.evaluation -> 'confusion', 'null')`.as("confusion"),
    ])
    .where("r.id", "in", [...ids])
    .where("r.project_id", "=", projectId)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const { environment, recipe, features, code, seed, target, request, content_hash, confusion } = byId.get(id)!;
    const folded = request as Record<string, unknown> | null;
    const key =
      content_hash !== null && folded?.["cv_folds"]
        ? [content_hash, target, recipe, folded["cv_folds"], folded["random_seed"], folded["group_column"], folded["time_column"]]
        : null;
    return {
      environment: environment as Record<string, unknown>,
      splitRecipe: recipe,
      features,
      code: code as Record<string, unknown> | null,
      seed: seed === null ? null : Number(seed),
      contentHash: content_hash,
      confusion,
      foldKey: key && JSON.stringify(key),
    };
  });
}

/** Values of each metric fold by fold. */
async function foldsOf({ db }: Session, ids: readonly string[]): Promise<Omit<RunFolds, "key">[]> {
  const rows = await db
    .selectFrom("run_metrics")
    .select(["run_id", "name", "step", "value"])
    .where("run_id", "in", [...ids])
    .where("split", "=", "cv")
    .orderBy("run_id")
    .orderBy("name")
    .orderBy("step")
    .orderBy("id")
    .limit(ids.length * 5000)
    .execute();
  const found = new Map(ids.map((id) => [id, new Map<string, number[]>()]));
  for (const { run_id, name, step, value } of rows) {
    const metrics = found.get(run_id)!;
    const values = metrics.get(name) ?? [];
    values[Number(step)] = value; // a fold that was scored again counts once
    metrics.set(name, values);
  }
  return ids.map((id) => ({ values: found.get(id)! }));
}

/** Axes of a plot in parallel coordinates at most. */
const axesMost = 16;

/** What differs among the parameters, then the metrics of the test: an axis each. */
function dimensionsOf(params: RunComparison["params"], metrics: RunComparison["metrics"]): ParallelDimension[] {
  const made = params.filter(({ differs, group }) => differs && group !== "environment");
  const shown = metrics.filter(({ name, values }) => name.startsWith("test.") && differ(values));
  const axes = [...made.slice(0, axesMost / 2), ...(shown.length > 0 ? shown : metrics.filter(({ differs }) => differs))];
  return axes.slice(0, axesMost).map(({ name, values }) => {
    const numeric = values.every((value) => value === null || typeof value === "number" || value === "NaN");
    if (numeric)
      return { name, kind: "number", values: values.map((value) => (typeof value === "number" ? value : null)), levels: null };
    const texts = values.map((value) => (value === null ? null : typeof value === "string" ? value : JSON.stringify(value)));
    const levels = [...new Set(texts.filter((text) => text !== null))].sort();
    return { name, kind: "category", values: texts.map((text) => (text === null ? null : levels.indexOf(text))), levels };
  });
}
