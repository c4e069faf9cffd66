import type { MetricSeries } from "../contract/training.ts";
import type { Session } from "../projects/session.ts";
import { metricSeries } from "./series.ts";

/** Points that are read in one go; thinning in the database costs a query a curve. */
const readAtOnce = 500_000;
/** Points of a curve that are read in any case: of a run under way nobody has counted them yet. */
const readAnyway = 1000;
/** Runs up to which that is memory's worth. */
const runsMost = 200;

/** The curves of many runs, each of at most `points` points: both ends, and of each stretch the lowest, the highest, and what is not finite. */
export async function comparedCurves(session: Session, ids: readonly string[], points: number): Promise<MetricSeries[]> {
  const whole = ids.length <= runsMost ? wholeUpTo(await lengthsOf(session, ids)) : points;
  const series = await metricSeries(session, ids, { points: Math.max(points, whole) });
  return series.filter(({ split }) => split !== "cv" && split !== "cv_mean").map((line) => thinned(line, points));
}

/** Points of each series, the shortest first. */
async function lengthsOf({ db }: Session, ids: readonly string[]): Promise<number[]> {
  const rows = await db
    .selectFrom("run_values")
    .select("points")
    .where("run_id", "in", [...ids])
    .where("kind", "=", "metric")
    .orderBy("points")
    .execute();
  return rows.map(({ points }) => Number(points));
}

/** The length up to which series are read whole so that all of them together stay within what is read in one go. */
function wholeUpTo(lengths: readonly number[]): number {
  let left = readAtOnce;
  for (const [k, length] of lengths.entries()) {
    const share = Math.floor(left / (lengths.length - k));
    if (length > share) return Math.max(readAnyway, share);
    left -= length;
  }
  return Math.max(readAnyway, lengths.at(-1) ?? 0);
}

function thinned(line: MetricSeries, most: number): MetricSeries {
  const { steps, values } = line;
  if (steps.length <= most) return line;
  const kept = new Set([0, steps.length - 1]);
  const stretches = Math.max(1, Math.floor((most - 2) / 3));
  for (let s = 0; s < stretches; s++) {
    const [begin, end] = [s, s + 1].map((each) => Math.floor((each * steps.length) / stretches)) as [number, number];
    let [low, high, odd] = [-1, -1, -1];
    for (let k = begin; k < end; k++) {
      const value = values[k]!;
      if (typeof value !== "number") odd = odd < 0 ? k : odd;
      else {
        if (low < 0 || value < (values[low] as number)) low = k;
        if (high < 0 || value > (values[high] as number)) high = k;
      }
    }
    for (const k of [low, high, odd]) if (k >= 0) kept.add(k);
  }
  const places = [...kept].sort((a, b) => a - b);
  return { ...line, steps: places.map((k) => steps[k]!), values: places.map((k) => values[k]!), thinned: true };
}
