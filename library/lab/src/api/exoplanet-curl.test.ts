import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
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
  while (!(await hasWorker(opened.session))) await sleep(50); // else the first session would start one of its own
});
afterAll(async () => {
  signalAll(worker, "SIGKILL");
  await app.close();
  await opened.close();
});

/** The commands of the page, in their order. */
const commands = [...readFileSync(`${root}docs/exoplanets.md`, "utf8").matchAll(/```sh\n([\s\S]*?)```/g)].map(
  ([, text]) => text!,
);

async function run(command: string, sessionId = ""): Promise<string> {
  const env = { ...process.env, ASSAY_URL: url, ASSAY_TOKEN: token, SESSION_ID: sessionId, NO_PROXY: "127.0.0.1" };
  const { stdout } = await promisify(execFile)("bash", ["-c", command], { cwd: root, env });
  return stdout;
}

test("the documented curl commands upload the shipped table, train on it and use the model", async () => {
  const [upload, datasets, start, events, whole, all, predict, registry] = commands as [string, ...string[]] & string[];
  expect(commands).toHaveLength(8);

  const uploaded = JSON.parse(await run(upload!));
  expect(uploaded, JSON.stringify(uploaded)).toHaveProperty("dataset");
  expect(uploaded.dataset).toMatchObject({ dataset: "example@1", samples: 1200, report: { rows_read: 1200 } });
  expect(JSON.parse(await run(datasets!)).items).toEqual([uploaded.dataset]);

  const started = JSON.parse(await run(start!));
  expect(started.status).toBe("success");
  expect(["pending", "training"]).toContain(started.session_status); // at once: an idle worker may have taken it, none has trained

  const told = await run(events!, started.session_id);
  expect(told).toContain('"run_status":"completed"');
  expect(told.match(/"name":"val_accuracy"/g)).toHaveLength(3);

  const { session } = JSON.parse(await run(whole!, started.session_id));
  expect(session).toMatchObject({
    session_status: "completed",
    epochs: 3,
    saved_as: expect.stringMatching(/^exoplanet_model_\d{8}_\d{6}$/),
  });
  expect(session.history).toHaveLength(3);
  expect(JSON.parse(await run(all!)).items[0]).toMatchObject({ session_id: started.session_id, saved_as: session.saved_as });

  const { items, model } = JSON.parse(await run(predict!));
  expect(model).toBe(`exoplanet_model@${session.saved_as}`);
  expect(Object.keys(items[0])).toEqual(["label", "label_proba", "period", "depth"]);
  expect(JSON.parse(await run(registry!)).outputs).toEqual(items);
});
