import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EtlRequest, etlSettings } from "../../contract/etl.ts";
import type { Opened } from "../../projects/session.ts";
import { applicationDatabase } from "../../testing/application-database.ts";
import { testSession } from "../../testing/test-session.ts";
import { createSource } from "./create-source.ts";
import { type EtlOptions, filesOf, runEtl } from "./etl.ts";

let opened: Opened;
let database: pg.ClientConfig;
const folder = mkdtempSync(join(tmpdir(), "etl-failures-"));
const until = new Date("2026-06-30T00:00:00Z");
const hashKey = Buffer.alloc(32, 7);

beforeAll(async () => {
  opened = await testSession();
  database = await applicationDatabase(opened);
  await createSource(database, folder, { users: 200, items: 60, interactions: 6000, until });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await opened.close();
});

function settings(given: EtlRequest = {}) {
  return etlSettings.parse({ until: until.toISOString(), ...given });
}

function options(place: string): EtlOptions {
  const [datasets, work] = [join(folder, place, "datasets"), join(folder, place, "work")];
  for (const each of [datasets, work]) mkdirSync(each, { recursive: true });
  return { database, datasets, work, hashKey, sizes: { trainBytes: 1, testBytes: 1 }, threads: 2, pageRows: 1000 };
}

/** Every file below a folder. */
function filesBelow(place: string): readonly string[] {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

/** A process that runs the ETL: its first line is the state of the steps at the end, or "here" as this step begins, where it stands still for ever. */
async function etlProcess(place: string, standing?: number): Promise<{ readonly child: ChildProcess; readonly line: string }> {
  const given = { settings: settings(), options: { ...options(place), hashKey: undefined }, key: hashKey.toString("hex") };
  const code = `
    import { runEtl } from ${JSON.stringify(new URL("./etl.ts", import.meta.url).href)};
    const { settings, options, key } = ${JSON.stringify(given)};
    setInterval(() => {}, 1000);
    const onSteps = (steps) => steps[${(standing ?? 0) - 1}]?.step_status === "running" ? new Promise(() => console.log("here")) : undefined;
    const { steps } = await runEtl(settings, { ...options, hashKey: Buffer.from(key, "hex"), onSteps });
    console.log(JSON.stringify(steps.map((step) => step.step_status)));
    process.exit(0);`;
  const child = spawn(process.execPath, ["--conditions=assay-source", "--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await Promise.race([
    once(createInterface(child.stdout!), "line"),
    once(child, "close").then(() => Promise.reject(new Error("it ended without a word"))),
  ]);
  return { child, line };
}

async function killedAt(step: number, place: string): Promise<void> {
  const { child, line } = await etlProcess(place, step);
  expect(line).toBe("here");
  child.kill("SIGKILL");
  await once(child, "exit");
}

test("a process that is killed between two steps leaves no version, and the next goes on behind the last step", async () => {
  await killedAt(6, "killed");
  const { datasets, work } = options("killed");
  expect(readdirSync(datasets)).toEqual([]);
  const { line } = await etlProcess("killed");
  expect(JSON.parse(line)).toEqual([...Array(5).fill("kept"), ...Array(5).fill("completed")]);
  expect(readdirSync(join(datasets, "v1.0")).sort()).toEqual(Object.values(filesOf("1.0")).sort());
  expect(readdirSync(work)).toEqual([]);
  const plain = await runEtl(settings(), options("plain"));
  const hashes = (place: string) => JSON.parse(readFileSync(join(place, "metadata_v1.0.json"), "utf8")).hashes;
  expect(hashes(join(datasets, "v1.0"))).toEqual(hashes(plain.folder!));
});

test("a run that was left a day ago is not gone on with, and what it left is removed by the next", async () => {
  await killedAt(3, "old");
  const { work, datasets } = options("old");
  mkdirSync(join(datasets, "v1.0.draft-1"));
  const [left] = readdirSync(work);
  const yesterday = Date.now() / 1000 - 25 * 3600;
  for (const place of [join(work, left!), join(datasets, "v1.0.draft-1")]) utimesSync(place, yesterday, yesterday);
  const after = await runEtl(settings({ version: "1.1" }), options("old"));
  expect(after.steps.map(({ step_status }) => step_status)).toEqual(Array(10).fill("completed"));
  expect(readdirSync(work)).toEqual([]);
  expect(readdirSync(datasets)).toEqual(["v1.1"]);
});

test("a disk that fills up in the middle is said with its remedy, and with room again the run goes on", async ({ skip }) => {
  const { work, datasets } = options("full");
  const size = (kb: number, more: readonly string[] = []) =>
    execFileSync("mount", ["-t", "tmpfs", "-o", [...more, `size=${kb}k`].join(","), "tmpfs", work], { stdio: "ignore" });
  try {
    size(1100);
  } catch {
    skip("this user may not mount a file system");
  }
  try {
    await expect(runEtl(settings(), options("full"))).rejects.toThrow(/the disk of .* is full: free space and try again/);
    expect(readdirSync(datasets)).toEqual([]);
    expect(filesBelow(work).filter((name) => /draft|\.csv/.test(name))).toEqual([]);
    size(300_000, ["remount"]);
    const { steps, folder: place } = await runEtl(settings(), options("full"));
    expect(steps[0]!.step_status).toBe("kept");
    expect(existsSync(join(place!, "train_v1.0.parquet"))).toBe(true);
  } finally {
    execFileSync("umount", [work]);
  }
});
