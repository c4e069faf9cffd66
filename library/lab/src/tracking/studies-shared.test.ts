import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterEach, describe, expect, test } from "vitest";
import { testStudy } from "../testing/test-study.ts";
import { getStudy } from "./index.ts";

const lab = testStudy();

describe("processes that share a study", () => {
  const workers: ChildProcess[] = [];
  afterEach(() => {
    for (const worker of workers.splice(0)) worker.kill("SIGKILL");
  });

  /** Starts a process that runs trials until the study has so many. */
  function start(
    name: string,
    total: number,
    ms = 0,
  ): { readonly child: ChildProcess; readonly lines: string[]; readonly told: Interface; ended: Promise<number | null> } {
    const path = fileURLToPath(new URL("../testing/study-worker.ts", import.meta.url));
    const child = spawn(process.execPath, [...process.execArgv, path, lab.study.id, name, String(total), String(ms)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    workers.push(child);
    const lines: string[] = [];
    const told = createInterface(child.stdout!).on("line", (line) => lines.push(line));
    return { child, lines, told, ended: new Promise((resolve) => child.once("close", resolve)) };
  }

  test("get numbers without a hole, each once, and lose nothing", async () => {
    const total = 400;
    const started = Array.from({ length: 5 }, (_, k) => start(`worker ${k}`, total));
    expect(await Promise.all(started.map(({ ended }) => ended))).toEqual(Array.from({ length: 5 }, () => 0));
    const said = started.flatMap(({ lines }) => lines);
    expect(said.filter((line) => line.startsWith("lost"))).toEqual([]);
    expect(said.map((line) => Number(line.split(" ")[1])).sort((a, b) => a - b)).toEqual(
      Array.from({ length: total }, (_, k) => k),
    );
    const { rows } = await sql<{ trials: number; values: number; reports: number }>`
      select count(*)::integer as trials, count(distinct values[1])::integer as values, (select count(*)::integer from trial_reports r where r.study_id = ${lab.study.id}) as reports
      from trials where study_id = ${lab.study.id} and state = 'completed' and params ->> 'x' = number::text`.execute(
      lab.session.db,
    );
    expect(rows[0]).toEqual({ trials: total, values: total, reports: total });
    expect(await getStudy(lab.session, lab.study.id)).toMatchObject({ n_trials: total, best_trial: 0, study_status: "idle" });
  });

  test("go on when one is killed: its trial is run again, what it finished stays", async () => {
    const total = 60;
    const victim = start("victim", total, 200);
    await new Promise<void>((resolve) => victim.told.on("line", () => victim.lines.length >= 3 && resolve()));
    victim.child.kill("SIGKILL"); // in the middle of its next trial
    await victim.ended;
    const others = [start("other 1", total), start("other 2", total)];
    await Promise.all(others.map(({ ended }) => ended));
    const done = victim.lines.length;
    const taken = await lab.storage.reclaim(lab.study.id, { silentMs: 0, attempts: 3 });
    expect(taken).toBeLessThanOrEqual(1);
    await start("late", total).ended;
    const all = await lab.trials();
    expect(all.map(({ state }) => state)).toEqual(Array.from({ length: total }, () => "completed"));
    // one more where it was killed between a trial's end and its word of it
    expect([done, done + 1]).toContain(all.filter(({ worker }) => worker === "victim").length);
    expect(all.filter(({ attempt }) => attempt === 2)).toHaveLength(taken);
  });
});
