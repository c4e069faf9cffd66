import type { Event } from "../contract/events.ts";
import { toMetricValue } from "../contract/values.ts";
import { listen } from "../db/listener.ts";
import type { Session } from "../projects/session.ts";

/** An event of a stream with its id, which resumes the stream behind it. */
export interface Streamed {
  readonly id: string;
  readonly event: Event;
}

/** What a stream tells. */
export interface SubscribeOptions {
  /** One run; default every run, job, dataset and model of the project. */
  readonly runId?: string | undefined;
  /** Id behind which it begins; default now. */
  readonly after?: string | undefined;
  readonly signal: AbortSignal;
}

const batch = 1000;
/** Ids that may still become visible behind one that was read: writers of different subjects commit in any order. Less than two batches. */
const overlap = 1000n;

/**
 * Status changes, progress, metrics and log lines as they happen, nothing lost over a lost connection: each wake reads what lies behind
 * the ids that were read. Ends with the signal.
 */
export async function* subscribe(session: Session, { runId, after, signal }: SubscribeOptions): AsyncGenerator<Streamed> {
  const begin = BigInt(after ?? (await newest(session)));
  const cursors = new Map<string, bigint>(); // by run, of metrics and of log lines
  const seen = new Set<string>(); // ids of events within the overlap
  let last = begin;
  let touched = new Set<string>(runId ? [runId] : await liveRuns(session));
  let awake = true;
  let wake: () => void = () => {};
  const ignore = await listen((notice) => {
    if (notice && (notice.project !== session.projectId || (runId && notice.subject !== runId))) return;
    if (notice) touched.add(notice.subject);
    awake = true;
    wake();
  });
  const onAbort = (): void => wake();
  signal.addEventListener("abort", onAbort);
  try {
    while (!signal.aborted) {
      if (!awake) await new Promise<void>((resolve) => (wake = resolve));
      if (signal.aborted) return;
      awake = false;
      const runs = touched;
      touched = new Set();
      let found: Streamed[];
      try {
        found = await read(runs);
      } catch {
        awake = true; // the database is away: what was to be read is read later
        for (const run of runs) touched.add(run);
        await new Promise((resolve) => setTimeout(resolve, 500));
        continue;
      }
      for (const streamed of found) {
        if (signal.aborted) return;
        yield streamed;
      }
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    await ignore();
  }

  async function read(runs: ReadonlySet<string>): Promise<Streamed[]> {
    const from = last - overlap > begin ? last - overlap : begin;
    const told = (await events(session, runId, from)).filter(({ id }) => !seen.has(id));
    for (const { id } of told) {
      seen.add(id);
      if (BigInt(id) > last) last = BigInt(id);
    }
    for (const id of seen) if (BigInt(id) <= last - overlap) seen.delete(id);
    if (told.length >= batch) awake = true;
    const points: Streamed[] = [];
    for (const run of runs)
      for (const [kind, rows] of [
        ["metrics", metrics],
        ["logs", logs],
      ] as const) {
        const key = `${kind} ${run}`; // each its own: a batch of one may end before the other's
        const own = await rows(session, run, cursors.get(key) ?? begin);
        if (own.length === 0) continue;
        cursors.set(key, BigInt(own.at(-1)!.id));
        touched.add(run);
        awake = true; // there may be more than a batch
        points.push(...own);
      }
    return [...told, ...points].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  }
}

async function newest({ db }: Session): Promise<string> {
  const { last } = await db.selectNoFrom((eb) => eb.fn<string>("last_event_id", []).as("last")).executeTakeFirstOrThrow();
  return last;
}

/** Runs whose metrics a resumed stream may have missed. */
async function liveRuns({ db, projectId }: Session): Promise<string[]> {
  const rows = await db
    .selectFrom("runs")
    .select("id")
    .where("project_id", "=", projectId)
    .where("status", "=", "training")
    .limit(200)
    .execute();
  return rows.map(({ id }) => id);
}

async function events({ db, projectId }: Session, runId: string | undefined, after: bigint): Promise<Streamed[]> {
  let query = db
    .selectFrom("events")
    .select(["id", "data"])
    .where("project_id", "=", projectId)
    .where("id", ">", after as never);
  if (runId) query = query.where("subject_id", "=", runId);
  const rows = await query
    .orderBy("id")
    .limit(2 * batch)
    .execute();
  return rows.map(({ id, data }) => ({ id, event: data as Event }));
}

/** Points as one event of each stretch, whose id is that of its last point. */
async function metrics({ db }: Session, runId: string, after: bigint): Promise<Streamed[]> {
  const rows = await db
    .selectFrom("run_metrics")
    .selectAll()
    .where("run_id", "=", runId)
    .where("id", ">", after as never)
    .orderBy("id")
    .limit(batch)
    .execute();
  if (rows.length === 0) return [];
  const points = rows.map(({ name, split, step, value, at }) => ({
    name,
    split,
    step: Number(step),
    value: toMetricValue(value),
    at: at.toISOString(),
  }));
  return [{ id: rows.at(-1)!.id, event: { kind: "metrics", run_id: runId, points } }];
}

async function logs({ db }: Session, runId: string, after: bigint): Promise<Streamed[]> {
  const rows = await db
    .selectFrom("run_logs")
    .selectAll()
    .where("run_id", "=", runId)
    .where("id", ">", after as never)
    .orderBy("id")
    .limit(batch)
    .execute();
  return rows.map(({ id, level, message, at }) => ({
    id,
    event: { kind: "log", run_id: runId, line: { id, level, message, at: at.toISOString() } },
  }));
}
