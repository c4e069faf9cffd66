import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import "../../job-kinds.ts";
import type { SessionEpoch, TrainingSessionInfo } from "../../contract/exoplanet.ts";
import { jobEnded } from "../../jobs/index.ts";
import type { Opened } from "../../projects/session.ts";
import { getVersion, predict } from "../../registry/index.ts";
import { brokenOff } from "../../testing/broken-off.ts";
import { livingWorker, signalAll, signalStarted } from "../../testing/start-worker.ts";
import { testSession } from "../../testing/test-session.ts";
import { getRun } from "../../tracking/index.ts";
import { uploadSignals } from "./datasets.ts";
import { exampleSignals } from "./example-signals.ts";
import { exoplanetsOf } from "./for-cells.ts";
import { predictLabels } from "./predict.ts";
import { cancelSession, getSession, listSessions, startSession } from "./sessions.ts";

let opened: Opened & { readonly home: string };
let worker: ChildProcess;
beforeAll(async () => {
  opened = await testSession();
  const path = join(opened.home, "signals.csv");
  writeFileSync(path, exampleSignals({ rows: 300 }));
  await uploadSignals(opened.session, path, { name: "signals" });
  worker = await livingWorker(opened.session);
});
afterAll(async () => {
  signalAll(worker, "SIGKILL");
  await opened.close();
});

async function ended(id: string): Promise<TrainingSessionInfo> {
  const { job_id } = await getSession(opened.session, id);
  await jobEnded(opened.session, job_id!);
  return getSession(opened.session, id);
}

/** Looks again until it holds. */
async function until<T>(look: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    await sleep(50);
  }
}

const row = { period: 9.49, duration: 2.96, depth: 616, impact: 0.15, snr: 36, steff: 5455, srad: 0.93, slogg: 4.47, tmag: 15.3 };

describe("a session", () => {
  let done: TrainingSessionInfo;
  beforeAll(async () => {
    const started = await startSession(opened.session, { dataset_id: "signals", epochs: 3, model_name: "mine" });
    expect(started).toMatchObject({ dataset: "signals@1", epochs: 3, epoch: 0, saved_as: null });
    expect(["pending", "training"]).toContain(started.session_status); // an idle worker takes it at once
    done = await ended(started.session_id);
  });

  test("completes with the metrics of every epoch", () => {
    expect({ status: done.session_status, error: done.error }).toEqual({ status: "completed", error: null });
    expect(done.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    for (const epoch of done.history)
      for (const name of ["accuracy", "val_accuracy", "loss", "val_loss", "period_mae", "depth_mae"] as const)
        expect(epoch[name]).toBeTypeOf("number");
    expect(done.metrics).toEqual({ ...done.history.at(-1), epoch: undefined });
  });

  test("says what the test rows say, boosting beside it, each with its interval", () => {
    for (const split of ["test", "boosting", "boosting_curve_columns"])
      for (const name of ["accuracy", "accuracy_low", "accuracy_high", "roc_auc", "f1_macro"])
        expect(done.results[`${split}.${name}`]).toBeTypeOf("number");
    expect(done.results["test.period_mae"]).toBeTypeOf("number");
  });

  test("is a run with its model, its split by star and its log", async () => {
    const run = await getRun(opened.session, done.session_id);
    expect(run).toMatchObject({ algorithm: "exoplanet_network", status: "completed", dataset: "signals@1" });
    expect(run.artifacts.map(({ name }) => name).sort()).toEqual(["comparison", "model"]);
    expect(run.split).toMatchObject({ recipe: { group: "star" } });
    expect(done.logs.some(({ message }) => message.includes("of other stars to test on"))).toBe(true);
  });

  test("leaves a model under its name and time, the current one as exoplanet_model", async () => {
    expect(done.saved_as).toMatch(/^mine_\d{8}_\d{6}$/);
    expect(await getVersion(opened.session, "exoplanet_model")).toMatchObject({
      version: done.saved_as,
      model_id: done.model_id,
    });
  });

  test("predicts label, period and depth through the registry", async () => {
    const { items, source } = await predictLabels(opened.session, [row, { ...row, impact: null, snr: null }]);
    expect(source).toBe("advanced");
    for (const { label, label_proba, period, depth } of items) {
      expect(Object.values(label_proba).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
      expect(label_proba[label]).toBe(Math.max(...Object.values(label_proba)));
      expect(period).toBeGreaterThan(0);
      expect(depth).toBeGreaterThan(0);
    }
    const said = await predict(opened.session, "exoplanet_model", row);
    expect(said.outputs).toEqual([items[0]]);
  });

  test("refuses a row that no orbit can have, by its name", async () => {
    await expect(predictLabels(opened.session, [{ ...row, period: 0.1 }])).rejects.toThrow("is no part of a period of 0.1 days");
    await expect(predictLabels(opened.session, [{ ...row, depth: "deep" }])).rejects.toThrow('field "depth" must be a number');
  });

  test("tells a cell that waits for it each of its epochs once, in order", async () => {
    const told: SessionEpoch[] = [];
    const sent = await exoplanetsOf(opened.session).start("signals", { epochs: 4 });
    const { history, session_status } = await sent.done({ onEpoch: (epoch) => told.push(epoch) });
    expect(session_status).toBe("completed");
    expect(told).toEqual(history);
    expect(told.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
  });

  test("of an architecture of its own is a run that says so; one that is not there is refused", async () => {
    const start = { dataset_id: "signals", epochs: 1, architecture: "balanced" } as const;
    const { session_id } = await startSession(opened.session, start);
    expect(await ended(session_id)).toMatchObject({ session_status: "completed", error: null });
    expect((await getRun(opened.session, session_id)).hyperparameters).toMatchObject({ architecture: "balanced" });
    await expect(startSession(opened.session, { ...start, architecture: "wide" as never })).rejects.toThrow(
      /^exoplanets: architecture: .*balanced/,
    );
  });

  test("stands in the list, the newest first", async () => {
    const { items } = await listSessions(opened.session);
    expect(items.map(({ created_at }) => created_at)).toEqual(
      items
        .map(({ created_at }) => created_at)
        .toSorted()
        .reverse(),
    );
    const listed = items.find(({ session_id }) => session_id === done.session_id);
    expect(listed).toMatchObject({ session_status: "completed", metrics: done.metrics });
  });
});

describe("a session that is under way", () => {
  test("whose worker is killed with -9 goes on behind its last epoch and tells each epoch once", async () => {
    let id = "";
    const size = await brokenOff(opened.session, {
      size: 60,
      async begin(epochs) {
        ({ session_id: id } = await startSession(opened.session, { dataset_id: "signals", epochs }));
        return id;
      },
      kill: () => signalStarted(worker, "SIGKILL"),
    });
    const done = await ended(id);
    expect({ status: done.session_status, error: done.error }).toEqual({ status: "completed", error: null });
    const epochs = done.history.map(({ epoch }) => epoch);
    expect(epochs).toEqual(epochs.map((_, k) => k + 1));
    const messages = done.logs.map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringMatching(`^attempt 2: it goes on behind step \\d+ of ${size}$`));
  });

  test("is cancelled when asked, and leaves no model", async () => {
    const { session_id: id } = await startSession(opened.session, { dataset_id: "signals", epochs: 500 });
    await until(
      () => getSession(opened.session, id),
      ({ history }) => history.length >= 1,
    );
    await cancelSession(opened.session, id);
    const done = await ended(id);
    expect(done).toMatchObject({ session_status: "cancelled", saved_as: null, model_id: null });
  });
});
