import { StoreError } from "assay";
import { sql } from "kysely";
import type { Database } from "../db/database.ts";
import { migrationFiles } from "../db/migration-files.ts";
import { livingWorkers } from "../jobs/index.ts";

/** What a service needs to work, each by its state. */
interface Readiness {
  readonly database: "up";
  /** `waiting`: jobs are queued, and no worker lives. */
  readonly queue: "working" | "idle" | "waiting";
  readonly migrations: "applied";
  readonly workers: number;
  readonly queued: number;
}

/** Asks database, schema and queue. Throws StoreError that names what is not ready, with the state of the others. */
export async function readiness(db: Database): Promise<Readiness> {
  const applied = await sql<{ name: string }>`select name from kysely_migration order by name`
    .execute(db)
    .catch((cause: Error) => {
      throw new StoreError(`not ready: database down (${cause.message}), queue unknown, migrations unknown`, { cause });
    });
  const names = new Set(applied.rows.map(({ name }) => name));
  const known = migrationFiles().map(({ name }) => name);
  const waiting = known.filter((name) => !names.has(name));
  const [workers, queue] = await Promise.all([
    livingWorkers(db),
    sql<{
      queued: number;
      running: number;
    }>`select count(*) filter (where status = 'queued' and not_before <= now())::integer as queued,
      count(*) filter (where status = 'running')::integer as running from jobs where status in ('queued', 'running')`.execute(db),
  ]).catch((cause: Error) => {
    throw new StoreError(`not ready: database up, queue down (${cause.message}), migrations ${waiting.length} waiting`, {
      cause,
    });
  });
  const { queued, running } = queue.rows[0]!;
  const alive = workers.filter(({ silent }) => !silent).length;
  const state = running > 0 ? "working" : queued > 0 && alive === 0 ? "waiting" : "idle";
  if (waiting.length > 0)
    throw new StoreError(
      `not ready: database up, queue ${state}, migrations ${waiting.length} waiting (${waiting[0]}): run assay db migrate`,
    );
  return { database: "up", queue: state, migrations: "applied", workers: alive, queued };
}
