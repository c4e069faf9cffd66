import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { random } from "assay";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stopServer } from "../db/server.ts";
import { type Opened, openSession } from "../projects/session.ts";
import { keepFigure } from "../testing/figures.ts";
import { shortLease, signalAll, startWorker } from "../testing/start-worker.ts";
import "../testing/test-kinds.ts";
import { type QueuedJob, queueJob, submitJob } from "./index.ts";

/** 3 in `npm test`, one of each process; 200 in `npm run soak`. */
const kills = Number(process.env["ASSAY_KILLS"] ?? 3);
/** Beside other suites a worker is silent for longer, and would lose its jobs without being killed. */
const lease = process.env["ASSAY_KILLS"] ? shortLease : ["--lease", "10"];
const seed = Number(process.env["ASSAY_KILL_SEED"] ?? 7);

let home: string;
let opened: Opened;
let over = false;
const url = process.env["DATABASE_URL"];
const processes = new Map<"worker" | "service", ChildProcess>();

beforeAll(async () => {
  delete process.env["DATABASE_URL"]; // a server of its own, which the test may kill
  home = mkdtempSync(join(tmpdir(), "assay-kill-"));
  chmodSync(home, 0o755);
  process.env["ASSAY_HOME"] = home;
  opened = await openSession();
  keep("worker", () => startWorker([...lease, "--concurrency", "2"]));
  keep("service", startService);
});
afterAll(async () => {
  over = true;
  for (const process of processes.values()) signalAll(process, "SIGKILL");
  await opened.close();
  await stopServer(home).catch(() => {});
  rmSync(home, { recursive: true, force: true });
  if (url !== undefined) process.env["DATABASE_URL"] = url;
});

/** Keeps a process alive as the machine's own keeper would: whatever ends it, it is started again. */
function keep(name: "worker" | "service", start: () => ChildProcess): void {
  const process = start();
  processes.set(name, process);
  process.once("exit", () => !over && setTimeout(() => !over && keep(name, start), 100));
}

const socket = (): string => join(home, "s");
function startService(): ChildProcess {
  const main = fileURLToPath(new URL("../cli/main.ts", import.meta.url));
  return spawn(process.execPath, ["--conditions=assay-source", main, "serve", "--socket", socket()], {
    stdio: "ignore",
    env: { ...process.env, ASSAY_WORKERS: "0" },
  });
}

/** Asks the service until it answers; the same question may be asked twice. */
async function ask<T>(method: string, path: string, body: unknown): Promise<T> {
  const text = JSON.stringify(body);
  for (;;) {
    const answer = await new Promise<{ code: number; text: string } | undefined>((resolve) => {
      const asked = request(
        {
          socketPath: socket(),
          method,
          path: `/api/ml${path}`,
          timeout: 10_000,
          headers: {
            "x-assay": "1",
            host: "assay",
            "content-type": "application/json",
            "content-length": Buffer.byteLength(text),
          },
        },
        (response) => {
          let said = "";
          response.on("data", (data) => (said += data));
          response.on("end", () => resolve({ code: response.statusCode!, text: said }));
          response.on("error", () => resolve(undefined));
        },
      );
      asked.on("error", () => resolve(undefined));
      asked.on("timeout", () => asked.destroy());
      asked.end(text);
    });
    if (answer && answer.code < 300) return JSON.parse(answer.text) as T;
    if (answer && answer.code < 500) throw new Error(`${method} ${path}: ${answer.code} ${answer.text}`);
    await sleep(100);
  }
}

/** A program that tracks over HTTP; gives the values that were acknowledged. */
async function logger(name: string, until: () => boolean): Promise<{ runId: string; values: number[] }> {
  const { run_id: runId } = await ask<{ run_id: string }>("POST", "/runs", { experiment: "kills", name });
  const values: number[] = [];
  for (let batch = 0; !until(); batch++) {
    const steps = Array.from({ length: 20 }, (_, k) => 20 * batch + k);
    const metrics = steps.map((step) => ({ name: "loss", step, value: step }));
    await ask("POST", `/runs/${runId}/metrics`, { metrics, batch_id: `batch ${batch}` });
    values.push(...steps);
    await sleep(20);
  }
  return { runId, values };
}

function killPostgres(): void {
  const file = join(home, "pg18/data/postmaster.pid");
  if (existsSync(file)) process.kill(Number(readFileSync(file, "utf8").split("\n")[0]), "SIGKILL");
}

