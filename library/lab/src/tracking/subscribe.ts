import type { Event } from "../contract/events.ts";
import { toMetricValue } from "../contract/values.ts";
import { listen, type Wake } from "../db/listener.ts";
import type { Session } from "../projects/session.ts";

/** An event of a stream with its id, which resumes the stream behind it. */
export interface Streamed {
  readonly id: string;
  readonly event: Event;
}

/** What a stream tells. */
export interface SubscribeOptions {
  /** One run, its metrics and log lines too; default the status changes of the whole project. */
  readonly runId?: string | undefined;
  /** Id behind which it begins; default now. */
  readonly after?: string | undefined;
  readonly signal: AbortSignal;
}

const batch = 1000;

/** Events as they happen, nothing lost over a lost connection: each wake reads what lies behind the last id. Ends with the signal. */
export async function* subscribe(session: Session, { runId, after, signal }: SubscribeOptions): AsyncGenerator<Streamed> {
  let last = BigInt(after ?? (await newest(session)));
  let awake = true;
  let wake: () => void = () => {};
  const call = (notice: Wake | undefined): void => {
    if (notice && (notice.project !== session.projectId || (runId && notice.subject !== runId))) return;
    awake = true;
    wake();
  };
  const ignore = await listen(call);
  const onAbort = (): void => wake();
  signal.addEventListener("abort", onAbort);
  try {
    while (!signal.aborted) {
      if (!awake) await new Promise<void>((resolve) => (wake = resolve));
      if (signal.aborted) return;
      awake = false;
      for (const streamed of await read(session, runId, last)) {
        if (signal.aborted) return;
        last = BigInt(streamed.id);
        yield streamed;
      }
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    await ignore();
  }

  async function read(own: Session, id: string | undefined, from: bigint): Promise<Streamed[]> {
    try {
      const found = id
        ? [...(await events(own, id, from)), ...(await metrics(own, id, from)), ...(await logs(own, id, from))]
        : await events(own, undefined, from);
      if (found.length >= batch) awake = true;
      return found.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
    } catch {
      awake = true; // the database is away; the listener's reconnection or the next round reads it
      await new Promise((resolve) => setTimeout(resolve, 500));
      return [];
    }
  }
}

async function newest({ db }: Session): Promise<string> {
  const { last } = await db.selectNoFrom((eb) => eb.fn<string>("last_event_id", []).as("last")).executeTakeFirstOrThrow();
  return last;
}

async function events({ db, projectId }: Session, runId: string | undefined, after: bigint): Promise<Streamed[]> {
  let query = db
    .selectFrom("events")
    .select(["id", "data"])
    .where("project_id", "=", projectId)
    .where("id", ">", after as never);
  if (runId) query = query.where("subject_id", "=", runId);
  const rows = await query.orderBy("id").limit(batch).execute();
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
