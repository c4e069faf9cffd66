import { sql } from "kysely";
import type { Database } from "../db/database.ts";
import type { Limits } from "./limits.ts";

/** A worker as the table of the living says it. */
export interface LivingWorker {
  readonly name: string;
  readonly concurrency: number;
  /** What it gives a job, in MB. */
  readonly memory_mb: number;
  readonly running: number;
  readonly started_at: Date;
  readonly beat_at: Date;
  /** Silent for longer than its leases last. */
  readonly silent: boolean;
}

/** Says that a worker lives, and what it does. */
export async function beat(db: Database, name: string, limits: Limits, leaseSeconds: number, running: number): Promise<void> {
  const { concurrency, threads, memoryMb } = limits;
  const lease = Math.max(1, Math.ceil(leaseSeconds));
  await sql`insert into workers (name, concurrency, threads, memory_mb, lease_seconds, running)
    values (${name}, ${concurrency}, ${threads}, ${memoryMb}, ${lease}, ${running})
    on conflict (name) do update set beat_at = now(), running = excluded.running`.execute(db);
}

/** Takes a worker off the list that ended as it should, and those that were silent for a day. */
export async function endBeat(db: Database, name: string): Promise<void> {
  await sql`delete from workers where name = ${name} or beat_at < now() - interval '1 day'`.execute(db);
}

/** Workers that were heard within a day, on any machine, the newest beat first. */
export async function livingWorkers(db: Database): Promise<readonly LivingWorker[]> {
  const { rows } = await sql<LivingWorker>`
    select name, concurrency, memory_mb, running, started_at, beat_at, beat_at < now() - make_interval(secs => lease_seconds) as silent
    from workers where beat_at > now() - interval '1 day' order by beat_at desc limit 1000`.execute(db);
  return rows;
}
