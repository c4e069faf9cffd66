import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { tell } from "./processes.mjs";

test("a signal to a process that has just ended is none, and no error", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const ended = once(child, "exit");
  expect(tell(child.pid, "SIGKILL")).toBe(true);
  await ended;
  expect(tell(child.pid, 0)).toBe(false);
});
