import type { Column, TableLike } from "../base/columns.ts";
import { DataError, LimitError, ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { categoryColumn, concatColumns, takeColumn } from "./column.ts";
import { keysOf, rowsByKey } from "./keys.ts";
import { uniquePartners } from "./partners.ts";
import { takeColumns } from "./take-columns.ts";

/** Which rows a join keeps: with a partner, all of the left, of the right, of both; or left rows that have (semi) or lack (anti) one. */
export type JoinHow = "inner" | "left" | "right" | "outer" | "semi" | "anti";

/** How two tables are joined. */
export interface JoinOptions {
  /** The columns that must be equal: a name, names, or the left's names to the right's. */
  readonly on: string | readonly string[] | Readonly<Record<string, string>>;
  /** Default inner. */
  readonly how?: JoinHow;
}

const hows: readonly JoinHow[] = ["inner", "left", "right", "outer", "semi", "anti"];
const mostRows = 2 ** 30;

/**
 * Joins two tables on equal cells; a missing cell equals none. Rows come in the left's order (a right join's in the right's), partners in
 * theirs; the right's other columns follow, with `_right` behind a name that the left has. Cost O(n + m + rows of the result).
 * Throws DataError for keys of different kinds, LimitError for more than 2³⁰ rows.
 */
export function joinColumns(left: TableLike, right: TableLike, { on, how = "inner" }: JoinOptions): Map<string, Column> {
  if (!hows.includes(how)) throw new ParamsError(`table.join: unknown how "${how}"${suggest(String(how), hows)}`);
  const keys = keyPairs(on);
  if (how === "semi" || how === "anti") {
    const rows = rowsWithPartner(left, right, keys, how === "semi");
    return new Map(left.names.map((name) => [name, takeColumn(left.column(name), rows)]));
  }
  const [a, b] = how === "right" ? pairsOf(right, left, keys.map(flip), how).reverse() : pairsOf(left, right, keys, how);
  return columnsOfPairs(left, right, keys, how, a!, b!);
}

function flip([a, b]: readonly [string, string]): [string, string] {
  return [b, a];
}

/** Pairs of rows in the first table's order; by a table of places where the second's one key tells its rows apart. */
function pairsOf(
  first: TableLike,
  second: TableLike,
  keys: readonly (readonly [string, string])[],
  how: JoinHow,
): [Int32Array, Int32Array] {
  checkKinds(first, second, keys, how === "right");
  const [key] = keys;
  const partners =
    keys.length === 1 && how !== "outer" ? uniquePartners(first.column(key![0]), second.column(key![1])) : undefined;
  if (!partners) {
    const { leftCodes, rightCodes, groups } = jointCodes(first, second, keys);
    return match(leftCodes, rightCodes, groups, how !== "inner", how === "outer");
  }
  const rows = how === "inner" ? rowsWhere(partners, (partner) => partner >= 0) : range(first.rows);
  return [rows, rows.length === first.rows ? partners : Int32Array.from(rows, (i) => partners[i]!)];
}

function range(n: number): Int32Array {
  const rows = new Int32Array(n);
  for (let i = 0; i < n; i++) rows[i] = i;
  return rows;
}

function rowsWithPartner(
  left: TableLike,
  right: TableLike,
  keys: readonly (readonly [string, string])[],
  wanted: boolean,
): Int32Array {
  checkKinds(left, right, keys, false);
  const { leftCodes, rightCodes, groups } = jointCodes(left, right, keys);
  const there = new Uint8Array(groups);
  for (const code of rightCodes) if (code >= 0) there[code] = 1;
  return rowsWhere(leftCodes, (code) => (code >= 0 && there[code] === 1) === wanted);
}

/** The left's columns by rows a, the right's other ones by rows b. */
function columnsOfPairs(
  left: TableLike,
  right: TableLike,
  keys: readonly (readonly [string, string])[],
  how: JoinHow,
  a: Int32Array,
  b: Int32Array,
): Map<string, Column> {
  const fromRight = new Map(keys);
  const isMerged = (name: string): boolean => fromRight.has(name) && how !== "inner" && how !== "left";
  const made = takeNamed(left, left.names, a);
  for (const name of left.names.filter(isMerged))
    made.set(name, coalesce(left.column(name), right.column(fromRight.get(name)!), a, b));
  const dropped = new Set(fromRight.values());
  const others = right.names.filter((name) => !dropped.has(name));
  for (const [name, column] of takeNamed(right, others, b)) {
    const outward = made.has(name) ? `${name}_right` : name;
    if (made.has(outward))
      throw new DataError(`table.join: both tables have columns "${name}" and one has "${outward}"; rename one`);
    made.set(outward, column);
  }
  return made;
}

function takeNamed(table: TableLike, names: readonly string[], rows: Int32Array): Map<string, Column> {
  const columns = names.map((name) => table.column(name));
  const taken = takeColumns(columns, rows, table.rows);
  return new Map(names.map((name, k) => [name, taken[k]!]));
}

function keyPairs(on: JoinOptions["on"]): [string, string][] {
  const pairs: [string, string][] =
    typeof on === "string" ? [[on, on]] : Array.isArray(on) ? on.map((name: string) => [name, name]) : Object.entries(on ?? {});
  if (pairs.length === 0) throw new ParamsError("table.join: on must name a column at least");
  return pairs;
}

function checkKinds(first: TableLike, second: TableLike, keys: readonly (readonly [string, string])[], isFlipped: boolean): void {
  for (const key of keys) {
    const columns = [first.column(key[0]), second.column(key[1])] as const;
    if (columns[0].kind === columns[1].kind || columns.every(({ kind }) => kind === "category" || kind === "text")) continue;
    const [a, b] = isFlipped ? [1, 0] : [0, 1];
    throw new DataError(
      `table.join: "${key[a]!}" holds ${columns[a]!.kind} in the left table, "${key[b]!}" ${columns[b]!.kind} in the right`,
    );
  }
}

/** Codes of the keys of both tables, equal where the keys are; −1 where a cell of the key is missing. */
function jointCodes(left: TableLike, right: TableLike, keys: readonly (readonly [string, string])[]) {
  const columns = keys.map(([a, b]) => {
    const [first, second] = [left.column(a), right.column(b)];
    return first.kind === second.kind ? concatColumns(first, second) : concatColumns(asCategory(first), asCategory(second));
  });
  const { codes, groups } = keysOf(columns, left.rows + right.rows);
  for (const column of columns) forgetMissing(codes, column);
  return { leftCodes: codes.subarray(0, left.rows), rightCodes: codes.subarray(left.rows), groups };
}

function asCategory(column: Column): Column {
  return column.kind === "text" ? categoryColumn(column.values) : column;
}

function forgetMissing(codes: Int32Array, column: Column): void {
  if (column.kind === "category") {
    for (let i = 0; i < codes.length; i++) if (column.codes[i]! < 0) codes[i] = -1;
  } else if (column.kind === "text") {
    for (let i = 0; i < codes.length; i++) if (column.values[i] === null) codes[i] = -1;
  } else {
    const none = column.kind === "boolean" ? 255 : Number.NaN;
    for (let i = 0; i < codes.length; i++) if (Object.is(column.values[i], none)) codes[i] = -1;
  }
}

/** Pairs of rows with equal codes; −1 for a row without a partner where those are kept. */
function match(a: Int32Array, b: Int32Array, groups: number, keepLeft: boolean, keepRight: boolean): [Int32Array, Int32Array] {
  const { starts, rows } = rowsByKey({ codes: b, groups });
  const seen = new Uint8Array(groups);
  let total = 0;
  for (const code of a) {
    const partners = code < 0 ? 0 : starts[code + 1]! - starts[code]!;
    total += partners || (keepLeft ? 1 : 0);
    if (code >= 0) seen[code] = 1;
  }
  const alone = keepRight ? rowsWhere(b, (code) => code < 0 || !seen[code]) : new Int32Array(0);
  total += alone.length;
  if (total > mostRows)
    throw new LimitError(`table.join: the result has at most ${mostRows} rows, got ${total}; are the keys what you mean?`);
  const first = new Int32Array(total);
  const second = new Int32Array(total);
  let at = 0;
  for (let i = 0; i < a.length; i++) {
    const code = a[i]!;
    const end = code < 0 ? 0 : starts[code + 1]!;
    let k = code < 0 ? 0 : starts[code]!;
    if (k === end && keepLeft) {
      first[at] = i;
      second[at++] = -1;
    }
    for (; k < end; k++) {
      first[at] = i;
      second[at++] = rows[k]!;
    }
  }
  first.fill(-1, at);
  second.set(alone, at);
  return [first, second];
}

/** The left's cells, the right's where the left has no row. */
function coalesce(left: Column, right: Column, a: Int32Array, b: Int32Array): Column {
  const [first, second] = left.kind === right.kind ? [left, right] : [asCategory(left), asCategory(right)];
  const both = concatColumns(first, second);
  const offset =
    both.kind === "category"
      ? (first as { codes: Int32Array }).codes.length
      : (first as { values: ArrayLike<unknown> }).values.length;
  return takeColumn(
    both,
    a.map((i, k) => (i >= 0 ? i : offset + b[k]!)),
  );
}

function rowsWhere(codes: Int32Array, keeps: (code: number) => boolean): Int32Array {
  const rows = new Int32Array(codes.length);
  let count = 0;
  for (let i = 0; i < codes.length; i++) if (keeps(codes[i]!)) rows[count++] = i;
  return rows.slice(0, count);
}
