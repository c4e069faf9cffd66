import { type Cell, DataError, LimitError, ParamsError, StoreError, type Table, table } from "assay";
import pg from "pg";

/** Where and how a query runs. */
export interface SqlOptions {
  /** The database, as `postgres://user@host/name`; default DATABASE_URL. */
  readonly url?: string;
  /** Values of $1, $2, …; never put values into the text of a query. */
  readonly params?: readonly (string | number | boolean | Date | null)[];
  /** Rows at most; default 10,000,000. */
  readonly limitRows?: number;
  /** Time the database may take for a step; default 60,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

type Kind = "number" | "whole" | "boolean" | "datetime" | "text";

/** PostgreSQL's numbers of types; all others are text. */
const kindOf: Readonly<Record<number, Kind>> = {
  16: "boolean",
  20: "whole", // int8
  21: "number", // int2
  23: "number", // int4
  700: "number", // float4
  701: "number", // float8
  1700: "number", // numeric
  1082: "datetime", // date
  1114: "datetime", // timestamp
  1184: "datetime", // timestamptz
};
const rowsAFetch = 10_000;

/**
 * The table that one SELECT gives in PostgreSQL, read through a cursor in a read-only transaction: numbers, booleans, dates and timestamps (UTC
 * where they name no zone), all else as strings; int8 beyond ±2⁵³ makes its column text. Throws DataError with PostgreSQL's message,
 * StoreError where the database does not answer, LimitError beyond `limitRows`.
 */
export async function readSql(query: string, options: SqlOptions = {}): Promise<Table> {
  const url = options.url ?? process.env["DATABASE_URL"];
  if (!url) throw new ParamsError("readSql: url must name a database, as postgres://user@host/name, or DATABASE_URL must");
  options.signal?.throwIfAborted();
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    types: { getTypeParser: () => (text: string) => text } as never,
  });
  client.on("error", () => {}); // the running query fails by itself
  const abort = (): void => void client.end().catch(() => {});
  options.signal?.addEventListener("abort", abort, { once: true });
  try {
    await client.connect().catch((cause: Error) => {
      throw new StoreError(`readSql: the database does not answer: ${cause.message}`, { cause });
    });
    return await fetchAll(client, query, options);
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (cause instanceof StoreError || cause instanceof LimitError || cause instanceof DataError) throw cause;
    throw new DataError(`readSql: ${(cause as Error).message}`, { cause });
  } finally {
    options.signal?.removeEventListener("abort", abort);
    await client.end().catch(() => {});
  }
}

async function fetchAll(
  client: pg.Client,
  query: string,
  { params = [], limitRows = 10_000_000, timeoutMs = 60_000 }: SqlOptions,
): Promise<Table> {
  await client.query("begin transaction read only");
  await client.query(
    "select set_config('statement_timeout', $1, true), set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO', true)",
    [String(Math.trunc(timeoutMs))],
  );
  // the extended protocol takes one statement: a second one could end the transaction
  await client.query({
    text: `declare assay_rows no scroll cursor for ${query}`,
    values: [...params],
    queryMode: "extended",
  } as pg.QueryConfig);
  let fields: readonly pg.FieldDef[] = [];
  const cells: (string | null)[][] = [];
  for (let rows = 0; ; ) {
    const part = await client.query<(string | null)[]>({ text: `fetch ${rowsAFetch} from assay_rows`, rowMode: "array" });
    if (rows === 0) {
      fields = part.fields;
      checkNames(fields);
      for (const _ of fields) cells.push([]);
    }
    rows += part.rows.length;
    if (rows > limitRows) throw new LimitError(`readSql: the query must give at most ${limitRows} rows`);
    for (const row of part.rows) for (const [j, cell] of row.entries()) cells[j]!.push(cell);
    if (part.rows.length < rowsAFetch) break;
  }
  const columns: Record<string, Cell[]> = Object.create(null);
  for (const [j, { name, dataTypeID }] of fields.entries()) columns[name] = typed(cells[j]!, kindOf[dataTypeID] ?? "text", name);
  return table(columns);
}

function checkNames(fields: readonly pg.FieldDef[]): void {
  const names = fields.map(({ name }) => name);
  const twice = names.find((name, j) => names.indexOf(name) < j);
  if (twice !== undefined) throw new DataError(`readSql: two columns are named "${twice}"; name one by "as"`);
}

function typed(cells: readonly (string | null)[], kind: Kind, name: string): Cell[] {
  if (kind === "whole" && cells.some((cell) => cell !== null && !Number.isSafeInteger(Number(cell)))) return [...cells];
  return cells.map((cell) => (cell === null ? null : typedCell(cell, kind, name)));
}

function typedCell(cell: string, kind: Kind, name: string): Cell {
  switch (kind) {
    case "number":
    case "whole":
      return cell === "NaN" ? null : Number(cell);
    case "boolean":
      return cell === "t";
    case "datetime":
      return instant(cell, name);
    case "text":
      return cell;
  }
}

/** `2020-01-02`, `2020-01-02 03:04:05.678` or the same with `+00`. */
function instant(text: string, name: string): Date {
  const [day, time = "00:00:00"] = text.split(" ");
  const date = new Date(`${day}T${time.replace(/[+-]\d{2}(:\d{2})?$/, "")}Z`);
  if (Number.isNaN(date.getTime()))
    throw new DataError(`readSql: column "${name}" holds ${JSON.stringify(text)}, which is no instant of the years 0001 to 9999`);
  return date;
}
