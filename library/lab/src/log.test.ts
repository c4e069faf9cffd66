import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { logger, makeLogger } from "./log.ts";
import { logFile } from "./log-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-log-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function caught(room = "api") {
  const lines: string[] = [];
  return { lines, log: makeLogger(room, { write: (line) => lines.push(line) }) };
}

test("a line is JSON with time, level, room, message, and the ids it was given", () => {
  vi.stubEnv("LOG_FORMAT", "json");
  const { lines, log } = caught();
  log.child({ requestId: "r1" }).info({ runId: "x" }, "hello");
  const line = JSON.parse(lines[0]!);
  expect(line).toEqual({ level: "info", time: expect.any(String), room: "api", requestId: "r1", runId: "x", msg: "hello" });
  expect(new Date(line.time).toISOString()).toBe(line.time);
});

test("at LOG_FORMAT=text a line is short, with the stack of an error below it", () => {
  vi.stubEnv("LOG_FORMAT", "text");
  const { lines, log } = caught("worker");
  log.info("ready");
  log.error({ err: new Error("no more") }, "broke");
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d info {2}worker: ready\n$/);
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d error worker: broke\nError: no more\n {4}at /);
});

test("LOG_LEVEL hides what is below it, and a wrong one is named", () => {
  vi.stubEnv("LOG_LEVEL", "warn");
  const { lines, log } = caught();
  log.info("quiet");
  log.warn("loud");
  expect(lines.length).toBe(1);
  vi.stubEnv("LOG_LEVEL", "wran");
  expect(() => caught()).toThrow(
    'LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent, got "wran", did you mean',
  );
});

test.each(["json", "text"])("no planted secret gets into %s lines, wherever it stands", (format) => {
  vi.stubEnv("LOG_FORMAT", format);
  vi.stubEnv("SOME_TOKEN", "canary-token");
  vi.stubEnv("DATABASE_URL", "postgres://me:canary%20pass@db/lab");
  const { lines, log } = caught();
  log.info({ headers: { authorization: "Bearer canary-bearer", cookie: "canary-cookie" } }, "a request");
  log.info({ deep: [{ dbPassword: "canary-password", HF_TOKEN: "canary-hf" }] }, "postgres://you:canary-url@host/db");
  log.warn("sent canary-token and canary pass and canary%20pass");
  const refused = Object.assign(new Error("the key is there, DB_PASSWORD=canary-assignment"), {
    code: "23505",
    detail: "(canary-row) exists",
  });
  log.warn('said PASSWORD="canary-quoted" and MY_SECRET=canary-end"');
  log.error({ err: refused }, refused.message);
  log.error(refused);
  expect(lines.join("")).not.toContain("canary");
  expect(lines.length).toBe(6);
  if (format === "json") for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
});

test("a file that is full moves on, five are kept, and no line is lost", () => {
  const path = join(folder, "logs", "assay.log");
  const file = logFile(path, { maxBytes: 1000 });
  for (let k = 0; k < 60; k++) file.write(`${String(k).padStart(99, ".")}\n`);
  const names = readdirSync(join(folder, "logs")).sort();
  expect(names).toEqual(["assay.log", "assay.log.1", "assay.log.2", "assay.log.3", "assay.log.4", "assay.log.5"]);
  const kept = [5, 4, 3, 2, 1]
    .map((k) => `${path}.${k}`)
    .concat(path)
    .flatMap((name) => readFileSync(name, "utf8").trim().split("\n"));
  expect(kept.map((line) => Number(line.replaceAll(".", "")))).toEqual(
    Array.from({ length: kept.length }, (_, k) => 60 - kept.length + k),
  );
});

test("a file that another program moves away is opened anew", () => {
  vi.useFakeTimers();
  try {
    const path = join(folder, "assay.log");
    const file = logFile(path);
    file.write("first\n");
    renameSync(path, `${path}.old`);
    vi.advanceTimersByTime(1500);
    file.write("second\n");
    expect([readFileSync(`${path}.old`, "utf8"), readFileSync(path, "utf8")]).toEqual(["first\n", "second\n"]);
  } finally {
    vi.useRealTimers();
  }
});

test.runIf(existsSync("/dev/full"))("a file that takes nothing ends nothing, is told once, and is bounded in memory", () => {
  const complaints: string[] = [];
  const file = logFile("/dev/full", { complain: (message) => complaints.push(message) });
  const line = `${".".repeat(99_999)}\n`;
  const before = process.memoryUsage().external + process.memoryUsage().heapUsed;
  for (let k = 0; k < 1000; k++) file.write(line);
  expect(process.memoryUsage().external + process.memoryUsage().heapUsed - before).toBeLessThan(50e6);
  expect(complaints).toEqual([expect.stringMatching(/^LOG_FILE: \/dev\/full cannot be written, and lines wait: ENOSPC/)]);
});

test.runIf(existsSync("/dev/full"))("lines that a full disk did not take are written when it has room", () => {
  vi.useFakeTimers();
  try {
    const path = join(folder, "full.log");
    symlinkSync("/dev/full", path);
    const file = logFile(path);
    for (let k = 0; k < 3000; k++) file.write(`${String(k).padStart(999, ".")}\n`);
    rmSync(path);
    vi.advanceTimersByTime(1500);
    file.write("room\n");
    const lines = readFileSync(path, "utf8").trim().split("\n");
    expect(lines.slice(0, 1000).map((line) => Number(line.replaceAll(".", "")))).toEqual(
      Array.from({ length: 1000 }, (_, k) => k),
    );
    expect(lines.at(-1)).toBe("room");
  } finally {
    vi.useRealTimers();
  }
});

test("lines of a file whose folder was taken away come when it is back", () => {
  vi.useFakeTimers();
  try {
    const path = join(folder, "away", "assay.log");
    const file = logFile(path);
    file.write("first\n");
    rmSync(join(folder, "away"), { recursive: true });
    vi.advanceTimersByTime(1500);
    expect(() => file.write("second\n")).not.toThrow();
    mkdirSync(join(folder, "away"));
    vi.advanceTimersByTime(1500);
    file.write("third\n");
    expect(readFileSync(path, "utf8")).toContain("third");
  } finally {
    vi.useRealTimers();
  }
});

test("a room's log is made once", () => {
  vi.stubEnv("LOG_FILE", join(folder, "one.log"));
  expect(logger("registry")).toBe(logger("registry"));
});

test("a log goes to the process's standard error, not through console or process.stderr, which are a cell's", async () => {
  const code = `import { logger } from ${JSON.stringify(new URL("./log.ts", import.meta.url).href)};
    let cell = "";
    for (const stream of [process.stdout, process.stderr]) stream.write = (text) => ((cell += text), true);
    logger("registry").error("not for a cell");
    process.exitCode = cell === "" ? 0 : 9;`;
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=assay-source", "--input-type=module", "-e", code],
    {
      env: { ...process.env, LOG_FILE: "", LOG_FORMAT: "json" },
    },
  );
  expect(JSON.parse(stderr)).toMatchObject({ room: "registry", msg: "not for a cell" });
});
