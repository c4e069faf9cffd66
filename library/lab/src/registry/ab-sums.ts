import type { Sums } from "assay";
import { type RawBuilder, sql } from "kysely";
import type { AbMetric, Arm } from "../contract/ab-tests.ts";
import type { Database, Work } from "../db/database.ts";

/** Values of an arm's people who were exposed in one part of the time. */
export interface ArmSums extends Sums {
  readonly arm: Arm;
  /** Part of the time, from 0. */
  readonly part: number;
  /** Of the segment that was asked for. */
  readonly segment: string | null;
}

/** What is summed up. */
interface SumOptions {
  readonly testId: string;
  readonly metric: AbMetric;
  /** Ends of the time that is cut into `parts`. */
  readonly from: Date;
  readonly to: Date;
  readonly parts: number;
  /** A field by whose values people are told apart. */
  readonly segment?: string | undefined;
}

/** One number a person (outcomes since the exposure alone), summed by arm, part of the time and segment. One pass over the test's people. */
export async function sumArms(db: Database | Work, { testId, metric, from, to, parts, segment }: SumOptions): Promise<ArmSums[]> {
  const windowed =
    metric.window_hours === null ? sql`` : sql`and o.at <= a.exposed_at + make_interval(secs => ${metric.window_hours * 3600})`;
  const ripe =
    metric.window_hours === null ? sql`` : sql`and a.exposed_at <= now() - make_interval(secs => ${metric.window_hours * 3600})`;
  const value = metric.missing === "zero" ? sql`coalesce(o.value, 0)` : sql`o.value`;
  const { rows } = await sql<{ arm: Arm; part: number; segment: string | null; n: string; mean: number; variance: number }>`
    with people as (
      select a.arm, a.exposed_at, ${segment === undefined ? sql`null::text` : sql`a.segments ->> ${segment}`} as segment, ${value} as value
      from ab_assignments a left join lateral (
        select ${aggregate(metric)} as value from ab_outcomes o
        where o.project_id = a.project_id and o.user_key = a.user_key and o.metric = ${metric.name} and o.at >= a.exposed_at ${windowed}
      ) o on true
      where a.ab_test_id = ${testId} ${ripe}
    )
    select arm, least(${parts - 1}, greatest(0, floor(extract(epoch from exposed_at - ${from}::timestamptz)
        / greatest(0.001, extract(epoch from ${to}::timestamptz - ${from}::timestamptz)) * ${parts})))::integer as part,
      segment, count(*) as n, avg(value) as mean, coalesce(var_samp(value), 0) as variance
    from people where value is not null group by 1, 2, 3 order by 2, 1, 3 limit 100000`.execute(db);
  return rows.map(({ n, ...row }) => ({ ...row, count: Number(n) }));
}

function aggregate({ kind, aggregate: how }: AbMetric): RawBuilder<number> {
  if (kind === "binary") return sql`max((o.value <> 0)::integer)::float8`;
  if (how === "first") return sql`(array_agg(o.value order by o.at, o.outcome_key))[1]`;
  if (how === "last") return sql`(array_agg(o.value order by o.at desc, o.outcome_key desc))[1]`;
  return sql`${sql.raw({ sum: "sum", mean: "avg", max: "max" }[how])}(o.value)::float8`;
}

/** Sums of two sets of values as one. Source: Chan, Golub & LeVeque (1979). */
function merged(a: Sums, b: Sums): Sums {
  const count = a.count + b.count;
  if (a.count === 0 || b.count === 0) return a.count === 0 ? b : a;
  const off = b.mean - a.mean;
  const squares = a.variance * (a.count - 1) + b.variance * (b.count - 1) + (off * off * a.count * b.count) / count;
  return { count, mean: a.mean + (off * b.count) / count, variance: squares / (count - 1) };
}

/** No values. */
const nothing: Sums = { count: 0, mean: 0, variance: 0 };

/** The sums of an arm, of all parts and segments that are kept. */
export function sumsOf(rows: readonly ArmSums[], arm: Arm): Sums {
  return rows.filter((row) => row.arm === arm).reduce<Sums>(merged, nothing);
}
