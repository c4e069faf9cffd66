import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { workoutsOf } from "../flows/workout/index.ts";
import { hasWorker } from "../jobs/index.ts";
import type { Opened } from "../projects/session.ts";
import { signalAll, startWorker } from "../testing/start-worker.ts";
import { testSession } from "../testing/test-session.ts";
import { type App, makeApp } from "./app.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const token = "a-token-of-this-test-alone-0123456789";
let opened: Opened;
let app: App;
let worker: ReturnType<typeof startWorker>;
let url: string;
beforeAll(async () => {
  opened = await testSession();
  app = await makeApp(opened.session, { token });
  url = await app.listen({ host: "127.0.0.1", port: 0 });
  worker = startWorker();
  while (!(await hasWorker(opened.session))) await sleep(50); // else the first training would start one of its own
});
afterAll(async () => {
  signalAll(worker, "SIGKILL");
  await app.close();
  await opened.close();
});

/** The commands of the page, in their order. */
const commands = [...readFileSync(`${root}docs/workouts.md`, "utf8").matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text!);

async function run(command: string, jobId = ""): Promise<string> {
  const env = { ...process.env, ASSAY_URL: url, ASSAY_TOKEN: token, JOB_ID: jobId, NO_PROXY: "127.0.0.1" };
  const { stdout } = await promisify(execFile)("bash", ["-c", command], { cwd: root, env });
  return stdout;
}

test("the documented curl commands send the shipped log, train on it and get what a cell gets", async () => {
  const [upload, events, predict, backtest, analytics, add] = commands as [string, ...string[]] & string[];
  expect(commands).toHaveLength(6);

  const sent = JSON.parse(await run(upload!));
  expect(sent, JSON.stringify(sent)).toMatchObject({
    log: { dataset: "workouts_ann@1", report: { format: "strong" } },
    reason: null,
  });
  expect(await run(events!, sent.job_id)).toContain('"job_status":"completed"');

  const asked = { user: "ann", user_data: { level: "intermediate", goals: "strength" } } as const;
  const cell = workoutsOf(opened.session);
  const answer = JSON.parse(await run(predict!));
  expect(answer).toMatchObject({ source: "advanced", model: expect.stringContaining("workouts_ann@") });
  expect(answer).toEqual({ status: "success", ...(await cell.predict("Squat (Barbell)", asked)) });
  expect(JSON.parse(await run(backtest!)).backtest).toEqual(await cell.backtest({ user: "ann" }));
  expect(JSON.parse(await run(analytics!))).toEqual({ status: "success", ...(await cell.analytics({ user: "ann" })) });

  expect(JSON.parse(await run(add!))).toMatchObject({ dataset: "workouts_ann@2", job_id: null });
  expect(JSON.parse(await run(predict!))).toMatchObject({ source: "advanced", last_weight: 230 });
}, 300_000);
