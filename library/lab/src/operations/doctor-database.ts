import { hostname } from "node:os";
import { sql } from "kysely";
import type { Database } from "../db/database.ts";
import type { DatabaseStatus } from "../db/status.ts";
import { type LivingWorker, livingWorkers } from "../jobs/index.ts";
import { memoryBytes } from "../memory-bytes.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** Versions of PostgreSQL that the tests run on begin here. */
const oldestMajor = 14;
const clockMs = 2000;
const waitMinutes = 15;

/** Reachability, version, room for connections, migrations and clock. */
export function checkStatus(status: DatabaseStatus): readonly Check[] {
  if (!status.answers && status.embedded)
    return [warn("database", `${status.where}: ${status.reason}`, "nothing, where it is not needed now: it starts by itself")];
  const remedy = process.env["DATABASE_URL"]
    ? "mend DATABASE_URL, or start that server"
    : "assay db start; or set DATABASE_URL, where the service has one";
  if (!status.answers) return [fail("database", `${status.where}: ${status.reason}`, remedy)];
  const { version, connections, connections_max: most, applied, pending, unknown, clock_ahead_ms: ahead } = status;
  const major = Number.parseInt(version, 10);
  return [
    major >= oldestMajor
      ? ok("database", `${status.where}: PostgreSQL ${version}`)
      : fail("database", `PostgreSQL ${version}, needs ${oldestMajor} or newer`, "take a newer server"),
    connections < 0.8 * most
      ? ok("connections", `${connections} of ${most}`)
      : warn("connections", `${connections} of ${most} are taken`, "raise max_connections, or end what is idle"),
    unknown.length > 0
      ? fail("migrations", `${unknown[0]} is of a newer release`, "take the release that others on this database have")
      : pending.length > 0
        ? fail("migrations", `${pending.length} wait: ${pending.join(", ")}`, "assay db migrate")
        : ok("migrations", `${applied.length} applied`),
    Math.abs(ahead) <= clockMs
      ? ok("clock", `${Math.abs(ahead)} ms from the database's`)
      : warn(
          "clock",
          `the database's clock is ${(Math.abs(ahead) / 1000).toFixed(1)} s ${ahead > 0 ? "ahead" : "behind"}`,
          "keep both machines' time by NTP: leases depend on it",
        ),
  ];
}

/** What the workers of this machine give their jobs, where that is more than it has: each takes its share as if it were alone. */
function checkShares(alive: readonly LivingWorker[]): Check | undefined {
  const here = alive.filter(({ name }) => name.startsWith(`${hostname()}/`));
  const givenMb = here.reduce((total, { concurrency, memory_mb: mb }) => total + concurrency * mb, 0);
  const thereMb = Math.floor(memoryBytes() / 2 ** 20);
  if (here.length < 2 || givenMb <= thereMb) return undefined;
  return warn(
    "workers",
    `${here.length} on this machine give their jobs ${givenMb} MB together, and it has ${thereMb}`,
    "set ASSAY_MEMORY_MB and ASSAY_THREADS to each one's part, or take one worker with --concurrency",
  );
}

/** Jobs that nobody takes or renews, jobs that were given up, workers that fell silent. */
export async function checkQueue(db: Database): Promise<readonly Check[]> {
  const workers = await livingWorkers(db);
  const alive = workers.filter(({ silent }) => !silent);
  const silent = workers.filter((worker) => worker.silent);
  const { rows } = await sql<{ queued: number; late: number; lost: number; dead: number }>`
    select count(*) filter (where status = 'queued' and not_before <= now())::integer as queued,
      count(*) filter (where status = 'queued' and greatest(created_at, not_before) < now() - make_interval(mins => ${waitMinutes}))::integer as late,
      count(*) filter (where status = 'running' and lease_until < now() - interval '1 minute')::integer as lost,
      count(*) filter (where dead)::integer as dead
    from jobs where status in ('queued', 'running') or dead`.execute(db);
  const { queued, late, lost, dead } = rows[0]!;
  return [
    alive.length === 0 && queued > 0
      ? fail("workers", `none lives, and ${queued} jobs wait`, "assay worker, or assay serve with ASSAY_WORKERS > 0")
      : silent.length > 0
        ? warn(
            "workers",
            `${silent[0]!.name} was not heard since ${silent[0]!.beat_at.toISOString()}`,
            "look whether its machine lives; its jobs go to others",
          )
        : (checkShares(alive) ??
          ok("workers", `${alive.length} live, ${alive.reduce((total, { running }) => total + running, 0)} jobs under way`)),
    lost > 0
      ? fail(
          "queue",
          `${lost} jobs are held by nobody, and nobody takes them up`,
          "start a worker: it takes up what another left",
        )
      : late > 0
        ? warn("queue", `${late} jobs wait for more than ${waitMinutes} minutes`, "start more workers, or raise --concurrency")
        : dead > 0
          ? warn(
              "queue",
              `${dead} jobs were given up after their workers ended again and again`,
              "look at their logs; retry or cancel them",
            )
          : ok("queue", `${queued} jobs wait`),
  ];
}
