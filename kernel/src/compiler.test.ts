import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessagePort } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { beginCompiler, words } from "./compiler/begin.cjs";
import { createConverter } from "./compiler.cjs";

// each test starts the compiler anew, which takes its time where much else runs
describe("the compiler's thread", { timeout: 600_000 }, () => {
  let folder: string;
  let converter: ReturnType<typeof createConverter>;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "assay-compiler-")));
  });
  afterEach(async () => {
    await converter.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const begin = (options: object = {}) => {
    converter = createConverter({ kind: "assay", folder, ...options });
  };
  /** Begins other compilers, and counts them. */
  function counted() {
    const begun: ReturnType<typeof beginCompiler>[] = [];
    onTestFinished(async () => {
      for (const { thread } of begun) await thread.terminate();
    });
    return { begun, another: (facts: Parameters<typeof beginCompiler>[0]) => begun[begun.push(beginCompiler(facts)) - 1]! };
  }

  test("compiles a cell, and the next one against its declarations", () => {
    begin();
    const first = converter.convert("", "const n = 1");
    expect(first.output).toContain("const n = 1;");
    expect(converter.convert(first.declOutput, "n.toFixed()").diagnostics).toEqual([]);
    expect(converter.convert(first.declOutput, "n.length").diagnostics.map(({ code }: { code: number }) => code)).toEqual([2339]);
  });

  test("answers questions through its port", async () => {
    begin();
    const port: MessagePort = converter.questions;
    const answer = new Promise<string>((done) => port.once("message", done));
    port.postMessage(JSON.stringify({ number: 7, type: "complete_request", content: { code: "[].flatMa", cursor_pos: 9 } }));
    const { number, content } = JSON.parse(await answer);
    expect([number, content.matches]).toEqual([7, ["flatMap"]]);
    port.close();
  });

  test("that still starts lets a cell go that should stop, and goes on", () => {
    let stop = true;
    const { begun, another } = counted();
    begin({ stopped: () => stop, another });
    expect(converter.convert("", "const passed = 1")).toEqual({ diagnostics: [] });
    stop = false;
    const { output, declOutput } = converter.convert("", "const taken = 1");
    expect(output).toContain("const taken = 1;");
    expect(converter.convert(declOutput, "taken.toFixed()").diagnostics).toEqual([]);
    expect(converter.convert(declOutput, "passed").diagnostics.length).toBe(1);
    expect(begun.length).toBe(0);
  });

  test("makes way for another when it does not stop, which knows the names that there are", () => {
    let stop = false;
    const { begun, another } = counted();
    begin({ stopped: () => stop, patienceMs: 0, graceMs: 0, another });
    // as a cell that has run
    const { output, declOutput } = converter.convert("", "const known = { deep: 1 }");
    new Function("exports", "require", output)({}, () => undefined);
    stop = true;
    expect(converter.convert(declOutput, `const slow = [${"[[1]],".repeat(200_000)}]`)).toEqual({ diagnostics: [] });
    stop = false;
    expect(converter.convert(declOutput, "known.whatever").diagnostics).toEqual([]);
    expect(begun.length).toBe(1);
    expect(converter.convert(declOutput, "unknownName").diagnostics.length).toBe(1);
  });

  test("that has ended makes way for another", async () => {
    const { begun, another } = counted();
    begin({ another });
    const { output, declOutput } = converter.convert("", "const known = 1");
    new Function("exports", "require", output)({}, () => undefined);
    await converter.close();
    await vi.waitUntil(() => new Int32Array(converter.memory)[words.gone] === 1, { timeout: 600_000 });
    expect(converter.convert(declOutput, "known.whatever").diagnostics).toEqual([]);
    expect(begun.length).toBe(1);
  });
});