test(
  `${kills} kills of worker, service and PostgreSQL under load lose no row, double no run and end every job once`,
  async () => {
    const { session } = opened;
    const draw = random(seed, "kills");
    let isDone = false;
    const loggers = ["a", "b", "c"].map((name) => logger(name, () => isDone));
    const steps = 12;
    const jobs: QueuedJob[] = [];
    const submit = async (): Promise<void> => {
      for (let k = 0; !isDone; k++) {
        const options = { idempotencyKey: `kill ${k}`, retries: 100, experiment: "kills" };
        for (;;)
          try {
            jobs.push(await submitJob(session, "test-steps", { steps, ms: 40 }, options));
            break;
          } catch {
            await sleep(200); // the database is away: the same key is sent again
          }
        await sleep(700);
      }
    };
    const submitting = submit();
    const recoveries: number[] = [];
    const victims: Record<string, number> = {};
    for (let kill = 0; kill < kills; kill++) {
      await sleep(300 + draw.int(700));
      const victim = (["worker", "service", "postgres"] as const)[kill < 3 ? kill : draw.int(3)]!; // each at least once
      if (victim === "postgres") killPostgres();
      else if (victim === "worker") signalAll(processes.get("worker")!, "SIGKILL");
      else processes.get("service")!.kill("SIGKILL");
      recoveries.push(await recovered(`after kill ${kill}`));
      victims[victim] = (victims[victim] ?? 0) + 1;
    }
    isDone = true;
    await submitting;
    const told = await Promise.all(loggers);
    await allEnded(jobs);

    for (const { runId, values } of told) {
      const rows = await session.db
        .selectFrom("run_metrics")
        .select(["step", "value"])
        .where("run_id", "=", runId)
        .orderBy("step")
        .execute();
      expect(rows.map(({ value }) => value)).toEqual(values);
    }
    expect(jobs.length).toBeGreaterThan(kills / 2);
    const unfinished = await session.db
      .selectFrom("jobs")
      .select(["id", "status", "attempt", "error"])
      .where("status", "<>", "completed")
      .execute();
    expect(unfinished).toEqual([]);
    for (const { jobId, runId } of jobs) {
      const points = await session.db
        .selectFrom("run_metrics")
        .select("step")
        .where("run_id", "=", runId!)
        .where("name", "=", "step")
        .orderBy("step")
        .execute();
      expect(points.map(({ step }) => Number(step))).toEqual(Array.from({ length: steps }, (_, k) => k + 1));
      expect(await endings(jobId, "job_status")).toEqual(["completed"]);
      expect(await endings(runId!, "run_status")).toEqual(["completed"]);
    }
    const { rows } = await sql<{ runs: string }>`select count(*) as runs from runs where algorithm = 'steps'`.execute(session.db);
    expect(Number(rows[0]!.runs)).toBe(jobs.length);
    if (process.env["ASSAY_KILLS"]) expect(Math.max(...recoveries)).toBeLessThan(30_000); // in the soak, where nothing else runs
    const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
    const sorted = recoveries.toSorted((a, b) => a - b);
    keepFigure(
      "kills",
      `${kills}, seed ${seed}: ${Object.entries(victims)
        .map((each) => each.join(" "))
        .join(", ")}`,
    );
    keepFigure("jobs that ended once, of those queued", `${jobs.length} of ${jobs.length}, of ${steps} steps each`);
    const points = told.reduce((total, { values }) => total + values.length, 0);
    keepFigure("acknowledged points lost, doubled", `0, 0 of ${points.toLocaleString("en")}`);
    keepFigure(
      "until work is done again",
      `${seconds(sorted[Math.floor(kills / 2)]!)} in the middle, ${seconds(sorted.at(-1)!)} at most`,
    );
  },
  Math.max(900_000, kills * 20_000),
);

/** Milliseconds until a new job is done and the service answers again. */
async function recovered(key: string): Promise<number> {
  const begin = performance.now();
  let job: QueuedJob | undefined;
  for (;;)
    try {
      job ??= await queueJob(opened.session, "test-echo", {}, { idempotencyKey: key, priority: 100, retries: 100 });
      const row = await opened.session.db
        .selectFrom("jobs")
        .select("status")
        .where("id", "=", job.jobId)
        .executeTakeFirstOrThrow();
      if (row.status === "completed") break;
      await sleep(50);
    } catch {
      await sleep(100);
    }
  await ask("POST", "/runs", { experiment: "recovered", name: key });
  return performance.now() - begin;
}

async function allEnded(jobs: readonly QueuedJob[]): Promise<void> {
  const ids = jobs.map(({ jobId }) => jobId);
  for (;;) {
    const open = await opened.session.db
      .selectFrom("jobs")
      .select("id")
      .where("id", "in", ids)
      .where("status", "in", ["queued", "running"])
      .execute();
    if (open.length === 0) return;
    await sleep(100);
  }
}

/** The ends that were told of a job or a run. */
async function endings(id: string, field: "job_status" | "run_status"): Promise<string[]> {
  const { rows } = await sql<{ status: string }>`select data ->> ${field} as status from events
    where subject_id = ${id} and data ->> ${field} in ('completed', 'failed', 'cancelled') order by id`.execute(
    opened.session.db,
  );
  return rows.map(({ status }) => status);
}
