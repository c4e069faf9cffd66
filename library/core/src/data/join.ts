import type { Column, TableLike } from "../base/columns.ts";
import { DataError, LimitError, ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { categoryColumn, concatColumns, takeColumn } from "./column.ts";
import { planGather } from "./gather.ts";
import { keysOf, rowsByKey } from "./keys.ts";

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
  const { leftCodes, rightCodes, groups } = jointCodes(left, right, keys);
  if (how === "semi" || how === "anti") {
    const there = new Uint8Array(groups);
    for (const code of rightCodes) if (code >= 0) there[code] = 1;
    const wanted = how === "semi" ? 1 : 0;
    const rows = rowsWhere(leftCodes, (code) => (code >= 0 ? there[code] : 0) === wanted);
    return new Map(left.names.map((name) => [name, takeColumn(left.column(name), rows)]));
  }
  const [a, b] =
    how === "right"
      ? match(rightCodes, leftCodes, groups, true, false).reverse()
      : match(leftCodes, rightCodes, groups, how !== "inner", how === "outer");
  const plans = [planGather(a!, left.rows), planGather(b!, right.rows)];
  const made = new Map<string, Column>();
  const fromRight = new Map(keys);
  for (const name of left.names) {
    const column = left.column(name);
    const twin = fromRight.get(name);
    made.set(
      name,
      twin === undefined || how === "inner" || how === "left"
        ? takeColumn(column, a!, plans[0])
        : coalesce(column, right.column(twin), a!, b!),
    );
  }
  const dropped = new Set(fromRight.values());
  for (const name of right.names) {
    if (dropped.has(name)) continue;
    const outward = made.has(name) ? `${name}_right` : name;
    if (made.has(outward))
      throw new DataError(`table.join: both tables have columns "${name}" and one has "${outward}"; rename one`);
    made.set(outward, takeColumn(right.column(name), b!, plans[1]));
  }
  return made;
}

function keyPairs(on: JoinOptions["on"]): [string, string][] {
  const pairs: [string, string][] =
    typeof on === "string" ? [[on, on]] : Array.isArray(on) ? on.map((name: string) => [name, name]) : Object.entries(on ?? {});
  if (pairs.length === 0) throw new ParamsError("table.join: on must name a column at least");
  return pairs;
}

/** Codes of the keys of both tables, equal where the keys are; −1 where a cell of the key is missing. */
function jointCodes(left: TableLike, right: TableLike, keys: readonly (readonly [string, string])[]) {
  const columns = keys.map(([a, b]) => {
    const [first, second] = [left.column(a), right.column(b)];
    const strings = [first, second].every(({ kind }) => kind === "category" || kind === "text");
    if (first.kind !== second.kind && !strings)
      throw new DataError(`table.join: "${a}" holds ${first.kind} in the left table, "${b}" ${second.kind} in the right`);
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
