import { basename, resolve } from "node:path";
import { DataError, LimitError, ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { readerArguments } from "./csv-duckdb.ts";
import { type CsvOptions, checkCsvOptions, defaultMissing, findLayout } from "./csv-layout.ts";
import { sampleKind } from "./csv-plain.ts";
import { identifier, literal, withSealedDuckdb } from "./duckdb.ts";
import { type Aggregate, type Aggregation, pairOf } from "./group-by.ts";
import { queryColumns } from "./query-table.ts";
import { openSource } from "./source.ts";
import { oneSelect, sentence } from "./sql.ts";
import { Table } from "./table.ts";
import { writeWhole } from "./write-whole.ts";

const aggregateSql: Readonly<Record<Aggregate, (column: string) => string>> = {
  count: (column) => `count(${column})`,
  distinct: (column) => `count(distinct ${column})`,
  first: (column) => `first(${column}) filter (${column} is not null)`,
  last: (column) => `last(${column}) filter (${column} is not null)`,
  max: (column) => `max(${column})`,
  mean: (column) => `avg(${column})`,
  median: (column) => `median(${column})`,
  min: (column) => `min(${column})`,
  sd: (column) => `stddev_samp(${column})`,
  sum: (column) => `coalesce(sum(${column}), 0)`,
  variance: (column) => `var_samp(${column})`,
};

/** A scan's rows, grouped. */
export interface ScanGroups {
  /** A row a group: its keys, then the aggregates, as of `Table.groupBy`; the order of the groups is not defined. */
  aggregate(columns: Readonly<Record<string, Aggregation>>): Scan;
}

/**
 * A query over a file that has not been read yet: each verb adds to it, `collect` runs it in DuckDB and only the result reaches JavaScript. The
 * query reads the one file and nothing else. Immutable.
 */
export class Scan {
  /** Columns, in order. */
  readonly names: readonly string[];
  readonly #path: string;
  readonly #query: string;

  /** A query over a file with columns of these names; `scanCsv` and `scanParquet` make it. */
  constructor(path: string, query: string, names: readonly string[]) {
    this.#path = path;
    this.#query = query;
    this.names = names;
  }

  /** These columns, in this order. */
  select(names: readonly string[]): Scan {
    return this.#with(`select ${names.map((name) => this.#column(name)).join(", ")} from (${this.#query})`, names);
  }

  /** The rows for which an SQL condition holds, as in `"price > 3 and city = 'Rome'"`. */
  where(condition: string): Scan {
    return this.#with(`select * from (${this.#query}) where (${condition}\n)`, this.names);
  }

  /** Rows with equal cells in these columns together. */
  groupBy(names: string | readonly string[]): ScanGroups {
    const keys = [names].flat();
    const listed = keys.map((name) => this.#column(name));
    return {
      aggregate: (columns) => {
        const made = Object.entries(columns).map(
          ([name, aggregation]) => `${this.#aggregate(name, aggregation)} as ${identifier(name)}`,
        );
        const taken = keys.find((name) => Object.hasOwn(columns, name));
        if (taken !== undefined) throw new DataError(`scan.groupBy: "${taken}" is a key, an aggregate needs another name`);
        const group = listed.length > 0 ? ` group by ${listed.join(", ")}` : "";
        return this.#with(`select ${[...listed, ...made].join(", ")} from (${this.#query})${group}`, [
          ...keys,
          ...Object.keys(columns),
        ]);
      },
    };
  }

  /** Rows in the order of columns, missing last. */
  sort(names: string | readonly string[], { descending = false }: { readonly descending?: boolean } = {}): Scan {
    const order = [names].flat().map((name) => `${this.#column(name)} ${descending ? "desc" : "asc"} nulls last`);
    return this.#with(`select * from (${this.#query}) order by ${order.join(", ")}`, this.names);
  }

  /** n rows at random (all where there are fewer), in their order; the same for the same seed. */
  sample(n: number, { seed = 42 }: { readonly seed?: number } = {}): Scan {
    const draw = `select * from (select *, row_number() over () as "assay row" from (${this.#query})) order by hash("assay row", ${whole("sample", "seed", seed)}::bigint) limit ${whole("sample", "n", n)}`;
    return this.#with(`select * exclude ("assay row") from (${draw}) order by "assay row"`, this.names);
  }

  /** The first n rows. */
  limit(n: number): Scan {
    return this.#with(`select * from (${this.#query}) limit ${whole("limit", "n", n)}`, this.names);
  }

  /** Number of rows. */
  async count(): Promise<number> {
    const counted = await this.#run(`select count(*)::double as n from (${this.#query})`);
    return counted.row(0)["n"] as number;
  }

  /** Runs the query. Throws DataError with DuckDB's message where it fails. */
  collect(): Promise<Table> {
    return this.#run(this.#query);
  }

  /** Writes the query's rows as Parquet (zstd) in their order, whole or not at all; memory does not grow with them. Throws DataError. */
  async writeParquet(path: string): Promise<void> {
    await writeWhole("scan.writeParquet", path, (temporary) =>
      withSealedDuckdb([this.#path, resolve(temporary)], async (connection) => {
        const select = await oneSelect(connection, "scan", this.#query);
        await connection.run(`copy (${select}) to ${literal(resolve(temporary))} (format parquet, compression zstd)`);
      }),
    );
  }

  #run(query: string): Promise<Table> {
    return withSealedDuckdb([this.#path], async (connection) => {
      const select = await oneSelect(connection, "scan", query);
      try {
        return new Table(await queryColumns(connection, select));
      } catch (cause) {
        if (cause instanceof LimitError) throw cause;
        throw new DataError(`scan: ${sentence(cause as Error)} (${basename(this.#path)})`, { cause });
      }
    });
  }

  #with(query: string, names: readonly string[]): Scan {
    return new Scan(this.#path, query, names);
  }

  #column(name: string): string {
    if (!this.names.includes(name)) throw new DataError(`scan: no column "${name}"${suggest(name, this.names)}`);
    return identifier(name);
  }

  #aggregate(named: string, aggregation: Aggregation): string {
    if (aggregation === "rows") return "count(*)";
    const [name, aggregate] = pairOf(named, aggregation);
    if (!Object.hasOwn(aggregateSql, aggregate))
      throw new ParamsError(
        `scan.groupBy: unknown aggregate "${aggregate}"${suggest(String(aggregate), [...Object.keys(aggregateSql), "rows"])}`,
      );
    return aggregateSql[aggregate](this.#column(name));
  }
}

