import { inspect } from "node:util";
import * as ml from "assay";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect, type Lab } from "../../lab.ts";
import type { Opened } from "../../projects/session.ts";
import { flowers } from "../../testing/flowers.ts";
import { type ListeningService, listeningService, tokenOf } from "../../testing/listening-service.ts";
import { testSession } from "../../testing/test-session.ts";
import { canaries, found } from "./canaries.ts";
import { noteResult } from "./results.ts";

let opened: Opened;
let service: ListeningService;
let token = "";
const labs: Record<string, Lab> = {};
beforeAll(async () => {
  opened = await testSession();
  service = await listeningService(opened.session);
  token = await tokenOf(service.admin);
  vi.stubEnv("DATABASE_URL", process.env["DATABASE_URL"]!.replace("assay@", `assay:${canaries.databasePassword}@`));
  labs["the database"] = await connect();
  labs["a service"] = await connect({ url: service.url, token });
});
afterAll(async () => {
  for (const lab of Object.values(labs)) await lab.close();
  await service.close();
  await opened.close();
  vi.unstubAllEnvs();
});

/** Whatever a notebook could keep of a value: its display, and what shows it with every hidden part. */
function shown(value: unknown): string {
  const display = (value as Record<symbol, (() => unknown) | undefined> | null)?.[Symbol.for("Jupyter.display")];
  const seen = new Set<unknown>();
  const plain = JSON.stringify(value, (_, each) => {
    if (typeof each === "bigint" || (typeof each === "object" && each !== null && seen.has(each))) return undefined;
    seen.add(each);
    return each;
  });
  return [inspect(value, { depth: 12, showHidden: true, getters: true }), JSON.stringify(display?.()), plain].join("\n");
}
const kept = (value: unknown): string[] => found(shown(value), { token });

describe.each(["the database", "a service"])("a cell whose lab is %s", (door) => {
  test("shows no secret in the lab, its rooms and what they give", async () => {
    const lab = labs[door]!;
    await lab.datasets.put(`flowers of ${door}`, flowers());
    let active: unknown;
    const run = await lab.experiment("cells").run(door, async (each) => {
      active = each;
      each.log({ loss: 1 });
    });
    const study = await ml.createStudy({ storage: lab.studies, name: door, direction: "minimize" });
    await study.optimize((trial) => trial.suggestFloat("x", 0, 1), { trials: 2 });
    const job = await lab.jobs.train({ algorithm: "dummy", dataset: `flowers of ${door}`, target: "kind" });
    const values: Readonly<Record<string, unknown>> = {
      lab,
      ...lab,
      active,
      run,
      study,
      job,
      status: await job.status(),
      me: await lab.me(),
      runs: await lab.runs(),
      datasets: await lab.datasets.list(),
      projects: await lab.projects.list(),
      studies: await lab.studies.list(),
    };
    const wrong = Object.entries(values).flatMap(([name, value]) => kept(value).map((secret) => `${name}: ${secret}`));
    expect(wrong).toEqual([]);
    noteResult("secrets", { "values in cells": Object.keys(values).length });
  });
});

describe("an error in a cell holds no secret", () => {
  const failures: Readonly<Record<string, () => Promise<unknown>>> = {
    "of a wrong token": () => connect({ url: service.url, token: canaries.bearer }),
    "of a service that is not there": () => connect({ url: "http://127.0.0.1:1", token }),
    "of an address with a password": () => connect({ url: `http://me:${canaries.password}@127.0.0.1:1`, token }),
    "of an address of a database": () => connect({ url: `postgres://me:${canaries.password}@db/lab`, token }),
    "of a token in the place of the address": () => connect({ url: token }),
    "of a token without an address": () => connect({ token }),
    "of a room that refuses": () => labs["a service"]!.datasets.get("none"),
    "of a filter": () => labs["a service"]!.runs({ filter: "metric >" }),
    "of a file that is not there": () => labs["a service"]!.registry.predictFile("none@1.0.0", "/none.csv"),
    "of a database that is not there": () => {
      vi.stubEnv("DATABASE_URL", `postgres://me:${canaries.databasePassword}@127.0.0.1:1/lab`);
      return connect();
    },
  };

  test.each(Object.entries(failures))("%s", async (_, fail) => {
    const error = await fail().then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error).toBeInstanceOf(Error);
    expect(kept(error)).toEqual([]);
    expect(kept(error!.stack)).toEqual([]);
    noteResult("secrets", { "errors in cells": 1 });
  });
});
