import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ConflictError, StoreError } from "assay";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { type Engine, identifier, openDuckdb } from "../../engine/index.ts";
import { eventStatements, eventTables } from "./source-events.ts";
import { peopleStatements, peopleTables } from "./source-people.ts";
import { type SourceOptions, type SourceSize, sourceSize } from "./source-settings.ts";

const schema = "travel";
/** Stands on the schema: what was made here may be replaced here. */
const mark = "Made by assay etl source.";

/** Rows of the tables that were made. */
type MadeSource = Readonly<Record<string, number>>;

/**
 * Makes the travel application of the flow in a database: its schema, by migrations of its own, and rows drawn from a seed, whose tastes,
 * seasons and popularity make recommenders differ. The rows are made by DuckDB and go in by COPY: any size in bounded memory. All or
 * nothing. Throws ConflictError where one is there and `replace` is not said, or it was not made here.
 */
export async function createSource(database: pg.ClientConfig, folder: string, options: SourceOptions = {}): Promise<MadeSource> {
  const size = sourceSize(options);
  const client = new pg.Client(database);
  client.on("error", () => {}); // the running query fails by itself
  await client.connect();
  const scratch = await mkdtemp(join(folder, "source-"));
  const engine = await openDuckdb({ folder: scratch });
  try {
    await client.query("begin");
    await makeSchema(client, options.replace ?? false);
    const made = await load(client, engine, scratch, size);
    await client.query("commit");
    await client.query(
      `analyze ${Object.keys(made)
        .map((name) => `${schema}.${identifier(name)}`)
        .join(", ")}`,
    );
    return made;
  } finally {
    await engine.close();
    await client.end().catch(() => {});
    await rm(scratch, { recursive: true, force: true });
  }
}

async function makeSchema(client: pg.Client, replace: boolean): Promise<void> {
  const { rows } = await client.query<{ said: string | null }>(
    "select obj_description(oid, 'pg_namespace') as said from pg_namespace where nspname = $1",
    [schema],
  );
  if (rows[0] && rows[0].said !== mark)
    throw new ConflictError(
      `source: the schema "${schema}" is an application's own and stays; rename it, or take another database`,
    );
  if (rows[0] && !replace)
    throw new ConflictError(`source: the schema "${schema}" is there; say replace (--replace) to make it anew`);
  await client.query(`drop schema if exists ${schema} cascade`);
  for (const text of sourceMigrations()) await client.query(text);
  await client.query(`comment on schema ${schema} is '${mark}'`);
}

/** The migrations of the application's own schema, in order. */
function sourceMigrations(): readonly string[] {
  const folder = ["./source/", "../source/"].map((path) => new URL(path, import.meta.url)).find(existsSync);
  if (!folder) throw new StoreError("source: its migrations are not beside the program");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => readFileSync(new URL(name, folder), "utf8"));
}

async function load(client: pg.Client, engine: Engine, scratch: string, size: SourceSize): Promise<MadeSource> {
  const made: Record<string, number> = {};
  for (const [statements, tables] of [
    [peopleStatements(size), peopleTables(size)],
    [eventStatements(size), eventTables(size)],
  ] as const) {
    for (const statement of statements) await engine.sql(statement);
    for (const [table, query] of tables) {
      const csv = join(scratch, `${table}.csv`);
      await engine.writeCsv(query, csv);
      const into = client.query(copyFrom(`copy ${schema}.${identifier(table)} from stdin (format csv, null '\\N')`));
      await pipeline(createReadStream(csv), into);
      made[table] = into.rowCount;
      await rm(csv);
    }
  }
  return made;
}
