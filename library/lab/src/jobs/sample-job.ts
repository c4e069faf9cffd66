import { systemSplit } from "../contract/system-metrics.ts";
import type { Session } from "../projects/session.ts";
import { ActiveRun, firstSample, sampleSystem, systemEveryMs } from "../tracking/index.ts";
import type { TakenJob } from "./leases.ts";

/**
 * Samples this process into a job's run until the answer is called, which waits for the last sample to be written. A job without run is not sampled,
 * and no job fails for a sample that cannot be written. A further attempt goes on by the clock of the first.
 */
export async function sampleJob(session: Session, { runId, attempt }: TakenJob): Promise<() => Promise<void>> {
  const everyMs = systemEveryMs();
  if (runId === undefined || everyMs === 0) return async () => {};
  const since = attempt > 1 ? await firstSample(session, runId).catch(() => undefined) : undefined;
  const run = new ActiveRun(session, runId);
  const stop = sampleSystem(run, { everyMs, since });
  return async () => {
    stop();
    await run.flush().catch(() => {}); // the job's own writes tell what is wrong
  };
}

/** Writes how much memory the process of a job held when it was killed for it, the last that is known of it. */
export async function noteLastMemory(session: Session, { runId }: TakenJob, megabytes: number): Promise<void> {
  if (runId === undefined || systemEveryMs() === 0) return;
  const since = (await firstSample(session, runId)) ?? Date.now();
  const run = new ActiveRun(session, runId);
  run.log({ memory_mb: Math.round(megabytes) }, { step: Math.round((Date.now() - since) / 1000), split: systemSplit });
  await run.flush();
}
