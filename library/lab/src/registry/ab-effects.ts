import { meanEffect, type Sums, sequentialEffect, shareEffect } from "assay";
import type { AbEffect, AbMetric, AbResult } from "../contract/ab-tests.ts";
import { type ArmSums, sumsOf } from "./ab-sums.ts";

/** How a test's effects are judged. */
export interface Judge {
  readonly confidence: number;
  readonly plannedUsers: number;
  /** Effects that are looked at together: the always-valid p is multiplied by it, and the interval widened. Default 1. */
  readonly many?: number;
}

/** A metric's effect, B minus A. */
export function effectOf(metric: AbMetric, a: Sums, b: Sums, judge: Judge): AbEffect {
  const { name, kind, better } = metric;
  const hasBoth = a.count > 0 && b.count > 0;
  const difference = hasBoth ? b.mean - a.mean : null;
  const sequential = boundsOf(metric, a, b, judge);
  const sign = better === "higher" ? 1 : -1;
  const verdict = sequential.low === null ? 0 : sign * (sequential.low > 0 ? 1 : sequential.high! < 0 ? -1 : 0);
  return {
    metric: name,
    kind,
    better,
    a: shown(a),
    b: shown(b),
    difference,
    relative: difference !== null && a.mean !== 0 ? difference / Math.abs(a.mean) : null,
    fixed: fixedBounds(kind, a, b, judge.confidence),
    sequential,
    verdict: verdict > 0 ? "b" : verdict < 0 ? "a" : "undecided",
  };
}

/** The effect over time, by everybody who was exposed until then. */
export function effectOverTime(
  metric: AbMetric,
  rows: readonly ArmSums[],
  judge: Judge,
  ends: readonly Date[],
): AbResult["over_time"][number] {
  let least = 1;
  const points = ends.map((end, part) => {
    const until = rows.filter((row) => row.part <= part);
    const [a, b] = [sumsOf(until, "a"), sumsOf(until, "b")];
    const { low, high, p_value } = boundsOf(metric, a, b, judge);
    least = Math.min(least, p_value ?? 1);
    const difference = a.count > 0 && b.count > 0 ? b.mean - a.mean : null;
    return { at: end.toISOString(), users: a.count + b.count, difference, low, high, p_value: least };
  });
  return { metric: metric.name, points };
}

/** The always-valid interval and p; null while there are too few people. */
export function boundsOf(
  { kind }: AbMetric,
  a: Sums,
  b: Sums,
  { confidence, plannedUsers, many = 1 }: Judge,
): AbEffect["sequential"] {
  const options = { confidence: 1 - (1 - confidence) / many, plannedCount: plannedUsers, binary: kind === "binary" };
  const { low, high, pValue } = sequentialEffect(a, b, options);
  return Number.isFinite(low) ? { low, high, p_value: Math.min(1, pValue * many) } : { low: null, high: null, p_value: null };
}

function fixedBounds(kind: AbMetric["kind"], a: Sums, b: Sums, confidence: number): AbEffect["fixed"] {
  if (Math.min(a.count, b.count) < (kind === "binary" ? 1 : 2)) return { low: null, high: null, p_value: null };
  const ones = ({ mean, count }: Sums) => ({ ones: Math.round(mean * count), count });
  const { low, high, pValue } =
    kind === "binary" ? shareEffect(ones(a), ones(b), { confidence }) : meanEffect(a, b, { confidence });
  return { low, high, p_value: pValue };
}

function shown({ count, mean, variance }: Sums): AbEffect["a"] {
  return { users: count, mean: count > 0 ? mean : null, sd: count > 1 ? Math.sqrt(variance) : null };
}
