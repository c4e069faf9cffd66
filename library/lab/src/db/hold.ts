import { type RawBuilder, sql } from "kysely";
import pg from "pg";
import { ensureServer } from "./server.ts";
import { endsWithClient, keptAlive } from "./silence.ts";

/** Classes of advisory locks that say "this is being written". */
export const writing = { run: 4243, dataset: 4244, workouts: 4248 } as const;

/** Which rows of pg_locks, as `l`, are of a class of locks and of this database: others on the same server have locks of the same class. */
export function ofClass(lockClass: number): RawBuilder<boolean> {
  return sql`l.locktype = 'advisory' and l.classid = ${lockClass} and l.objsubid = 2
    and l.database = (select oid from pg_database where datname = current_database())`;
}

/**
 * Shows that something is being written, by an advisory lock on a connection of its own, until the answer is called; the lock goes with the
 * connection when the process ends. After a crash of the database it is taken again as soon as that is back. Several may hold one, unless it is held
 * alone: then each waits for the one before.
 */
export async function holdLock(
  lockClass: number,
  key: string,
  { alone = false }: { readonly alone?: boolean } = {},
): Promise<() => Promise<void>> {
  const lock = alone ? "pg_advisory_lock" : "pg_advisory_lock_shared";
  let client: pg.Client | undefined;
  let released = false;
  const hold = async (): Promise<void> => {
    const { connection } = await ensureServer(undefined, { again: true });
    client = new pg.Client({ ...connection, ...keptAlive });
    client.on("error", () => {});
    client.once("end", () => void again());
    await client.connect();
    await endsWithClient(client);
    await client.query(`select ${lock}($1, hashtext($2))`, [lockClass, key]);
  };
  const again = async (): Promise<void> => {
    while (!released) {
      try {
        return await hold();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    }
  };
  await hold();
  return async () => {
    released = true;
    await client?.end().catch(() => {});
  };
}
