import { meanEffect, sampleRatioTest } from "assay";
import { sql } from "kysely";
import type { AbMetric, AbResult } from "../contract/ab-tests.ts";
import type { Session } from "../projects/session.ts";
import { effectOf, effectOverTime, type Judge } from "./ab-effects.ts";
import { checkGuardrails } from "./ab-guardrails.ts";
import { shadowState } from "./ab-shadow.ts";
import { sumArms, sumsOf } from "./ab-sums.ts";
import { type AbTestRow, findAbTest, toAbTest } from "./ab-test-rows.ts";

/** Points of a curve over time. */
const pointsMost = 50;
/** Values of a segment's field that are shown: the most frequent. */
const segmentsMost = 20;
/** Below this always-valid p the sample ratio is wrong. */
const mismatchLevel = 0.001;

/**
 * What an A/B test has shown so far: exposures and their ratio, each metric's effect with a fixed and an always-valid interval, the effect over time
 * and by segment, the shadow's answers. It may be asked at any time; a guard-rail that is broken stops the test. A few passes over its people.
 */
export async function abResult(session: Session, ref: string): Promise<AbResult> {
  const first = await findAbTest(session, ref);
  const test = (await checkGuardrails(session, first)) === undefined ? first : await findAbTest(session, ref);
  const judge: Judge = { confidence: test.confidence, plannedUsers: test.planned_users };
  const exposures = await countExposures(session, test.id);
  const ratio = ratioOf(test, exposures);
  const metrics = test.shadow ? [] : (test.metrics as AbMetric[]);
  const time = { from: test.started_at ?? test.created_at, to: test.stopped_at ?? new Date(), parts: pointsMost };
  const ends = endsOf(time);
  const perMetric = await Promise.all(
    metrics.map(async (metric) => {
      const rows = await sumArms(session.db, { testId: test.id, metric, ...time });
      return {
        effect: effectOf(metric, sumsOf(rows, "a"), sumsOf(rows, "b"), judge),
        curve: effectOverTime(metric, rows, judge, ends),
      };
    }),
  );
  const segments = await Promise.all(test.segment_columns.map((column) => segmentsOf(session, test, metrics, column, judge)));
  return {
    test: toAbTest(test),
    exposures,
    sample_ratio: ratio,
    effects: perMetric.map(({ effect }) => effect),
    over_time: perMetric.map(({ curve }) => curve),
    segments: segments.flat(),
    shadow: test.shadow ? await shadowOf(session, test) : null,
    warnings: warningsOf(test, ratio, exposures),
  };
}

async function countExposures({ db }: Session, testId: string): Promise<{ a: number; b: number }> {
  const { rows } = await sql<{
    a: string;
    b: string;
  }>`select count(*) filter (where arm = 'a') as a, count(*) filter (where arm = 'b') as b
    from ab_assignments where ab_test_id = ${testId}`.execute(db);
  return { a: Number(rows[0]!.a), b: Number(rows[0]!.b) };
}

function ratioOf(
  { split_ratio, shadow }: AbTestRow,
  { a, b }: { readonly a: number; readonly b: number },
): AbResult["sample_ratio"] {
  const counts = shadow ? [0, 0] : [a, b];
  const { chiSquare, pValue, alwaysValidPValue } = sampleRatioTest(counts, [1 - split_ratio, split_ratio]);
  return {
    expected: split_ratio,
    observed: a + b > 0 ? b / (a + b) : null,
    chi_square: chiSquare,
    p_value: pValue,
    always_valid_p_value: alwaysValidPValue,
    mismatch: alwaysValidPValue < mismatchLevel,
  };
}

function endsOf({ from, to, parts }: { readonly from: Date; readonly to: Date; readonly parts: number }): Date[] {
  const span = Math.max(1, to.getTime() - from.getTime());
  return Array.from({ length: parts }, (_, part) => new Date(from.getTime() + Math.round((span * (part + 1)) / parts)));
}

async function segmentsOf(
  session: Session,
  test: AbTestRow,
  metrics: readonly AbMetric[],
  column: string,
  judge: Judge,
): Promise<AbResult["segments"]> {
  const time = { from: test.created_at, to: new Date(), parts: 1 };
  const perMetric = await Promise.all(
    metrics.map((metric) => sumArms(session.db, { testId: test.id, metric, ...time, segment: column })),
  );
  const sizes = new Map<string, number>();
  for (const { segment, count } of perMetric.flat()) if (segment !== null) sizes.set(segment, (sizes.get(segment) ?? 0) + count);
  const values = [...sizes].sort(([left, n], [right, m]) => m - n || (left < right ? -1 : 1)).slice(0, segmentsMost);
  return values.map(([value]) => ({
    column,
    value,
    effects: metrics.map((metric, k) => {
      const rows = perMetric[k]!.filter(({ segment }) => segment === value);
      return effectOf(metric, sumsOf(rows, "a"), sumsOf(rows, "b"), { ...judge, many: values.length });
    }),
  }));
}

async function shadowOf({ db }: Session, { id, confidence }: AbTestRow): Promise<AbResult["shadow"]> {
  const { rows } = await sql<{
    requests: string;
    failed: string;
    truths: string;
    agreement: number | null;
    latency_a: number | null;
    latency_b: number | null;
    score_a: number | null;
    score_b: number | null;
    difference: number | null;
    variance: number | null;
    last_error: string | null;
  }>`select count(*) as requests, count(error) as failed, count(score_b) as truths, avg(agreement) as agreement,
      avg(latency_a_ms) as latency_a, avg(latency_b_ms) as latency_b, avg(score_a) filter (where score_b is not null) as score_a, avg(score_b) as score_b,
      avg(score_b - score_a) as difference, var_samp(score_b - score_a) as variance,
      (array_agg(error order by at desc) filter (where error is not null))[1] as last_error
    from ab_shadows where ab_test_id = ${id}`.execute(db);
  const row = rows[0]!;
  const truths = Number(row.truths);
  const pairs = { count: truths, mean: row.difference ?? 0, variance: row.variance ?? 0 };
  // the same rows were answered by both: the interval is of their differences, against as many zeros
  const ends = truths >= 2 ? meanEffect({ ...pairs, mean: 0, variance: 0 }, pairs, { confidence }) : undefined;
  return {
    requests: Number(row.requests),
    failed: Number(row.failed),
    ...shadowState(id),
    agreement: row.agreement,
    latency_a_ms: row.latency_a,
    latency_b_ms: row.latency_b,
    truths,
    score_a: row.score_a,
    score_b: row.score_b,
    difference: ends ? { value: ends.difference, low: ends.low, high: ends.high } : null,
    last_error: row.last_error,
  };
}

function warningsOf(
  test: AbTestRow,
  ratio: AbResult["sample_ratio"],
  { a, b }: { readonly a: number; readonly b: number },
): string[] {
  const warnings: string[] = [];
  if (ratio.mismatch)
    warnings.push(
      `B has ${b} of ${a + b} people where a share of ${test.split_ratio} was asked for: assignment or logging is broken, no effect can be believed`,
    );
  if (
    !test.shadow &&
    (test.metrics as AbMetric[]).some(({ missing, window_hours }) => missing === "zero" && window_hours === null)
  )
    warnings.push(
      "people without an outcome count as 0, also those who came just now: window_hours lets each have the same time",
    );
  return warnings;
}
