import { statfsSync } from "node:fs";
import { sql } from "kysely";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { poolUse } from "../db/database.ts";
import { livingWorkers } from "../jobs/index.ts";
import type { Session } from "../projects/session.ts";
import { predictionCounts } from "../registry/index.ts";
import type { App } from "./app.ts";
import { streamCount } from "./event-streams.ts";
import { routeOf } from "./request-log.ts";

/** What a scrape asks of the database is kept for so long. */
const keptMs = 5000;
/** Answers that are counted at a time: the labels of each cost more than its count. */
const countedTogether = 256;
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Measures of a service as Prometheus reads them. */
export interface Metrics {
  /** Everything now, as text. */
  text(): Promise<string>;
  readonly contentType: string;
  /** A function that counts good answers of one route that Fastify does not see, with their milliseconds; some at a time, all of them before a scrape. */
  counter(method: string, route: string): (ms: number) => void;
}

/**
 * Counts and times the requests of an app, and gives them beside what database, queue, store and process say. Labels take values of ours
 * only (route patterns, methods, statuses, kinds of jobs), so that no caller makes series.
 */
export function measure(app: App, session: Session): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Counter({
    name: "assay_http_requests_total",
    help: "Requests answered.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const seconds = new Histogram({
    name: "assay_http_request_duration_seconds",
    help: "Time to the end of an answer; streams of events are left out.",
    labelNames: ["method", "route"],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  app.addHook("onResponse", async (request, reply) => {
    const labels = { method: methods.has(request.method) ? request.method : "other", route: routeOf(request) };
    requests.inc({ ...labels, status: reply.statusCode });
    if (!request.routeOptions.config?.route?.events) seconds.observe(labels, reply.elapsedTime / 1000);
  });
  gauges(session, registers);
  const drains: (() => void)[] = [];
  return {
    text() {
      for (const drain of drains) drain();
      return registry.metrics();
    },
    contentType: registry.contentType,
    counter(method, route) {
      const answered = requests.labels({ method, route, status: 200 });
      const times = seconds.labels({ method, route });
      let waiting: number[] = [];
      const drain = (): void => {
        if (waiting.length > 0) answered.inc(waiting.length);
        for (const ms of waiting) times.observe(ms / 1000);
        waiting = [];
      };
      drains.push(drain);
      return (ms) => {
        if (waiting.push(ms) >= countedTogether) drain();
      };
    },
  };
}

interface Figures {
  readonly jobs: readonly { kind: string; status: string; count: number }[];
  readonly oldestQueuedSeconds: number;
  readonly datasetBytes: number;
  readonly workers: number;
  readonly lastBeatSeconds: number | undefined;
}

/** Gauges that are read when they are asked for. Where the database is away, its own are absent and `assay_database_up` is 0. */
function gauges(session: Session, registers: [Registry] | Registry[]): void {
  const figures = keep(() => readFigures(session));
  const gauge = (name: string, help: string, labelNames: string[], read: (own: Gauge) => Promise<void> | void): void => {
    new Gauge({
      name: `assay_${name}`,
      help,
      labelNames,
      registers,
      async collect() {
        this.reset();
        await read(this);
      },
    });
  };
  const stored = (name: string, help: string, labelNames: string[], read: (own: Gauge, now: Figures) => void): void =>
    gauge(name, help, labelNames, async (own) => {
      const now = await figures().catch(() => undefined);
      if (now) read(own, now);
    });

  gauge("database_up", "Whether the database answers.", [], async (own) =>
    own.set(
      await figures().then(
        () => 1,
        () => 0,
      ),
    ),
  );
  gauge("database_connections", "Connections of this process's pool.", ["state"], (own) => {
    for (const [state, count] of Object.entries(poolUse(session.db))) own.set({ state }, count);
  });
  stored("jobs", "Jobs that are kept.", ["kind", "status"], (own, { jobs }) => {
    for (const { kind, status, count } of jobs) own.set({ kind, status }, count);
  });
  stored("jobs_oldest_queued_seconds", "How long the oldest job waits that may be taken.", [], (own, now) =>
    own.set(now.oldestQueuedSeconds),
  );
  stored("workers", "Workers heard within their leases.", [], (own, { workers }) => own.set(workers));
  stored("worker_last_beat_seconds", "Since a worker was heard last.", [], (own, { lastBeatSeconds }) => {
    if (lastBeatSeconds !== undefined) own.set(lastBeatSeconds);
  });
  stored("dataset_bytes", "Size of all dataset files.", [], (own, { datasetBytes }) => own.set(datasetBytes));
  gauge("store_free_bytes", "Room on the disk of the store.", [], (own) => {
    const free = freeBytes(session.store.folder);
    if (free !== undefined) own.set(free);
  });
  gauge("event_streams", "Open streams of server-sent events.", [], (own) => own.set(streamCount()));
  new Counter({
    name: "assay_predictions_total",
    help: "Answers by what gave them; emergency: neither the version nor its fallback could.",
    labelNames: ["source"],
    registers,
    collect() {
      this.reset();
      for (const [source, count] of Object.entries(predictionCounts())) this.inc({ source }, count);
    },
  });
}

async function readFigures({ db }: Session): Promise<Figures> {
  const { rows: jobs } = await sql<Figures["jobs"][number]>`
    select kind, status, count(*)::integer as count from jobs group by kind, status order by count desc limit 500`.execute(db);
  const { rows } = await sql<{ waits: number; bytes: number }>`select
    (select coalesce(greatest(extract(epoch from now() - min(greatest(created_at, not_before))), 0), 0)::double precision
      from jobs where status = 'queued' and not_before <= now()) as waits,
    (select coalesce(sum(size), 0)::double precision from (select max(size_bytes) as size from dataset_versions group by file) as f) as bytes`.execute(
    db,
  );
  const workers = await livingWorkers(db);
  return {
    jobs,
    oldestQueuedSeconds: rows[0]!.waits,
    datasetBytes: rows[0]!.bytes,
    workers: workers.filter(({ silent }) => !silent).length,
    lastBeatSeconds: workers[0] && Math.max(0, (Date.now() - workers[0].beat_at.getTime()) / 1000),
  };
}

/** The same answer to all who ask within a short time. */
function keep<T>(read: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  let until = 0;
  return () => {
    if (!kept || Date.now() > until) {
      kept = read();
      until = Date.now() + keptMs;
    }
    return kept;
  };
}

function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
