import type { CategoryColumn, Column, TableLike } from "../base/columns.ts";
import { display, render } from "../base/display.ts";
import { DataError, ParamsError, ShapeError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { assemble } from "../base/worker.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { cellOf, columnOf, concatColumns, lengthOf, takeColumn } from "./column.ts";
import { tableText } from "./table-text.ts";

/** A cell outward: null where missing. */
export type Cell = string | number | boolean | Date | null;
/** A row outward; made without a prototype, so that `__proto__` is a name like any other. */
export type Row = Record<string, Cell>;

/** A bad line that was left out of a table. */
export interface Reject {
  /** Line in the file, the first is 1. */
  readonly line: number;
  readonly reason: string;
  /** The line's text, at most 200 characters. */
  readonly text: string;
}

/**
 * An immutable table of typed columns: numbers, categories, booleans, instants, text; any cell may be missing.
 * Every verb gives a new table and shares the columns that it leaves as they are.
 */
export class Table implements TableLike {
  readonly rows: number;
  readonly names: readonly string[];
  /** Lines of the file that were bad and left out (`onBadRow: "skip"`). */
  readonly rejects: readonly Reject[];
  readonly #columns: ReadonlyMap<string, Column>;

  /** Columns in order. Throws ShapeError when their lengths differ. */
  constructor(columns: Iterable<readonly [string, Column]>, rejects: readonly Reject[] = []) {
    const list = [...columns];
    this.#columns = new Map(list);
    this.names = [...this.#columns.keys()];
    this.rejects = rejects;
    this.rows = list[0] ? lengthOf(list[0][1]) : 0;
    if (this.names.length !== list.length) {
      const twice = list.find(([name], k) => list.findIndex(([other]) => other === name) !== k)!;
      throw new DataError(`table: two columns are named "${twice[0]}"`);
    }
    for (const [name, column] of list)
      if (lengthOf(column) !== this.rows)
        throw new ShapeError(`table: column "${name}" has ${lengthOf(column)} rows, "${list[0]![0]}" has ${this.rows}`);
  }

  /** A column by name. Throws DataError for a name that is not there. */
  column(name: string): Column {
    const column = this.#columns.get(name);
    if (!column) throw new DataError(`table: no column "${name}"${suggest(name, this.names)}`);
    return column;
  }

  /** What a column holds. */
  kind(name: string): Column["kind"] {
    return this.column(name).kind;
  }

  /** A column's cells, null where missing (n). */
  values(name: string): Cell[] {
    const column = this.column(name);
    return Array.from({ length: this.rows }, (_, i) => cellOf(column, i));
  }

  /** Row i as an object. */
  row(i: number): Row {
    if (!(Number.isInteger(i) && i >= 0 && i < this.rows))
      throw new ShapeError(`table: row must be 0 … ${this.rows - 1}, got ${i}`);
    const row: Row = Object.create(null);
    for (const [name, column] of this.#columns) row[name] = cellOf(column, i);
    return row;
  }

  /** All rows as objects. O(n d); for large tables work on columns. */
  toRows(): Row[] {
    return Array.from({ length: this.rows }, (_, i) => this.row(i));
  }

  /** These columns, in this order. */
  select(names: readonly string[]): Table {
    return new Table(names.map((name) => [name, this.column(name)] as const));
  }

  /** All but these columns. */
  drop(names: readonly string[]): Table {
    for (const name of names) this.column(name);
    const left = new Set(names);
    return new Table([...this.#columns].filter(([name]) => !left.has(name)));
  }

  /** The same columns under other names. */
  rename(names: Readonly<Record<string, string>>): Table {
    for (const name of Object.keys(names)) this.column(name);
    return new Table(
      [...this.#columns].map(([name, column]) => [Object.hasOwn(names, name) ? names[name]! : name, column] as const),
    );
  }

  /** The rows for which the condition holds. */
  where(condition: (row: Row, i: number) => boolean): Table {
    const kept: number[] = [];
    for (let i = 0; i < this.rows; i++) if (condition(this.row(i), i)) kept.push(i);
    return this.take(kept);
  }

  /** With columns added or replaced, each computed from the row. */
  derive(columns: Readonly<Record<string, (row: Row, i: number) => Cell>>): Table {
    const made = new Map(this.#columns);
    for (const [name, compute] of Object.entries(columns))
      made.set(
        name,
        columnOf(
          name,
          Array.from({ length: this.rows }, (_, i) => compute(this.row(i), i)),
        ),
      );
    return new Table(made);
  }

  /** With one column added or replaced by values (n). */
  with(name: string, values: readonly Cell[] | Column): Table {
    const column = Array.isArray(values) ? columnOf(name, values) : (values as Column);
    return new Table(new Map(this.#columns).set(name, column));
  }

  /** Rows in the order of a column, missing last; equal rows keep their order. */
  sort(name: string, { descending = false }: { readonly descending?: boolean } = {}): Table {
    const cells = this.values(name);
    const order = Array.from({ length: this.rows }, (_, i) => i);
    const sign = descending ? -1 : 1;
    return this.take(order.sort((a, b) => compare(cells[a]!, cells[b]!, sign) || a - b));
  }

  /** The rows of these indices (m), in their order. */
  take(indices: ArrayLike<number>): Table {
    return new Table([...this.#columns].map(([name, column]) => [name, takeColumn(column, indices)] as const));
  }

  /** Rows from `begin` to before `end`. */
  slice(begin: number, end = this.rows): Table {
    const from = Math.max(0, begin);
    const to = Math.min(this.rows, end);
    return this.take(Array.from({ length: Math.max(0, to - from) }, (_, k) => from + k));
  }

  /** The first n rows. */
  head(n = 5): Table {
    return this.slice(0, n);
  }

  /** The last n rows. */
  tail(n = 5): Table {
    return this.slice(this.rows - n);
  }

  /** n rows at random, without putting back, in their order. */
  sample(n: number, { seed = 42 }: { readonly seed?: number } = {}): Table {
    if (!(Number.isInteger(n) && n >= 0 && n <= this.rows))
      throw new ParamsError(`table.sample: n must be 0 … ${this.rows}, got ${n}`);
    return this.take(random(seed, "sample").permutation(this.rows).slice(0, n).sort());
  }

  /** The rows of another table of the same columns below these. */
  concat(other: Table): Table {
    const missing =
      this.names.find((name) => !other.names.includes(name)) ?? other.names.find((name) => !this.names.includes(name));
    if (missing !== undefined) throw new DataError(`table.concat: column "${missing}" is in one of the tables only`);
    return new Table(
      this.names.map((name) => {
        const [first, second] = [this.column(name), other.column(name)];
        const strings = [first, second].every(({ kind }) => kind === "category" || kind === "text");
        if (first.kind !== second.kind && !strings)
          throw new DataError(`table.concat: column "${name}" holds ${first.kind} in one table and ${second.kind} in the other`);
        if (first.kind === second.kind) return [name, concatColumns(first, second)] as const;
        return [name, columnOf(name, [...this.values(name), ...other.values(name)])] as const;
      }),
    );
  }

  /** Number, boolean and datetime columns as a matrix (n × d); NaN where missing. Throws DataError for text. */
  toMatrix(names: readonly string[] = this.names): Matrix {
    const values = names.map((name) => {
      const column = this.column(name);
      if (column.kind === "category" || column.kind === "text")
        throw new DataError(`table.toMatrix: column "${name}" holds ${column.kind}`);
      return column.values;
    });
    return assemble({ rows: this.rows, names, levels: names.map(() => undefined), values });
  }

  /** Head and tail as text, with kinds. */
  toString(): string {
    return tableText(this);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  [display](): unknown {
    return render("table", this);
  }
}

/** A table of row objects, or of columns as arrays; kinds are guessed from the cells. Throws DataError for mixed kinds. */
export function table(
  data: readonly Readonly<Record<string, Cell | undefined>>[] | Readonly<Record<string, ArrayLike<Cell | undefined>>>,
): Table {
  if (!Array.isArray(data))
    return new Table(
      Object.entries(data).map(([name, values]) => [name, columnOf(name, Array.from(values as ArrayLike<Cell>))] as const),
    );
  const rows = data as readonly Readonly<Record<string, Cell | undefined>>[];
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return new Table(
    names.map(
      (name) =>
        [
          name,
          columnOf(
            name,
            rows.map((row) => (Object.hasOwn(row, name) ? row[name] : null)),
          ),
        ] as const,
    ),
  );
}

/** Numbers in shared memory as a column. */
export function numberColumn(values: ArrayLike<number>): Column {
  const shared = sharedFloat64(values.length);
  shared.set(values);
  return { kind: "number", values: shared };
}

/** A category column of strings, levels sorted by code unit. */
export function categoryColumn(values: readonly (string | null)[]): CategoryColumn {
  const levels = [...new Set(values.filter((value) => value !== null))].sort();
  const places = new Map(levels.map((level, k) => [level, k]));
  const codes = new Int32Array(new SharedArrayBuffer(4 * values.length));
  for (let i = 0; i < values.length; i++) codes[i] = values[i] === null ? -1 : places.get(values[i]!)!;
  return { kind: "category", codes, levels };
}

function compare(a: Cell, b: Cell, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return (a < b ? -1 : a > b ? 1 : 0) * sign;
}
