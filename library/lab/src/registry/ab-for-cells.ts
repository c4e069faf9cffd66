import type {
  AbMetric,
  AbResult,
  AbStop,
  AbTest,
  AbTestRequest,
  Arm,
  Outcome,
  OutcomeFileReport,
  OutcomeReport,
} from "../contract/ab-tests.ts";
import { display, htmlTable } from "../html.ts";
import type { Session } from "../projects/session.ts";
import { assignUser } from "./ab-exposures.ts";
import { reportOutcomes } from "./ab-outcomes.ts";
import { type ArmPrediction, predictForUser } from "./ab-predict.ts";
import { abResult } from "./ab-result.ts";
import { flushShadows } from "./ab-shadow.ts";
import { getAbTest, listAbTests } from "./ab-test-rows.ts";
import { createAbTest, startAbTest, stopAbTest } from "./ab-tests.ts";
import { reportOutcomeFile } from "./outcome-file.ts";
import type { InputRow } from "./read-rows.ts";

/** How a cell sets up an A/B test. */
export interface AbTestOptions {
  readonly name: string;
  /** The version that answers now, and the one that is tried: id, `name@1.0.0`, `name@alias`, or the version itself. */
  readonly a: string | { readonly model_id: string };
  readonly b: string | { readonly model_id: string };
  /** The share that B gets. Default 0.5. */
  readonly splitRatio?: number;
  /** B is asked beside A, logged, and never answers. Default false. */
  readonly shadow?: boolean;
  readonly description?: string;
  /** What it is judged by. Default: a binary "outcome", more is better. */
  readonly metrics?: readonly (Partial<AbMetric> & Pick<AbMetric, "name">)[];
  /** Fields of a person's first request to split the result by. */
  readonly segmentColumns?: readonly string[];
  /** Default the test's id. */
  readonly seed?: string;
  /** Default 0.95. */
  readonly confidence?: number;
  /** Where the always-valid interval is narrowest; `ml.sampleSize` says how many a difference needs. Default 5000. */
  readonly plannedUsers?: number;
  /** Default true; false leaves a draft. */
  readonly start?: boolean;
}

/** An A/B test in a cell's hand. */
export interface AbTestHandle extends AbTest {
  /** Predicts for a person by their arm. */
  predict(rows: InputRow | readonly InputRow[], options: { readonly userId?: string }): Promise<ArmPrediction>;
  /** A person's arm, recorded as an exposure, for programs that answer by themselves. */
  assign(userId: string, segments?: InputRow): Promise<{ readonly arm: Arm; readonly model_id: string }>;
  /** What it has shown so far; look as often as you like. */
  result(): Promise<AbResult>;
  start(): Promise<AbTestHandle>;
  /** Ends it; `{ winner: "b", promote: true }` puts B into production too. */
  stop(options?: AbStop): Promise<AbTestHandle>;
}

/** A/B tests as cells use them, a part of `lab.registry`. */
export interface AbTests {
  /** A test by name or id, or a new one of two versions. */
  abTest(test: string | AbTestOptions): Promise<AbTestHandle>;
  /** The newest first. */
  abTests(query?: { readonly status?: AbTest["test_status"]; readonly limit?: number }): Promise<readonly AbTest[]>;
  /** What came of predictions and people: `[{ prediction_id, truth }]`, `[{ user_id, metric, value }]`. */
  outcomes(outcomes: readonly Outcome[]): Promise<OutcomeReport>;
  /** True values from a CSV file: `prediction_id`, `outcome`, and `at` where it is known. Bad lines are told and stop no other. */
  outcomesFile(path: string): Promise<OutcomeFileReport>;
}

/** The A/B tests of a session. */
export function abTestsOf(session: Session): AbTests {
  return {
    abTest: async (test) =>
      handleOf(session, typeof test === "string" ? await getAbTest(session, test) : await createAbTest(session, requestOf(test))),
    abTests: async ({ status, limit } = {}) => (await listAbTests(session, { test_status: status, limit })).items,
    outcomes: (outcomes) => reportOutcomes(session, outcomes),
    outcomesFile: async (path) => shownOutcomeFile(await reportOutcomeFile(session, path)),
  };
}

/** An A/B test as the contract takes it. */
export function requestOf(options: AbTestOptions): AbTestRequest {
  const { name, a, b, splitRatio, segmentColumns, plannedUsers, metrics, ...rest } = options;
  const idOf = (version: string | { readonly model_id: string }): string =>
    typeof version === "string" ? version : version.model_id;
  return {
    ...rest,
    test_name: name,
    model_a_id: idOf(a),
    model_b_id: idOf(b),
    ...(splitRatio !== undefined && { split_ratio: splitRatio }),
    ...(segmentColumns && { segment_columns: [...segmentColumns] }),
    ...(plannedUsers !== undefined && { planned_users: plannedUsers }),
    ...(metrics && { metrics: [...metrics] }),
  };
}

/** How a file of outcomes was taken in, drawn in a notebook. */
export function shownOutcomeFile(report: OutcomeFileReport): OutcomeFileReport {
  const { errors, ...counts } = report;
  return display(report, () => htmlTable([counts]) + (errors.length > 0 ? htmlTable(errors) : ""));
}

function handleOf(session: Session, test: AbTest): AbTestHandle {
  const { id } = test;
  return {
    ...test,
    predict: (rows, options) => predictForUser(session, id, rows, options),
    assign: (userId, segments) => assignUser(session, id, userId, segments),
    async result() {
      await flushShadows(5000);
      return shownResult(await abResult(session, id));
    },
    start: async () => handleOf(session, await startAbTest(session, id)),
    stop: async (options) => handleOf(session, await stopAbTest(session, id, options)),
  };
}

/** The same result, which a notebook shows as tables. */
export function shownResult(result: AbResult): AbResult {
  return display(result, () => {
    const { effects, exposures, sample_ratio, segments, shadow, warnings } = result;
    const ends = (low: number | null, high: number | null): string =>
      low === null ? "too few people yet" : `${low.toPrecision(3)} … ${high!.toPrecision(3)}`;
    const rows = [
      ...effects.map((effect) => ({ part: "all", effect })),
      ...segments.flatMap(({ column, value, effects: own }) => own.map((effect) => ({ part: `${column} = ${value}`, effect }))),
    ].map(({ part, effect: { metric, a, b, difference, sequential, verdict } }) => ({
      people: part,
      metric,
      A: a.mean,
      B: b.mean,
      "B − A": difference,
      "always valid": ends(sequential.low, sequential.high),
      p: sequential.p_value,
      better: verdict,
    }));
    const people = [
      {
        A: exposures.a,
        B: exposures.b,
        "B's share": sample_ratio.observed,
        "asked for": sample_ratio.expected,
        p: sample_ratio.p_value,
      },
    ];
    const notes = warnings.map((warning) => ({ note: warning }));
    return [people, rows, shadow ? [{ ...shadow, difference: shadow.difference?.value ?? null }] : [], notes]
      .filter((table) => table.length > 0)
      .map((table) => htmlTable(table))
      .join("");
  });
}
