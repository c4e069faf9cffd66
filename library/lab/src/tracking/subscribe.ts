import { sql } from "kysely";
import type { Event } from "../contract/events.ts";
import { systemSplit } from "../contract/system-metrics.ts";
import { toMetricValue } from "../contract/values.ts";
import { listen } from "../db/listener.ts";
import type { Session } from "../projects/session.ts";

/** An event of a stream with its id, which resumes the stream behind it. */
interface Streamed {
  readonly id: string;
  readonly event: Event;
}

/** What a stream tells. */
export interface SubscribeOptions {
  /** One run; default every run, job, dataset and model of the project. */
  readonly runId?: string | undefined;
  /** One job, with its run where `runId` names it; `wokenBy` is the subject of its wakes. */
  readonly job?: { readonly id: string; readonly wokenBy: string } | undefined;
  /** Id behind which it begins; default now. */
  readonly after?: string | undefined;
  readonly signal: AbortSignal;
}

const batch = 1000;
/** How soon to look again for what stands behind a transaction that has not ended. */
const unsettledMs = 50;
/** Between two looks: many words become one. */
const pauseMs = 50;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Status changes, progress, metrics and log lines as they happen, in the order of their ids, so that any of them resumes the stream without
 * loss: what others may still write below an id is waited for. Ends with the signal.
 */
export async function* subscribe(session: Session, { runId, job, after, signal }: SubscribeOptions): AsyncGenerator<Streamed> {
  const subjects = [runId, job?.id].filter((each) => each !== undefined);
  const begin = BigInt(after ?? (await placeNow(session)));
  const place: Place = { last: begin, begin, cursors: new Map(), live: [] };
  const touched = new Set<string>(runId ? [runId] : []);
  let awake = true;
  let looked = -pauseMs;
  let wake: () => void = () => {};
  const rouse = (): void => {
    awake = true;
    wake();
  };
  const concerns = (subject: string): boolean => subjects.length === 0 || subjects.includes(subject) || subject === job?.wokenBy;
  const ignore = await listen((notice) => {
    if (notice && (notice.project !== session.projectId || !concerns(notice.subject))) return;
    if (notice && uuid.test(notice.subject)) touched.add(notice.subject);
    rouse();
  });
  signal.addEventListener("abort", rouse);
  try {
    while (!signal.aborted) {
      if (!awake) await new Promise<void>((resolve) => (wake = resolve));
      if (signal.aborted) return;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, looked + pauseMs - performance.now())));
      looked = performance.now();
      awake = false;
      const runs = [...touched];
      touched.clear();
      let found: Found;
      try {
        found = await readSettled(session, subjects, place, runs);
      } catch {
        for (const run of runs) touched.add(run); // the database is away: what was to be read is read later
        awake = true;
        await new Promise((resolve) => setTimeout(resolve, 500));
        continue;
      }
      if (found.isMore) awake = true;
      if (found.isUnsettled) setTimeout(rouse, unsettledMs);
      if (found.isMore || found.isUnsettled) for (const run of runs) touched.add(run);
      for (const streamed of found.streamed) {
        if (signal.aborted) return;
        yield streamed;
      }
    }
  } finally {
    signal.removeEventListener("abort", rouse);
    await ignore();
  }
}

/** Id behind which a stream begins that is to tell all that is seen from now on: what others still write below the newest id is told too. */
export async function placeNow({ db }: Session): Promise<string> {
  const { settled } = await db
    .selectNoFrom((eb) => eb.fn<string>("settled_event_id", []).as("settled"))
    .executeTakeFirstOrThrow();
  return settled;
}

/** How far a stream has come. */
interface Place {
  last: bigint;
  readonly begin: bigint;
  /** By run, of its metrics and log lines. */
  readonly cursors: Map<string, bigint>;
  /** Runs that were training at the last look: they may have ended since. */
  live: readonly string[];
}

interface Found {
  readonly streamed: Streamed[];
  readonly isMore: boolean;
  /** Somebody may still write below the newest id. */
  readonly isUnsettled: boolean;
}

