import { type RawBuilder, sql } from "kysely";
import type { Session } from "../projects/session.ts";
import { extremes } from "./stretches.ts";

/** One metric of one run. */
export interface Line {
  readonly run_id: string;
  readonly name: string;
  readonly split: string;
}

/** Points as PostgreSQL writes arrays: read in one go, a thousand times faster than rows. */
export interface Packed {
  readonly steps: string | null;
  readonly values: string | null;
  readonly times: string | null;
}

/** The points of a window: which they are, and between which steps when only steps bound it. */
interface Window {
  readonly condition: RawBuilder<boolean>;
  readonly bySteps: boolean;
}

/**
 * A long series thinned to `points`: both ends, and of each part of it the lowest and highest finite value and the first that is not finite. It is
 * drawn from the stored stretches where they are finer than what is asked for (O(stretches)), else from the points, in one pass over their index.
 */
export async function longSeries(
  { db }: Session,
  line: Line,
  points: number,
  { condition, bySteps }: Window,
  times: boolean,
): Promise<Packed> {
  const own = sql`m.run_id = ${line.run_id} and m.name = ${line.name} and m.split = ${line.split} and ${condition}`;
  const parts = Math.max(1, Math.floor((points - 2) / 3));
  const { rows } = await sql<{ low: string; high: string; shift: number | null }>`
    select (select m.step from run_metrics m where ${own} order by m.step limit 1) as low,
      (select m.step from run_metrics m where ${own} order by m.step desc limit 1) as high,
      (select shift from run_values where run_id = ${line.run_id} and kind = 'metric' and name = ${`${line.split}.${line.name}`}) as shift`.execute(
    db,
  );
  const ends = { low: Number(rows[0]!.low), high: Number(rows[0]!.high) };
  const shift = rows[0]!.shift;
  const isFine = bySteps && shift !== null && (ends.high - ends.low) / 2 ** shift >= parts;
  const kept = isFine ? fromStretches(line, own, ends, shift, parts) : fromPoints(own, ends, parts);
  const end = (order: "asc" | "desc") =>
    sql`(select m.step, m.value from run_metrics m where ${own} order by m.step ${sql.raw(order)}, m.id ${sql.raw(order)} limit 1)`;
  const instants = times
    ? sql`array_agg((select (extract(epoch from m.at) * 1000)::bigint from run_metrics m
        where ${own} and m.step = kept.step and m.value = kept.value order by m.id limit 1) order by kept.step)::text`
    : sql`null`;
  const { rows: packed } = await sql<Packed>`
    with kept as materialized (select * from ${end("asc")} a union select * from ${end("desc")} b union ${kept})
    select array_agg(kept.step order by kept.step)::text as steps, array_agg(kept.value order by kept.step)::text as values, ${instants} as times
    from kept`.execute(db);
  return packed[0]!;
}

interface Ends {
  readonly low: number;
  readonly high: number;
}

/** Extremes of the stretches that lie within, and of the two that are cut by the window's ends. */
function fromStretches(
  line: Line,
  own: RawBuilder<unknown>,
  { low, high }: Ends,
  shift: number,
  parts: number,
): RawBuilder<unknown> {
  const width = 2 ** shift;
  const [first, last] = [Math.floor(low / width), Math.floor(high / width)];
  const cut = (from: number, to: number) => sql`
    select ${from === low ? -1 : parts}::integer as part, ${from}::bigint as stretch, ends.low,
      (select m.step from run_metrics m where ${own} and m.step between ${from} and ${to} and m.value = ends.low order by m.step limit 1) as low_step,
      ends.high, (select m.step from run_metrics m where ${own} and m.step between ${from} and ${to} and m.value = ends.high order by m.step limit 1),
      odd.value, odd.step
    from (${extremes(sql`${own} and m.step between ${from} and ${to}`)}) ends
    left join lateral (select m.step, m.value from run_metrics m where ${own} and m.step between ${from} and ${to} and not m.value - m.value = 0
      order by m.step, m.id limit 1) odd on true`;
  return sql`select * from (
    with stretch as materialized (
      select floor((stretch - ${first})::double precision * ${sql.raw(String(parts))} / ${sql.raw(String(last - first + 1))})::integer as part,
        stretch, low, low_step, high, high_step, odd, odd_step
      from run_stretches where run_id = ${line.run_id} and name = ${line.name} and split = ${line.split}
        and stretch > ${first} and stretch < ${last}
      union all ${cut(low, (first + 1) * width - 1)}
      union all ${cut(last * width, high)}
    )
    (select distinct on (part) low_step as step, low as value from stretch where low is not null order by part, low, stretch)
    union (select distinct on (part) high_step, high from stretch where high is not null order by part, high desc, stretch)
    union (select distinct on (part) odd_step, odd from stretch where odd_step is not null order by part, stretch)
  ) found`;
}

/** Finer parts that are told apart in the one pass, so that finding where an extreme stands reads little more. */
const finer = 32;

function fromPoints(own: RawBuilder<unknown>, { low, high }: Ends, parts: number): RawBuilder<unknown> {
  const point = (what: string, condition: string) => sql`
    select found.* from chosen cross join lateral (
      select m.step, m.value from run_metrics m
      where ${own} and m.step between chosen.first and chosen.last and ${sql.raw(condition)} order by m.step, m.id limit 1
    ) found where chosen.what = ${what}`;
  return sql`select * from (
    with fine as materialized (
      select floor((m.step - ${low})::double precision * ${sql.raw(String(parts * finer))} / ${sql.raw(String(high - low + 1))})::integer as k,
        min(m.step) as first, max(m.step) as last,
        min(m.value) filter (where m.value - m.value = 0) as low, max(m.value) filter (where m.value - m.value = 0) as high,
        count(*) filter (where not m.value - m.value = 0) as odd
      from run_metrics m where ${own} group by 1
    ), part as (select *, k / ${sql.raw(String(finer))} as part from fine), chosen as (
      (select distinct on (part) 'low' as what, * from part where low is not null order by part, low, k)
      union all (select distinct on (part) 'high', * from part where high is not null order by part, high desc, k)
      union all (select distinct on (part) 'odd', * from part where odd > 0 order by part, k)
    )
    ${point("low", "m.value = chosen.low")} union ${point("high", "m.value = chosen.high")} union ${point("odd", "not m.value - m.value = 0")}
  ) found`;
}
