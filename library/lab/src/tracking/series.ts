import { type RawBuilder, sql } from "kysely";
import { type SystemSeries, systemSplit } from "../contract/system-metrics.ts";
import type { MetricSeries } from "../contract/training.ts";
import { toMetricValue } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { type Line, longSeries, type Packed } from "./long-series.ts";
import { checkRun, runKey } from "./run-id.ts";
import { summariseRun } from "./summary.ts";

/** Which part of curves is asked for. */
export interface SeriesOptions {
  /** Points of a series at most; default 1,000, fewer where many series are asked for. */
  readonly points?: number | undefined;
  /** First and last step. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** First and last instant. */
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  /** As "split.name"; default all but what the machine did, the split `system`. */
  readonly names?: readonly string[] | undefined;
  /** Whether each point's instant is told. */
  readonly times?: boolean | undefined;
}

/** Points of all series together, where no number is given. */
const pointsInAll = 100_000;
/** Series in one answer at most. */
const linesMost = 5000;

/**
 * Metrics of runs by step, whole or in a window; of long ones at most `points`: both ends, and of each stretch its lowest and highest finite
 * value and the first that is not finite, each a point that was logged. O(points asked for) for short series; a long one is drawn from its stretches.
 */
export async function metricSeries(
  session: Session,
  runIds: readonly string[],
  options: SeriesOptions = {},
): Promise<MetricSeries[]> {
  const { names } = options;
  const wanted = names ? sql<boolean>`split || '.' || name = any(${[...names]}::text[])` : sql<boolean>`split <> ${systemSplit}`;
  return chosenSeries(session, runIds, wanted, options);
}

async function chosenSeries(
  session: Session,
  runIds: readonly string[],
  wanted: RawBuilder<boolean>,
  options: SeriesOptions,
): Promise<MetricSeries[]> {
  if (runIds.length === 0) return [];
  const lines = await linesOf(session, [...new Set(runIds.map(runKey))], wanted);
  const points = Math.max(3, options.points ?? Math.max(50, Math.min(1000, Math.floor(pointsInAll / Math.max(1, lines.length)))));
  const short = await shortSeries(session, lines, points, options);
  const found = short.map(unpack);
  const long = new Set(lines.filter((_, k) => found[k]!.steps.length > points).map(({ run_id }) => run_id));
  for (const runId of long) await summariseRun(session.db, runId); // its stretches reach up to now
  const window = { condition: within(options), bySteps: options.since === undefined && options.until === undefined };
  return Promise.all(
    lines.map(async (line, k) => {
      const isLong = found[k]!.steps.length > points;
      const packed = isLong && (await longSeries(session, line, points, window, options.times ?? false));
      const { steps, values, times } = packed ? unpack(packed) : found[k]!;
      return {
        ...line,
        steps,
        values: values.map(toMetricValue),
        ...(options.times && { times }),
        ...(isLong && { thinned: true }),
      };
    }),
  );
}

/** The series of runs, found by leaping from name to name in the index. */
async function linesOf({ db, projectId }: Session, runIds: readonly string[], wanted: RawBuilder<boolean>): Promise<Line[]> {
  const { rows } = await sql<Line>`
    with recursive line as (
      select r.id as run_id, f.name, f.split from runs r
      cross join lateral (select name, split from run_metrics where run_id = r.id order by name, split limit 1) f
      where r.id in (${sql.join(runIds)}) and r.project_id = ${projectId}
      union all
      select line.run_id, f.name, f.split from line
      cross join lateral (
        select name, split from run_metrics m where m.run_id = line.run_id and (m.name, m.split) > (line.name, line.split)
        order by name, split limit 1
      ) f
    )
    select * from line where ${wanted}
    order by run_id, name, split limit ${linesMost}`.execute(db);
  return rows;
}

function within({ from, to, since, until }: SeriesOptions): RawBuilder<boolean> {
  const bounds = [
    from === undefined ? undefined : sql`m.step >= ${from}`,
    to === undefined ? undefined : sql`m.step <= ${to}`,
    since === undefined ? undefined : sql`m.at >= ${since}`,
    until === undefined ? undefined : sql`m.at <= ${until}`,
  ].filter((bound) => bound !== undefined);
  return sql<boolean>`${bounds.length === 0 ? sql`true` : sql.join(bounds, sql` and `)}`;
}

/** The first points of each series, one more than wanted: whoever has that many is long. */
async function shortSeries(
  { db }: Session,
  lines: readonly Line[],
  points: number,
  options: SeriesOptions,
): Promise<readonly Packed[]> {
  if (lines.length === 0) return [];
  const columns = [lines.map(({ run_id }) => run_id), lines.map(({ name }) => name), lines.map(({ split }) => split)];
  const { rows } = await sql<Packed>`
    select p.* from unnest(${columns[0]}::uuid[], ${columns[1]}::text[], ${columns[2]}::text[]) with ordinality as line (run_id, name, split, k)
    cross join lateral (
      select array_agg(step)::text as steps, array_agg(value)::text as values, ${options.times ? milliseconds(sql`at`) : sql`null`} as times
      from (
        select step, value${options.times ? sql`, at` : sql``} from run_metrics m
        where m.run_id = line.run_id and m.name = line.name and m.split = line.split and ${within(options)}
        order by step, id limit ${points + 1}
      ) first
    ) p
    order by line.k`.execute(db);
  return rows;
}

function milliseconds(at: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`array_agg((extract(epoch from ${at}) * 1000)::bigint)::text`;
}

function unpack({ steps, values, times }: Packed): { steps: number[]; values: number[]; times: number[] } {
  const numbers = (text: string | null): number[] =>
    text === null || text === "{}" ? [] : text.slice(1, -1).split(",").map(Number);
  return { steps: numbers(steps), values: numbers(values), times: numbers(times) };
}

/** Curves of one run; throws NotFoundError for a run that is not there. */
export async function runSeries(session: Session, id: string, options: SeriesOptions = {}): Promise<MetricSeries[]> {
  await checkRun(session, id);
  return metricSeries(session, [id], options);
}

/** What the process and machine of a run did by time, the curves of the split `system`; throws NotFoundError for a run that is not there. */
export async function systemSeries(
  session: Session,
  id: string,
  options: Pick<SeriesOptions, "points" | "since" | "until"> = {},
): Promise<SystemSeries[]> {
  await checkRun(session, id);
  const series = await chosenSeries(session, [id], sql<boolean>`split = ${systemSplit}`, { ...options, times: true });
  return series.map((line) => ({ ...line, times: line.times! }));
}

/** When a run's first sample was taken, in milliseconds since 1970; undefined where none was. */
export async function firstSample({ db, projectId }: Session, id: string): Promise<number | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(m.at) as at from run_metrics m join runs r on r.id = m.run_id
    where r.id = ${id} and r.project_id = ${projectId} and m.name = 'memory_mb' and m.split = ${systemSplit}`.execute(db);
  return rows[0]?.at?.getTime();
}
