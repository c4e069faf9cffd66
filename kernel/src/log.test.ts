import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** What is logged of the value of an expression. */
function logged(expression: string) {
  const file = JSON.stringify(fileURLToPath(new URL("./log.cjs", import.meta.url)));
  return spawnSync(process.execPath, ["-e", `require(${file}).log(${expression})`], { encoding: "utf8" }).stderr;
}

test("a sentence is logged as it is, an error with its stack", () => {
  expect(logged('"ignored it"')).toBe("assay-kernel: ignored it\n");
  expect(logged('new RangeError("far")')).toMatch(/^assay-kernel: RangeError: far\n +at /);
});

test("of anything else that was thrown it is said what it is", () => {
  expect(logged("{ code: 3 }")).toBe("assay-kernel: { code: 3 }\n");
  expect(logged("undefined")).toBe("assay-kernel: undefined\n");
  expect(logged("null")).toBe("assay-kernel: null\n");
});

test("a value that throws when it is looked at is named by its type", () => {
  expect(logged("new Proxy({}, { get() { throw 1 } })")).toBe("assay-kernel: object that cannot be shown\n");
});
