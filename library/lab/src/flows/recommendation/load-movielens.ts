import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ConflictError, DataError, scanCsv } from "assay";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { ensureServer } from "../../db/server.ts";
import { type Engine, openDuckdb } from "../../engine/index.ts";
import { movielensMapping } from "./mappings.ts";

const { schema } = movielensMapping;
/** Stands on the schema: what was loaded here may be replaced here. */
const mark = "Loaded by Assay from files of MovieLens.";

/** The columns that the files must have, and what is loaded: table, its columns in SQL, the query over the file. */
const tables = [
  {
    file: "ratings",
    wanted: ["userId", "movieId", "rating", "timestamp"],
    table: "ratings",
    columns: "user_id bigint not null, movie_id bigint not null, rating real not null, rated_at timestamptz not null",
    query: `select "userId"::bigint, "movieId"::bigint, rating::float, strftime(to_timestamp("timestamp"::double) at time zone 'UTC', '%Y-%m-%d %H:%M:%S+00') from ratings`,
  },
  {
    file: "ratings",
    wanted: ["userId"],
    table: "users",
    columns: "user_id bigint primary key",
    query: `select distinct "userId"::bigint from ratings order by 1`,
  },
  {
    file: "movies",
    wanted: ["movieId", "title", "genres"],
    table: "movies",
    columns: "movie_id bigint primary key, title text not null, genre text",
    query: `select "movieId"::bigint, title, string_split(genres, '|')[1] from movies`,
  },
] as const;

/**
 * Loads `ratings.csv` and `movies.csv` of a folder of MovieLens into the schema `movielens` of the lab's own database, which `movielensMapping` maps for the
 * ETL; gives the rows of each table. All or nothing, in bounded memory. For programs beside the database: no request names files of a server. Throws
 * DataError for a file that lacks a column, ConflictError where the schema is there and `replace` is not said, or it was not made here.
 */
export async function loadMovielens(
  folder: string,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<Readonly<Record<string, number>>> {
  const scratch = await mkdtemp(join(tmpdir(), "movielens-"));
  const engine = await openDuckdb({ folder: scratch });
  const client = new pg.Client((await ensureServer()).connection);
  client.on("error", () => {}); // the running query fails by itself
  try {
    for (const file of ["ratings", "movies"]) await open(engine, folder, file, scratch);
    await client.connect();
    await client.query("begin");
    await makeSchema(client, replace);
    const loaded: Record<string, number> = {};
    for (const each of tables) loaded[each.table] = await load(client, engine, scratch, each);
    await client.query(`comment on schema ${schema} is '${mark}'`);
    await client.query("commit");
    return loaded;
  } finally {
    await engine.close();
    await client.end().catch(() => {});
    await rm(scratch, { recursive: true, force: true });
  }
}

async function open(engine: Engine, folder: string, file: string, scratch: string): Promise<void> {
  const path = join(folder, `${file}.csv`);
  const table = await scanCsv(path);
  const wanted = tables.flatMap((each) => (each.file === file ? each.wanted : []));
  const missing = wanted.filter((name) => !table.names.includes(name));
  if (missing.length > 0) throw new DataError(`movielens: ${path} lacks ${missing.join(", ")}, it has ${table.names.join(", ")}`);
  const parquet = join(scratch, `${file}.parquet`);
  await table.writeParquet(parquet);
  await engine.read(file, parquet);
}

async function makeSchema(client: pg.Client, replace: boolean): Promise<void> {
  const { rows } = await client.query<{ said: string | null }>(
    "select obj_description(oid, 'pg_namespace') as said from pg_namespace where nspname = $1",
    [schema],
  );
  if (rows[0] && rows[0].said !== mark)
    throw new ConflictError(`movielens: the schema "${schema}" is an application's own and stays; take another database`);
  if (rows[0] && !replace) throw new ConflictError(`movielens: the schema "${schema}" is there; say replace to load it anew`);
  await client.query(`drop schema if exists ${schema} cascade`);
  await client.query(`create schema ${schema}`);
  for (const { table, columns } of tables) await client.query(`create table ${schema}.${table} (${columns})`);
}

async function load(client: pg.Client, engine: Engine, scratch: string, { table, query }: (typeof tables)[number]) {
  const csv = join(scratch, `${table}.csv`);
  await engine.writeCsv(query, csv);
  const into = client.query(copyFrom(`copy ${schema}.${table} from stdin (format csv, null '\\N')`));
  await pipeline(createReadStream(csv), into);
  await rm(csv);
  return into.rowCount;
}
