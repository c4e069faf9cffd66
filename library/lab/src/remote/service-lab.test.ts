import type { ChildProcess } from "node:child_process";
import * as ml from "assay";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect, type Lab } from "../lab.ts";
import type { Opened } from "../projects/index.ts";
import { flowers } from "../testing/flowers.ts";
import { type ListeningService, listeningService, tokenOf } from "../testing/listening-service.ts";
import type { Ask } from "../testing/signed-in.ts";
import { livingWorker } from "../testing/start-worker.ts";
import { testSession } from "../testing/test-session.ts";

let opened: Opened;
let service: ListeningService;
let ada: Ask;
let lab: Lab;
let worker: ChildProcess | undefined;
beforeAll(async () => {
  opened = await testSession();
  service = await listeningService(opened.session);
  ada = await service.user("ada");
  lab = await connect({ url: `${service.url}/`, token: await tokenOf(ada, { scopes: ["admin"] }) });
  await lab.datasets.put("flowers", flowers());
});
afterAll(async () => {
  worker?.kill();
  await service.close();
  await opened.close();
});

describe("connect to a service", () => {
  test("says who asks", async () => {
    expect(await lab.me()).toMatchObject({ user: { username: "ada" }, signed_in_by: "token" });
  });

  test("takes address and token from the environment", async () => {
    process.env["ASSAY_URL"] = service.url;
    process.env["ASSAY_TOKEN"] = await tokenOf(ada);
    const found = await connect().finally(() => {
      delete process.env["ASSAY_URL"];
      delete process.env["ASSAY_TOKEN"];
    });
    expect((await found.me()).user.username).toBe("ada");
  });

  test("refuses a token that the service does not know", async () => {
    await expect(connect({ url: service.url, token: "nobody's" })).rejects.toBeInstanceOf(ml.AuthError);
  });

  test("says at once where nobody answers, and what to do", async () => {
    const error = await connect({ url: "http://127.0.0.1:9", token: "t" }).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(ml.StoreError);
    expect((error as Error).message).toMatch(/service at http:\/\/127\.0\.0\.1:9 cannot be reached .*start it by `assay serve`/);
  });

  test.each(["nowhere", "ftp://a.example", "file:///etc/passwd"])("takes no %s for an address", async (url) => {
    await expect(connect({ url, token: "t" })).rejects.toThrow("url must be an address as http://");
  });

  test("needs an address beside a token", async () => {
    await expect(connect({ token: "t" })).rejects.toThrow("a token needs the url of its service");
  });
});

describe("a token", () => {
  test("of a viewer reads, and is refused every write with the sentence", async () => {
    const project = await lab.projects.create("seen");
    const inside = await lab.projects.open("seen");
    await inside.datasets.put("flowers", flowers());
    const view = await service.user("vera");
    await lab.projects.putMember("seen", "vera", "viewer");
    const viewer = await connect({ url: service.url, token: await tokenOf(view, { project_id: project.project_id }) });
    expect((await viewer.datasets.table("flowers")).rows).toBe(150);
    const writes: readonly (() => Promise<unknown>)[] = [
      () => viewer.datasets.put("mine", flowers()),
      () => viewer.datasets.change("flowers", { description: "mine" }),
      () => viewer.datasets.transform("flowers", [{ step: "drop_duplicates" }]),
      () => viewer.datasets.split("flowers"),
      () => viewer.datasets.delete("flowers"),
      () => viewer.experiment("e").run("r", async () => {}),
      () => viewer.jobs.train({ algorithm: "decision_tree", dataset: "flowers", target: "kind" }),
      () => viewer.tune({ algorithm: "decision_tree", dataset: "flowers", target: "kind", trials: 2 }),
      () => Promise.resolve(viewer.studies.create({ name: "s", directions: ["minimize"] })),
      () => viewer.registry.deploy("01981c3e-6f00-7a11-8c55-2f1f6f1f0a01", { name: "m" }),
      () =>
        viewer.features.define({
          name: "v",
          entity: "a",
          event_time: "b",
          source: { kind: "dataset", datasets: { f: "flowers" }, query: "select 1" },
        }),
      () => viewer.projects.change("seen", { description: "mine" }),
    ];
    for (const write of writes) {
      const error = await write().then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      expect([error?.name, error?.message, write.toString()]).toEqual([
        "PermissionError",
        expect.stringMatching(/viewer|read|needs the scope/),
        write.toString(),
      ]);
    }
  });

  test("of one project sees nothing of another", async () => {
    const first = await lab.projects.create("first");
    const second = await lab.projects.create("second");
    const inSecond = await lab.projects.open("second");
    const { dataset_id } = await inSecond.datasets.put("hidden", flowers());
    const run = await inSecond.experiment("e").run("hidden", async (active) => active.log({ loss: 1 }));
    const narrow = await connect({ url: service.url, token: await tokenOf(ada, { project_id: first.project_id }) });
    expect((await narrow.me()).project_id).toBe(first.project_id);
    expect([await narrow.datasets.list(), await narrow.runs()]).toEqual([[], []]);
    await expect(narrow.datasets.table(dataset_id)).rejects.toBeInstanceOf(ml.NotFoundError);
    await expect(narrow.run(run.id)).rejects.toBeInstanceOf(ml.NotFoundError);
    await expect(narrow.tracking.change(run.id, { notes: "mine" })).rejects.toBeInstanceOf(ml.NotFoundError);
    await expect(narrow.projects.open(second.project_id)).rejects.toThrow(/second|project|token/);
  });
});