/**
 * A lazy query over a CSV file of any size (UTF-8). Kinds come from the first megabyte, or `columns`: strings, numbers, booleans or instants; a
 * cell further down that does not fit ends the query with a DataError that names its line. Options as of `readCsv`.
 */
export async function scanCsv(path: string, options: Omit<CsvOptions, "onBadRow"> = {}): Promise<Scan> {
  checkCsvOptions("scanCsv", options);
  const source = await openSource("scanCsv", path, options);
  if (source.path === undefined) throw new ParamsError("scanCsv: a scan must have a file, got an address; use readCsv");
  const layout = await findLayout("scanCsv", source, options);
  const { names, dialect, header, encoding } = layout;
  if (encoding !== "utf-8")
    throw new DataError(`scanCsv: the file must be UTF-8, it looks like ${encoding}; use readCsv (${source.name})`);
  const missing = new Set(options.missing ?? defaultMissing);
  const types = { number: "DOUBLE", boolean: "BOOLEAN", datetime: "TIMESTAMP", text: "VARCHAR", category: "VARCHAR" } as const;
  const columns = names.map((name, j) => {
    const wanted = options.columns && Object.hasOwn(options.columns, name) ? options.columns[name] : undefined;
    return `${literal(name)}: '${types[wanted ?? sampleKind(layout, j, missing)]}'`;
  });
  const nulls = `nullstr=[${[...new Set([...missing, ""])].map(literal).join(",")}]`;
  const read = [...readerArguments(resolve(source.path), dialect, header), `columns={${columns.join(", ")}}`, nulls];
  return new Scan(resolve(source.path), `select * from read_csv(${read.join(", ")})`, names);
}

/** A lazy query over a Parquet file of any size; a category column that Assay wrote comes back by the rule of `readCsv`. */
export async function scanParquet(path: string): Promise<Scan> {
  const source = await openSource("scanParquet", path);
  if (source.path === undefined) throw new ParamsError("scanParquet: a scan must have a file, got an address; use readParquet");
  const whole = resolve(source.path);
  const query = `select * from read_parquet(${literal(whole)})`;
  return withSealedDuckdb([whole], async (connection) => {
    try {
      const described = await connection.runAndReadAll(`describe ${query}`);
      return new Scan(
        whole,
        query,
        (described.getRows() as [string][]).map(([name]) => name),
      );
    } catch (cause) {
      throw new DataError(`scanParquet: cannot read ${source.name}: ${sentence(cause as Error)}`, { cause });
    }
  });
}

function whole(verb: string, what: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new ParamsError(`scan.${verb}: ${what} must be a whole number from 0, got ${value}`);
  return value;
}