/** Reads all that lies behind the place, up to the id below which nothing can appear any more. */
async function readSettled(
  session: Session,
  subjects: readonly string[],
  place: Place,
  touched: readonly string[],
): Promise<Found> {
  const cursorOf = (run: string): string => String(place.cursors.get(run) ?? place.begin);
  const key = [
    ...(subjects.length > 0 ? subjects : [place.begin]),
    place.last,
    ...[...touched, ...place.live].map((run) => `${run} ${cursorOf(run)}`),
  ].join();
  const { read, settled, newest, live, runs } = await together(session, key, async () => {
    const { rows } = await sql<Ids>`select settled_event_id() as settled, last_event_id() as newest`.execute(session.db);
    const { settled, newest } = rows[0]!;
    const live = subjects.length > 0 ? [] : await liveRuns(session);
    const runs = [...new Set([...touched, ...live, ...place.live])];
    const after = runs.map(cursorOf);
    const read = await Promise.all([
      events(session, subjects, place.last, settled),
      metrics(session, runs, after, settled),
      logs(session, runs, after, settled),
    ]);
    return { read, settled, newest, live, runs };
  });
  // where one kind has more than was read, the others wait for it
  const ends = read.filter((rows) => rows.length === batch).map((rows) => BigInt(rows.at(-1)!.id));
  const end = ends.reduce((least, id) => (id < least ? id : least), BigInt(settled));
  const found = read.flat().filter(({ id }) => BigInt(id) <= end);
  found.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  if (end > place.last) place.last = end;
  for (const run of runs) if (end > (place.cursors.get(run) ?? place.begin)) place.cursors.set(run, end);
  place.live = live;
  return { streamed: joinPoints(found), isMore: ends.length > 0, isUnsettled: BigInt(settled) < BigInt(newest) };
}

interface Ids {
  readonly settled: string;
  readonly newest: string;
}

const underway = new WeakMap<object, Map<string, Promise<unknown>>>();

/** The same read for all listeners that stand at the same place and are woken by the same word: one question for all of them. */
function together<T>({ db }: Session, key: string, read: () => Promise<T>): Promise<T> {
  let reads = underway.get(db);
  if (!reads) underway.set(db, (reads = new Map()));
  const known = reads.get(key) as Promise<T> | undefined;
  if (known) return known;
  const made = read();
  reads.set(key, made);
  setImmediate(() => reads.delete(key)); // what is asked after the next word must see what that was about
  return made;
}

/** Points of a run that follow each other as one event, whose id is that of the last. */
function joinPoints(rows: readonly Streamed[]): Streamed[] {
  const joined: Streamed[] = [];
  for (const { id, event } of rows) {
    const before = joined.at(-1)?.event;
    const isMore = (event.kind === "metrics" || event.kind === "system") && before?.kind === event.kind;
    if (isMore && before.run_id === event.run_id)
      joined[joined.length - 1] = { id, event: { ...before, points: before.points.concat(event.points) } };
    else joined.push({ id, event });
  }
  return joined;
}

/** Runs whose metrics come without a word about them. */
async function liveRuns({ db, projectId }: Session): Promise<string[]> {
  const rows = await db
    .selectFrom("runs")
    .select("id")
    .where("project_id", "=", projectId)
    .where("status", "=", "training")
    .limit(1000)
    .execute();
  return rows.map(({ id }) => id);
}

async function events(
  { db, projectId }: Session,
  subjects: readonly string[],
  after: bigint,
  until: string,
): Promise<Streamed[]> {
  let query = db
    .selectFrom("events")
    .select(["id", "data"])
    .where("project_id", "=", projectId)
    .where("id", ">", String(after) as never)
    .where("id", "<=", until as never);
  if (subjects.length > 0) query = query.where("subject_id", "in", subjects);
  const rows = await query.orderBy("id").limit(batch).execute();
  return rows.map(({ id, data }) => ({ id, event: data as Event }));
}

interface MetricRow {
  readonly id: string;
  readonly run_id: string;
  readonly name: string;
  readonly split: string;
  readonly step: string;
  readonly value: number;
  readonly at: Date;
}

async function metrics({ db }: Session, runs: readonly string[], after: readonly string[], until: string): Promise<Streamed[]> {
  const { rows } = await behind<MetricRow>(db, "run_metrics", runs, after, until);
  return rows.map(({ id, run_id, name, split, step, value, at }) => {
    const point = { name, split, step: Number(step), value: toMetricValue(value), at: at.toISOString() };
    return { id, event: { kind: split === systemSplit ? "system" : "metrics", run_id, points: [point] } };
  });
}

interface LogRow {
  readonly id: string;
  readonly run_id: string;
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly at: Date;
}

async function logs({ db }: Session, runs: readonly string[], after: readonly string[], until: string): Promise<Streamed[]> {
  const { rows } = await behind<LogRow>(db, "run_logs", runs, after, until);
  return rows.map(({ id, run_id, level, message, at }) => ({
    id,
    event: { kind: "log", run_id, line: { id, level, message, at: at.toISOString() } },
  }));
}

/** The first rows of a table behind each run's own id. */
function behind<R>(db: Session["db"], table: string, runs: readonly string[], after: readonly string[], until: string) {
  return sql<R>`select m.* from unnest(${runs}::uuid[], ${after}::bigint[]) as r (id, after), lateral (
      select * from ${sql.id(table)} t where t.run_id = r.id and t.id > r.after and t.id <= ${until}::bigint order by t.id limit ${batch}
    ) m order by m.id limit ${batch}`.execute(db);
}