describe("a restart of the service", () => {
  test("in the middle of a run loses no metric and doubles none", async () => {
    const run = await lab.experiment("restarts").run("through", async (active) => {
      let restarted: Promise<void> | undefined;
      for (let step = 0; step < 400; step++) {
        active.log({ loss: 1 / (step + 1) }, { step });
        if (step % 10 === 0) active.info(`step ${step}`);
        if (step === 100) restarted = service.restart(700);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await restarted;
    });
    expect(run.status).toBe("completed");
    const [series] = await lab.tracking.series(run.id, { points: 1000 });
    expect(series!.steps).toEqual(Array.from({ length: 400 }, (_, step) => step));
    const { rows } = await import("kysely").then(({ sql }) =>
      sql<{ points: number; lines: number }>`select (select count(*)::int from run_metrics where run_id = ${run.id}) as points,
        (select count(*)::int from run_logs where run_id = ${run.id}) as lines`.execute(opened.session.db),
    );
    expect(rows).toEqual([{ points: 400, lines: 40 }]);
  });

  test("is borne by reads too", async () => {
    const restarted = service.restart(500);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await lab.datasets.get("flowers")).rows).toBe(150);
    await restarted;
  });
});

describe("with a worker, a lab by a service", () => {
  beforeAll(async () => {
    worker = await livingWorker(opened.session);
  });

  test("trains, waits, reads the lines, and replays to the bit", async () => {
    const sent = await lab.jobs.train({
      algorithm: "decision_tree",
      dataset: "flowers",
      target: "kind",
      params: { maxDepth: 3 },
    });
    const run = await sent.done();
    expect([run.status, run.metrics["test.accuracy"]]).toEqual(["completed", expect.any(Number)]);
    expect((await sent.status()).job_status).toBe("completed");
    expect((await lab.jobs.list({ job_status: "completed" })).map(({ job_id }) => job_id)).toContain(sent.id);
    expect(await sent.logs()).not.toEqual([]);
    expect(await lab.replay(run)).toMatchObject({ run_id: run.id, equal: true });
  });

  test("tunes, and opens the study", async () => {
    const sent = await lab.tune({
      algorithm: "decision_tree",
      dataset: "flowers",
      target: "kind",
      trials: 4,
      folds: 3,
      name: "depths",
    });
    const best = await sent.done();
    expect([best.status, sent.studyName]).toEqual(["completed", "depths"]);
    expect((await sent.study()).trials).toHaveLength(4);
  });

  test("cancels, retries and schedules", async () => {
    const later = { notBefore: new Date(Date.now() + 3_600_000) };
    const sent = await lab.jobs.train({ algorithm: "decision_tree", dataset: "flowers", target: "kind", ...later });
    await sent.cancel();
    expect((await sent.ended()).job_status).toBe("cancelled");
    const request = { dataset_id: "flowers", target_column: "kind", algorithm: "decision_tree" };
    const schedule = await lab.jobs.schedules.create({ name: "nightly", cron: "0 3 * * *", kind: "train", request });
    expect((await lab.jobs.schedules.pause(schedule.schedule_id)).paused).toBe(true);
    await lab.jobs.schedules.delete(schedule.schedule_id);
    expect(await lab.jobs.schedules.list()).toEqual([]);
  });
});
