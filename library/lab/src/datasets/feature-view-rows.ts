import { createHash } from "node:crypto";
import { type Column, DataError, Table } from "assay";

/** The columns of a feature view that say whose and when. */
interface KeyColumns {
  readonly entity: string;
  readonly event_time: string;
}

/** Key and instant of every row; a row that lacks one of them has the empty key. */
interface RowKeys {
  readonly keys: readonly string[];
  /** Milliseconds since 1970. */
  readonly times: Float64Array;
}

/** Keys as text and instants as milliseconds. Throws DataError for a key that is no text, number or boolean, an instant that is no datetime. */
export function rowKeysOf(table: Table, { entity, event_time }: KeyColumns): RowKeys {
  const kind = table.kind(event_time);
  if (kind !== "datetime")
    throw Object.assign(new DataError(`features: column "${event_time}" must hold instants, it is ${kind}`), {
      field: "event_time",
    });
  if (table.kind(entity) === "datetime")
    throw Object.assign(new DataError(`features: column "${entity}" must hold texts, numbers or booleans, it is datetime`), {
      field: "entity",
    });
  const times = (table.column(event_time) as { readonly values: Float64Array }).values;
  const keys = table.values(entity).map((cell, i) => (cell === null || Number.isNaN(times[i]!) ? "" : String(cell)));
  return { keys, times };
}

/** Persons whose rows were erased, by the hash of their key, and until when. */
export type Erased = ReadonlyMap<string, number>;

/**
 * The rows that can be joined, by key and then by instant: those with a key and an instant; of several with the same, the last as the source gives
 * them; none of a person who was erased after it. O(n log n).
 */
export function orderedRows(table: Table, columns: KeyColumns, erased: Erased, projectId: string): Table {
  const { keys, times } = rowKeysOf(table, columns);
  const isErased = erasedTest(erased, projectId);
  const kept = Array.from(keys.keys()).filter((i) => keys[i] !== "" && !isErased(keys[i]!, times[i]!));
  kept.sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : times[a]! - times[b]! || a - b));
  const last = kept.filter((i, k) => {
    const next = kept[k + 1];
    return next === undefined || keys[next] !== keys[i] || times[next] !== times[i];
  });
  return table.take(last);
}

function erasedTest(erased: Erased, projectId: string): (key: string, time: number) => boolean {
  if (erased.size === 0) return () => false;
  const until = new Map<string, number>();
  return (key, time) => {
    let end = until.get(key);
    if (end === undefined) {
      const hash = createHash("sha256").update(`${projectId} ${key}`).digest("hex");
      end = erased.get(hash) ?? Number.NEGATIVE_INFINITY;
      until.set(key, end);
    }
    return time <= end;
  };
}

/** Rows of a column by number; −1 gives a missing cell. */
export function takeOrMissing(column: Column, rows: Int32Array): Column {
  switch (column.kind) {
    case "number":
    case "datetime":
      return { ...column, values: Float64Array.from(rows, (i) => (i < 0 ? Number.NaN : column.values[i]!)) };
    case "boolean":
      return { ...column, values: Uint8Array.from(rows, (i) => (i < 0 ? 255 : column.values[i]!)) };
    case "category":
      return { ...column, codes: Int32Array.from(rows, (i) => (i < 0 ? -1 : column.codes[i]!)) };
    case "text":
      return { ...column, values: Array.from(rows, (i) => (i < 0 ? null : column.values[i]!)) };
  }
}

/** What a point-in-time join found. */
interface Matched {
  /** The row of the features for each row that asked; −1 for none. */
  readonly rows: Int32Array;
  readonly matched: number;
  /** Rows for which all that was known is older than the bound. */
  readonly stale: number;
}

/**
 * For each row that asks, the newest row of its key whose instant is not after its own (equal counts as known) and not older than `ttlMs`: DuckDB's
 * ASOF join. The features must be ordered as by `orderedRows`. O((n + m) log m).
 */
export async function asOf(asks: RowKeys, known: RowKeys, ttlMs: number | null): Promise<Matched> {
  const codes = new Map<string, number>();
  for (const key of known.keys) if (!codes.has(key)) codes.set(key, codes.size);
  const side = ({ keys, times }: RowKeys): Table =>
    new Table([
      ["k", numbers(Float64Array.from(keys, (key) => codes.get(key) ?? -1))],
      ["t", numbers(times)],
      ["i", numbers(Float64Array.from(keys.keys()))],
    ]);
  const rows = new Int32Array(asks.keys.length).fill(-1);
  if (known.keys.length === 0 || rows.length === 0) return { rows, matched: 0, stale: 0 };
  const found = await side(asks).sql(
    "select a.i as i, f.i as j from self a asof join known f on a.k = f.k and a.t >= f.t where a.k >= 0",
    {
      known: side(known),
    },
  );
  const [i, j] = ["i", "j"].map((name) => (found.column(name) as { readonly values: Float64Array }).values) as [
    Float64Array,
    Float64Array,
  ];
  let [matched, stale] = [0, 0];
  for (let n = 0; n < i.length; n++) {
    const age = asks.times[i[n]!]! - known.times[j[n]!]!;
    if (ttlMs !== null && age > ttlMs) {
      stale++;
      continue;
    }
    rows[i[n]!] = j[n]!;
    matched++;
  }
  return { rows, matched, stale };
}

function numbers(values: Float64Array): Column {
  return { kind: "number", values };
}
