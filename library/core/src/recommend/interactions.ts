import { checkKeys } from "../base/check-keys.ts";
import type { TableLike } from "../base/columns.ts";
import { displayable } from "../base/display.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { sharedFloat64, sharedInt32 } from "../numeric/matrix.ts";
import { countOf, encodeIds, type IdList } from "./ids.ts";

/** Which columns of a table say who took what. */
export interface InteractionColumns {
  /** Names the user; default "user". */
  readonly user?: string | undefined;
  /** Names the item; default "item". */
  readonly item?: string | undefined;
  /** How much: a count, a rating, a weight > 0; without it every row counts 1. */
  readonly value?: string | undefined;
  /** When: instants, or numbers in `timeUnit`s since 1970. */
  readonly time?: string | undefined;
  /** Unit of a time column of numbers; default "s". */
  readonly timeUnit?: "s" | "ms" | undefined;
}

/** A sparse matrix in compressed rows: those of row u are `codes[k]`, ascending, with `values[k]`, for k = offsets[u] … offsets[u + 1] − 1. */
export interface SparseRows {
  readonly offsets: Int32Array;
  readonly codes: Int32Array;
  readonly values: Float64Array;
}

/** Who took what: a sparse matrix of users × items with their names. Plain data; the arrays lie in shared memory. */
export interface Interactions extends SparseRows {
  /** Names of the columns they were read from. */
  readonly columns: {
    readonly user: string;
    readonly item: string;
    readonly value?: string | undefined;
    readonly time?: string | undefined;
  };
  readonly users: IdList;
  readonly items: IdList;
  /** Newest instant of each pair, in milliseconds since 1970; undefined where no time was given. */
  readonly times?: Float64Array | undefined;
}

const who = "interactions";

/**
 * Reads who took what from a table: one row an event. Rows of the same user and item are added up, their newest time kept; names may be
 * numbers or text, and the order of rows does not matter. O(n + names log names). Throws DataError with the row and value for a missing name, a value that
 * is not above 0, a missing time.
 * @example
 * const ratings = ml.interactions(table, { user: "userId", item: "movieId", value: "rating", time: "timestamp" });
 */
export function interactions(table: TableLike, options: InteractionColumns = {}): Interactions {
  checkKeys(who, options, ["user", "item", "value", "time", "timeUnit"]);
  const { user = "user", item = "item", value, time, timeUnit = "s" } = options;
  if (timeUnit !== "s" && timeUnit !== "ms")
    throw new ParamsError(`${who}: timeUnit must be "s" or "ms", got ${JSON.stringify(timeUnit)}`);
  for (const name of [user, item, value, time])
    if (name !== undefined && !table.names.includes(name))
      throw new DataError(`${who}: no column "${name}"${suggest(name, table.names)}`);
  if (table.rows === 0) throw new DataError(`${who}: needs one row at least, got 0`);
  const users = encodeIds(who, user, table.column(user));
  const items = encodeIds(who, item, table.column(item));
  const rows = compress(
    users.codes,
    items.codes,
    countOf(users.ids),
    countOf(items.ids),
    value === undefined ? undefined : readValues(table, value),
    time === undefined ? undefined : readTimes(table, time, timeUnit),
  );
  return interactionsOf({
    columns: { user, item, ...(value !== undefined && { value }), ...(time !== undefined && { time }) },
    users: users.ids,
    items: items.ids,
    ...rows,
  });
}

/** Interactions that a notebook shows as such. */
export function interactionsOf(parts: Interactions): Interactions {
  return displayable("interactions", parts);
}

function readValues(table: TableLike, name: string): Float64Array {
  const column = table.column(name);
  if (column.kind !== "number" && column.kind !== "boolean")
    throw new DataError(`${who}: column "${name}" must hold numbers > 0, got ${column.kind} values`);
  const values =
    column.kind === "number" ? column.values : Float64Array.from(column.values, (each) => (each === 255 ? Number.NaN : each));
  const bad = values.findIndex((each) => !(each > 0 && each < Infinity));
  if (bad >= 0)
    throw new DataError(
      `${who}: column "${name}" must be > 0 and finite, got ${values[bad]} in row ${bad}; leave out the rows that say nothing`,
    );
  return values;
}

function readTimes(table: TableLike, name: string, unit: "s" | "ms"): Float64Array {
  const column = table.column(name);
  if (column.kind !== "number" && column.kind !== "datetime")
    throw new DataError(`${who}: column "${name}" must hold instants or numbers, got ${column.kind} values`);
  const bad = column.values.findIndex((each) => !Number.isFinite(each));
  if (bad >= 0) throw new DataError(`${who}: column "${name}" must say when, it is ${column.values[bad]} in row ${bad}`);
  return column.kind === "number" && unit === "s" ? column.values.map((each) => 1000 * each) : column.values;
}

/** Pairs in compressed rows, equal pairs added up. Two counting sorts: O(n + users + items). */
function compress(
  users: Int32Array,
  items: Int32Array,
  userCount: number,
  itemCount: number,
  values: Float64Array | undefined,
  times: Float64Array | undefined,
): SparseRows & { readonly times?: Float64Array } {
  const byItem = countingOrder(items, itemCount, Int32Array.from(items.keys()));
  const order = countingOrder(users, userCount, byItem);
  let count = 0;
  for (let at = 0; at < order.length; at++) if (at === 0 || isOther(order[at]!, order[at - 1]!)) count++;
  const offsets = sharedInt32(userCount + 1);
  const codes = sharedInt32(count);
  const sums = sharedFloat64(count);
  const newest = times ? sharedFloat64(count).fill(-Infinity) : undefined;
  let place = -1;
  for (let at = 0; at < order.length; at++) {
    const row = order[at]!;
    if (at === 0 || isOther(row, order[at - 1]!)) {
      codes[++place] = items[row]!;
      offsets[users[row]! + 1] = place + 1;
    }
    sums[place]! += values ? values[row]! : 1;
    if (newest && times![row]! > newest[place]!) newest[place] = times![row]!;
  }
  for (let u = 0; u < userCount; u++) if (offsets[u + 1]! < offsets[u]!) offsets[u + 1] = offsets[u]!;
  return { offsets, codes, values: sums, ...(newest && { times: newest }) };

  function isOther(a: number, b: number): boolean {
    return users[a] !== users[b] || items[a] !== items[b];
  }
}

/** Rows in the order of their codes; of equal codes in the order given. */
function countingOrder(codes: Int32Array, count: number, order: Int32Array): Int32Array {
  const next = new Int32Array(count + 1);
  for (const code of codes) next[code + 1]!++;
  for (let code = 0; code < count; code++) next[code + 1]! += next[code]!;
  const sorted = new Int32Array(order.length);
  for (const row of order) sorted[next[codes[row]!]!++] = row;
  return sorted;
}

/** The same matrix by columns: row j of the answer holds who took item j. O(n + columns). */
export function transposed({ offsets, codes, values }: SparseRows, columns: number): SparseRows {
  const starts = sharedInt32(columns + 1);
  for (const code of codes) starts[code + 1]!++;
  for (let j = 0; j < columns; j++) starts[j + 1]! += starts[j]!;
  const next = starts.slice();
  const rows = sharedInt32(codes.length);
  const turned = sharedFloat64(codes.length);
  for (let u = 0; u < offsets.length - 1; u++)
    for (let k = offsets[u]!; k < offsets[u + 1]!; k++) {
      const place = next[codes[k]!]!++;
      rows[place] = u;
      turned[place] = values[k]!;
    }
  return { offsets: starts, codes: rows, values: turned };
}
