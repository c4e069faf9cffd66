import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { findPyspark } from "../engine/spark/descriptors.ts";
import { connect, type Lab } from "../lab.ts";
import type { Opened } from "../projects/index.ts";
import { testSession } from "../testing/test-session.ts";

/** What tools/spark/interrupt.py tells. */
interface Interrupted {
  readonly ended: string;
  readonly kept: string;
}

const folder = mkdtempSync(join(tmpdir(), "spark-interrupt-"));
const endless = "select cast(xxhash64(id) as double) as dose from range(1000000000000)";
let opened: Opened;
let lab: Lab;
let kernel: ChildProcessByStdio<Writable, Readable, null>;
let interrupted: Interrupted;

beforeAll(async () => {
  process.env["SPARK_REMOTE"] = inject("sparkRemote");
  process.env["ASSAY_SPARK_MODELS"] = join(folder, "models");
  opened = await testSession();
  lab = await connect();
  interrupted = await interruptCell(
    `await lab.spark.fit({ algorithm: "k_means", table: ${JSON.stringify(endless)}, experiment: "interrupted" })`,
  );
});
afterAll(async () => {
  kernel.stdin.end();
  if (kernel.exitCode === null) await once(kernel, "exit");
  await lab.close();
  await opened.close();
  rmSync(folder, { recursive: true, force: true });
});

const status = async (): Promise<string | undefined> => (await lab.experiment("interrupted").runs())[0]?.status;

/** Runs a cell in a kernel of its own on the test's database, and interrupts it once its fit asks the Spark. */
async function interruptCell(code: string): Promise<Interrupted> {
  const { python } = (await findPyspark())!;
  const script = join(import.meta.dirname, "../../../../tools/spark/interrupt.py");
  const env = { ...process.env, NODE_OPTIONS: "" };
  kernel = spawn(python, [script], { env, stdio: ["pipe", "pipe", "inherit"] });
  kernel.stdin.write(`${JSON.stringify(code)}\n`);
  const isAsking = async () => (await lab.experiment("interrupted").runs()).some(({ progress }) => progress?.step === 1);
  await vi.waitUntil(isAsking, { timeout: 200_000, interval: 200 });
  kernel.stdin.write("\n");
  for await (const line of createInterface(kernel.stdout)) return JSON.parse(line);
  throw new Error("the kernel ended before it was interrupted");
}

test("a cell that fits on a Spark is ended by the interrupt of its kernel", () => {
  expect(interrupted.ended).toBe("Interrupted");
});

test("the kernel goes on, with what earlier cells have made", () => {
  expect(interrupted.kept).toBe("42");
});

test("the run of the fit is cancelled", async () => {
  await expect.poll(status, { timeout: 60_000 }).toBe("cancelled");
});

test("the fit's jobs end on the Spark: its processors are free", async () => {
  // both of its threads would be busy for hours
  const table = "select cast(id % 5 as double) as dose, if(id % 5 > 2, 'yes', 'no') as sick from range(200)";
  expect((await lab.spark.fit({ algorithm: "logistic_regression", table, target: "sick" })).status).toBe("completed");
});
