import type { Column, TableLike } from "../base/columns.ts";
import { display, render } from "../base/display.ts";
import { DataError, ParamsError, ShapeError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { assemble } from "../base/worker.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { cellColumn, checkColumnKinds } from "./cell-column.ts";
import { cellOf, columnOf, concatColumns, lengthOf, sliceColumn } from "./column.ts";
import { type Groups, groupRows } from "./group-by.ts";
import { type JoinOptions, joinColumns } from "./join.ts";
import { keysOf } from "./keys.ts";
import { type PivotOptions, pivotColumns } from "./pivot.ts";
import { sortRows } from "./sort-rows.ts";
import { sqlColumns } from "./sql.ts";
import { tableText } from "./table-text.ts";
import { takeColumns } from "./take-columns.ts";

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

  /**
   * A column's cells, null where missing (n). A caller that knows their kind may say it, `table.values<number>("age")`; where labels or numbers
   * are asked for, as by a metric, it need not.
   */
  values<T extends Cell = Cell>(name: string): T[] {
    const column = this.column(name);
    return Array.from({ length: this.rows }, (_, i) => cellOf(column, i) as T);
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

  /**
   * Columns as other kinds: codes as a category, text as numbers or instants (ISO 8601), 0 and 1 as booleans. Throws DataError naming the row of
   * a cell that cannot be.
   */
  cast(kinds: Readonly<Record<string, Column["kind"]>>): Table {
    checkColumnKinds("table.cast", kinds);
    const made = new Map(this.#columns);
    for (const name of Object.keys(kinds))
      made.set(
        name,
        cellColumn("table.cast", name, this.values(name), { columns: kinds }, (i) => `row ${i}`),
      );
    return new Table(made);
  }

  /**
   * Rows in the order of a column, or of several, the first deciding first; missing last, equal rows keep their order. Numbers by radix sort,
   * strings by code unit. O(n d).
   */
  sort(names: string | readonly string[], { descending = false }: { readonly descending?: boolean } = {}): Table {
    let order: Int32Array = new Int32Array(this.rows);
    for (let i = 0; i < this.rows; i++) order[i] = i;
    for (const name of [names].flat().reverse()) order = sortRows(this.column(name), order, descending);
    return this.take(order);
  }

  /** The first of the rows that are equal in these columns (default all), in their order. O(n d). */
  distinct(names: readonly string[] = this.names): Table {
    const columns = names.map((name) => this.column(name));
    return this.take(keysOf(columns, this.rows).first);
  }

  /** Rows with equal cells in these columns together, to be aggregated. Missing keys are a group of their own. */
  groupBy(names: string | readonly string[]): Groups<Table> {
    return groupRows(this, [names].flat(), (columns) => new Table(columns));
  }

  /**
   * The rows of two tables whose cells are equal; a missing cell equals none. In this table's order (a right join in the other's); the other's
   * columns follow, with `_right` behind a name that is here. O(n + m + rows of the result).
   */
  join(other: Table, options: JoinOptions): Table {
    return new Table(joinColumns(this, other, options));
  }

  /**
   * What one SELECT of DuckDB's SQL gives over this table as `self`, and others by name: `await koi.sql("select kepid, count(*) as n from self
   * group by kepid")`. Strings come back as category or text by the rule of `readCsv`. It reaches nothing but these tables. Columns whose names
   * differ by case only get an underscore behind. Throws ParamsError for anything but one SELECT, DataError with DuckDB's message.
   */
  async sql(query: string, others: Readonly<Record<string, Table>> = {}): Promise<Table> {
    return new Table(await sqlColumns(query, { self: this, ...others }));
  }

  /** A row for each different cell of `rows`, a column for each of `columns`, filled by `values`. Throws LimitError beyond 10,000 columns. */
  pivot(options: PivotOptions): Table {
    return new Table(pivotColumns(this, options));
  }

  /** The rows of these indices (m), in their order. */
  take(indices: ArrayLike<number>): Table {
    return this.#withRows(takeColumns([...this.#columns.values()], indices, this.rows));
  }

  /** Rows from `begin` to before `end`. */
  slice(begin: number, end = this.rows): Table {
    const from = Math.max(0, begin);
    const to = Math.min(this.rows, end);
    return this.#withRows([...this.#columns.values()].map((column) => sliceColumn(column, from, Math.max(from, to))));
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

  #withRows(columns: readonly Column[]): Table {
    return new Table(this.names.map((name, j) => [name, columns[j]!] as const));
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
