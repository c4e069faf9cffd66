import { type Engine, identifier } from "../../engine/index.ts";
import type { DatasetColumnSpec } from "./column.ts";
import { datasetColumns } from "./columns.ts";
import { dateOf } from "./steps/portable-sql.ts";

/** Rows of each side that drift and histograms are of, about. */
const sampleRows = 100_000;
/** Shares below this are taken for it, so that an empty bin does not make the index infinite. */
const leastShare = 1e-4;

/** What a column holds on one side. */
interface ColumnFigures {
  readonly missing: number;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly least: number | null;
  readonly greatest: number | null;
}

/** Bars: names and how many rows of each side. */
export interface Bars {
  readonly names: readonly string[];
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** Everything that checks and the quality report tell of a dataset. */
export interface DatasetFigures {
  readonly rows: Readonly<Record<"train" | "test", number>>;
  readonly columns: ReadonlyMap<string, Readonly<Record<"train" | "test", ColumnFigures>>>;
  /** Population stability index of each column from train to test (Siddiqi 2006): below 0.1 little has moved, above 0.25 much has. */
  readonly drift: ReadonlyMap<string, number>;
  /** Rows by engagement score, of both sides together. */
  readonly engagement: ReadonlyMap<number, number>;
  /** Share of booked rows. */
  readonly bookingRate: number;
  /** Share of booked rows among those that were shown. */
  readonly shownBookingRate: number;
  readonly sampledRows: number;
  readonly bars: ReadonlyMap<string, Bars>;
  readonly bookingByWeek: readonly { readonly week: string; readonly rate: number; readonly rows: number }[];
  /** From the first to the last moment of each side. */
  readonly span: Readonly<Record<"train" | "test", readonly [string, string]>>;
}

const sides = ["train", "test"] as const;
/** Columns whose bars the report draws. */
export const drawnColumns = [
  "engagement_score",
  "user_budget_level",
  "item_budget",
  "item_popularity_score",
  "item_popularity",
  "primary_segment",
  "user_age_group",
  "user_region",
  "user_category",
  "season",
  "similarity_cosine",
] as const;

/** Measures the tables `train` and `test` of an engine: every figure is an aggregate, rows stay where they are. */
export async function measureDataset(engine: Engine): Promise<DatasetFigures> {
  const whole = new Map<string, Record<"train" | "test", ColumnFigures>>(
    datasetColumns.map(({ name }) => [name, {} as Record<"train" | "test", ColumnFigures>]),
  );
  const rows = { train: 0, test: 0 };
  const span = { train: ["", ""] as [string, string], test: ["", ""] as [string, string] };
  for (const side of sides) {
    const [found] = await engine.sql(
      `select count(*) as rows, cast(min(shown_at) as string) as first, cast(max(shown_at) as string) as last, ${datasetColumns.flatMap(aggregates).join(", ")} from ${side}`,
    );
    rows[side] = Number(found!["rows"]);
    span[side] = [String(found!["first"]), String(found!["last"])];
    const figure = (key: string): number | null =>
      found![key] === undefined || found![key] === null ? null : Number(found![key]);
    for (const [j, { name }] of datasetColumns.entries())
      whole.get(name)![side] = {
        missing: rows[side] - figure(`m${j}`)!,
        mean: figure(`a${j}`),
        sd: figure(`s${j}`),
        least: figure(`l${j}`),
        greatest: figure(`g${j}`),
      };
  }
  await sample(engine, rows);
  const both = "(select * from train union all select * from test) both_sides";
  const engagement = await engine.sql(
    `select engagement_score as score, count(*) as n, count(*) filter (where is_negative_sample) as drawn from ${both} group by 1 order by 1`,
  );
  const all = rows.train + rows.test;
  const sampledRows = engagement.reduce((sum, { drawn }) => sum + Number(drawn), 0);
  const booked = Number(engagement.find(({ score }) => score === 5)?.["n"] ?? 0);
  const weeks = await engine.sql(
    `select cast(${dateOf("date_trunc('week', shown_at)")} as string) as week, count(*) as n, avg(booking_probability) as rate from ${both}
     where not is_negative_sample group by 1 order by 1`,
  );
  return {
    rows,
    span,
    columns: whole,
    drift: await driftOf(engine, await edgesOf(engine)),
    engagement: new Map(engagement.map(({ score, n }) => [Number(score), Number(n)])),
    bookingRate: booked / all,
    shownBookingRate: booked / Math.max(1, all - sampledRows),
    sampledRows,
    bars: await barsOf(engine),
    bookingByWeek: weeks.map(({ week, n, rate }) => ({ week: String(week), rows: Number(n), rate: Number(rate) })),
  };
}

function aggregates({ name, type }: DatasetColumnSpec, j: number): string[] {
  const column = identifier(name);
  const there = `count(${column}) as m${j}`;
  if (type !== "number" && type !== "integer") return [there];
  return [
    there,
    `avg(${column}) as a${j}`,
    `stddev_pop(cast(${column} as double)) as s${j}`,
    `min(${column}) as l${j}`,
    `max(${column}) as g${j}`,
  ];
}

/** Columns that bins are of. */
const binned = datasetColumns.filter(({ type }) => type !== "instant" && type !== "text");

/** Holds the rows whose id begins low enough, the same at every run: columns that bins are of, and the side. */
async function sample(engine: Engine, rows: Readonly<Record<"train" | "test", number>>): Promise<void> {
  const columns = binned.map(({ name }) => identifier(name)).join(", ");
  const parts = sides.map((side) => {
    const share = Math.min(1, sampleRows / Math.max(1, rows[side]));
    const below = Math.floor(share * 0xffff_ffff)
      .toString(16)
      .padStart(8, "0");
    return `select ${columns}, ${side === "test"} as is_test from ${side} where interaction_id < '${share === 1 ? "g" : below}'`;
  });
  await engine.hold("dataset_sample", parts.join(" union all "));
}

/** Deciles of the training rows, each once, of columns of numbers. */
async function edgesOf(engine: Engine): Promise<ReadonlyMap<string, readonly number[]>> {
  const asked = binned.filter(({ type }) => type === "number" || type === "integer");
  const deciles = (column: string): string =>
    Array.from(
      { length: 9 },
      (_, k) => `cast(percentile_disc(${(k + 1) / 10}) within group (order by ${column}) as double) as q${k}`,
    ).join(", ");
  const found = await engine.sql(
    asked
      .map(({ name }) => `select '${name}' as name, ${deciles(identifier(name))} from dataset_sample where not is_test`)
      .join(" union all "),
  );
  return new Map(
    found.map(({ name, ...edges }) => [
      String(name),
      [...new Set(Object.values(edges).filter((edge) => edge !== null))] as readonly number[],
    ]),
  );
}

/** Bins of a column as SQL: its own values, or deciles of the training rows. */
function binOf({ name, type }: DatasetColumnSpec, edges: readonly number[] = []): string {
  const column = identifier(name);
  if (type === "category" || type === "boolean") return `coalesce(cast(${column} as string), 'missing')`;
  const steps = edges.map((edge) => `case when ${column} > ${edge} then 1 else 0 end`);
  return `case when ${column} is null then 'missing' else cast(${steps.length > 0 ? steps.join(" + ") : "0"} as string) end`;
}

/** Rows of each side by bin, of columns and their bins: one query for all. */
async function counted(
  engine: Engine,
  bins: readonly (readonly [name: string, bin: string])[],
): Promise<ReadonlyMap<string, readonly { readonly bin: string; readonly a: number; readonly b: number }[]>> {
  const found = await engine.sql(
    bins
      .map(
        ([name, bin]) =>
          `select '${name}' as name, bin, sum(case when is_test then 0 else 1 end) as a, sum(case when is_test then 1 else 0 end) as b
           from (select cast(${bin} as string) as bin, is_test from dataset_sample) each_row where bin is not null group by bin`,
      )
      .join(" union all "),
  );
  const rows = found.map(({ name, bin, a, b }) => ({ name: String(name), bin: String(bin), a: Number(a), b: Number(b) }));
  return Map.groupBy(rows, ({ name }) => name);
}

async function driftOf(engine: Engine, edges: ReadonlyMap<string, readonly number[]>): Promise<ReadonlyMap<string, number>> {
  const counts = await counted(
    engine,
    binned.map((column) => [column.name, binOf(column, edges.get(column.name))]),
  );
  return new Map(
    binned.map(({ name }) => {
      // in one order, so that the sum has the same bits at every run
      const rows = (counts.get(name) ?? []).toSorted((left, right) => (left.bin < right.bin ? -1 : 1));
      const [a, b] = [rows.reduce((sum, row) => sum + row.a, 0), rows.reduce((sum, row) => sum + row.b, 0)];
      const index = rows.reduce((sum, row) => {
        const p = Math.max(leastShare, row.a / Math.max(1, a));
        const q = Math.max(leastShare, row.b / Math.max(1, b));
        return sum + (q - p) * Math.log(q / p);
      }, 0);
      return [name, index];
    }),
  );
}

const barsMost = 20;

async function barsOf(engine: Engine): Promise<ReadonlyMap<string, Bars>> {
  const drawn = drawnColumns.map((name) => {
    const { type, range } = datasetColumns.find((column) => column.name === name)!;
    const column = identifier(name);
    const [least, most] = type === "number" ? (range as readonly [number, number]) : [0, 1];
    const width = (most - least) / barsMost;
    const bin = type === "number" ? `cast(least(${barsMost - 1}, floor((${column} - ${least}) / ${width})) as int)` : column;
    const title = (bin: string): string => (type === "number" ? (least + width * (Number(bin) + 0.5)).toFixed(3) : bin);
    const levels = type === "category" ? ((range ?? []) as readonly string[]) : [];
    return { name, bin, title, levels, isNumber: type === "number" || type === "integer" };
  });
  const counts = await counted(
    engine,
    drawn.map(({ name, bin }) => [name, bin]),
  );
  return new Map(
    drawn.map(({ name, title, levels, isNumber }) => {
      const rows = (counts.get(name) ?? [])
        .toSorted((left, right) =>
          isNumber
            ? Number(left.bin) - Number(right.bin)
            : levels.indexOf(left.bin) - levels.indexOf(right.bin) ||
              right.a + right.b - left.a - left.b ||
              (left.bin < right.bin ? -1 : 1),
        )
        .slice(0, barsMost);
      return [name, { names: rows.map(({ bin }) => title(bin)), train: rows.map(({ a }) => a), test: rows.map(({ b }) => b) }];
    }),
  );
}
