import { setTimeout as sleep } from "node:timers/promises";
import type { Session } from "../projects/session.ts";
import { getRun } from "../tracking/index.ts";

/** A training that a test breaks off, of a size that it chooses. */
export interface Breakable {
  /** The size to begin with; the next is twice as large. */
  readonly size: number;
  /** Begins one of a size; gives its run. */
  begin(size: number): Promise<string>;
  /** Ends the process that trains. */
  kill(): void;
}

/**
 * Breaks a training off behind its first checkpoint and before its end; gives the size of that one. One that was done before it could be broken
 * off was too small for this machine, and a larger one is begun.
 */
export async function brokenOff(session: Session, { size, begin, kill }: Breakable): Promise<number> {
  const runId = await begin(size);
  const kept = await hasCheckpoint(session, runId);
  kill();
  if (kept && (await getRun(session, runId)).status === "training") return size;
  return brokenOff(session, { size: 2 * size, begin, kill });
}

/** Whether a run that trains gets a checkpoint; false where it ends before one is seen. */
async function hasCheckpoint(session: Session, runId: string): Promise<boolean> {
  for (;;) {
    const { artifacts, status } = await getRun(session, runId);
    if (artifacts.some(({ kind }) => kind === "checkpoint")) return true;
    if (status !== "pending" && status !== "training") return false;
    await sleep(50);
  }
}
