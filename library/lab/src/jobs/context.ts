import { sql } from "kysely";
import { systemSplit } from "../contract/system-metrics.ts";
import { transaction } from "../db/database.ts";
import { emit } from "../db/events.ts";
import { numberSetting } from "../number-setting.ts";
import type { Session } from "../projects/session.ts";
import { logLines } from "../tracking/index.ts";
import { type Checkpoint, forgetBeyond, latestCheckpoint, saveCheckpoint } from "./checkpoints.ts";
import { type JobContext, jobKind } from "./kinds.ts";
import type { TakenJob } from "./leases.ts";

/** How often checkpoints are kept; ASSAY_CHECKPOINT_SECONDS in tests. */
const checkpointMs = 1000 * (numberSetting("ASSAY_CHECKPOINT_SECONDS") ?? 30);
/** How often log lines and progress are written. */
const writeMs = 500;

type Line = { readonly level: "debug" | "info" | "warn" | "error"; readonly message: string };

/** The surroundings of a job that was taken: log, progress, checkpoints. `close` writes what is left. */
export async function openContext(
  session: Session,
  job: TakenJob,
  signal: AbortSignal,
  soon: AbortSignal,
): Promise<JobContext & { close(): Promise<void> }> {
  const { jobId, runId, attempt } = job;
  const begin = performance.now();
  const lines: Line[] = [];
  let progress: { step: number; steps: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing
      .then(() => writeLines(session, job, lines.splice(0)))
      .then(() => writeProgress(session, job, progress && { ...progress, elapsed_ms: Math.round(performance.now() - begin) }));
    return writing;
  };
  const schedule = (): void => {
    timer ??= setTimeout(() => void write().catch(() => {}), writeMs);
  };
  const log: JobContext["log"] = (message, level = "info") => {
    lines.push({ level, message });
    schedule();
  };
  const latest = attempt > 1 && runId ? await comeBack(session, job, log) : undefined;
  return {
    jobId,
    runId,
    attempt,
    signal,
    log,
    progress(step, steps) {
      progress = { step, steps };
      schedule();
    },
    checkpoints: {
      latest,
      everyMs: checkpointMs,
      soon,
      async save(checkpoint: Checkpoint) {
        if (runId) await saveCheckpoint(session, runId, checkpoint);
      },
    },
    close: write,
  };
}

/**
 * What a new attempt of a run begins with: the newest checkpoint, and of the earlier attempt's points only those that led to it, so that
 * nothing is shown twice, and those of its process, which may say why it ended.
 */
async function comeBack(
  session: Session,
  { runId, attempt, kind }: TakenJob,
  log: JobContext["log"],
): Promise<Checkpoint | undefined> {
  const latest = await latestCheckpoint(session, runId!, (message) => log(message, "warn"));
  const step = latest?.step ?? 0;
  const files = await transaction(session.db, async (work) => {
    if (!jobKind(kind).goesOn)
      await sql`delete from run_metrics where run_id = ${runId} and split <> ${systemSplit} and not (split = 'train' and step between 1 and ${step})`.execute(
        work,
      );
    return forgetBeyond(work, runId!, step);
  });
  for (const file of files) await session.store.remove(file);
  const how = latest ? `it goes on behind step ${latest.step} of ${latest.steps}` : "it begins anew";
  log(`attempt ${attempt}: ${how}`, "warn");
  return latest;
}

async function writeLines(session: Session, { jobId, runId }: TakenJob, lines: readonly Line[]): Promise<void> {
  if (lines.length === 0) return;
  if (runId) return logLines(session, runId, lines);
  await session.db
    .insertInto("job_logs")
    .values(lines.map(({ level, message }) => ({ job_id: jobId, level, message: message.slice(0, 10_000) })))
    .execute();
}

async function writeProgress(
  session: Session,
  { jobId, runId, attempt, kind }: TakenJob,
  progress: { step: number; steps: number; elapsed_ms: number } | undefined,
): Promise<void> {
  if (!progress) return;
  const { numUpdatedRows } = await session.db
    .updateTable("jobs")
    .set({ progress: JSON.stringify(progress) })
    .where("id", "=", jobId)
    .where("attempt", "=", attempt)
    .where("status", "=", "running")
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  const told = { kind: "job", job_id: jobId, run_id: runId ?? null, job_kind: kind, job_status: "running", progress } as const;
  await emit(session.db, session.projectId, jobId, told);
}
