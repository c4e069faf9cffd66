import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { numberSetting, numberSettings, wrongNumbers } from "./number-setting.ts";
import { settings } from "./operations/settings.ts";

describe("a setting that is a number", () => {
  test("is undefined where it is not set, or empty", () => {
    expect([numberSetting("ASSAY_PORT", {}), numberSetting("ASSAY_PORT", { ASSAY_PORT: " " })]).toEqual([undefined, undefined]);
  });

  test.each([
    ["ASSAY_PORT", "70000", "ASSAY_PORT: must be a whole number from 0 to 65535, got 70000"],
    ["ASSAY_WORKERS", "two", "ASSAY_WORKERS: must be a whole number from 0 to 1000, got two"],
    ["ASSAY_WORKERS", "-1", "ASSAY_WORKERS: must be a whole number from 0 to 1000, got -1"],
    ["ASSAY_THREADS", "1.5", "ASSAY_THREADS: must be a whole number ≥ 1, got 1.5"],
    ["ASSAY_MEMORY_MB", "10", "ASSAY_MEMORY_MB: must be a number ≥ 64, got 10"],
    ["ASSAY_LAG_MS", "0", "ASSAY_LAG_MS: must be a number > 0, got 0"],
    ["ASSAY_DISK_RESERVE_MB", "Infinity", "ASSAY_DISK_RESERVE_MB: must be a number ≥ 0, got Infinity"],
  ] as const)("%s=%s is refused by its name", (name, given, message) => {
    expect(() => numberSetting(name, { [name]: given })).toThrow(message);
    expect(wrongNumbers({ [name]: given, ASSAY_PORT: name === "ASSAY_PORT" ? given : "8790" })).toEqual([message]);
  });

  test("is among the settings that the doctor knows", () => {
    expect(Object.keys(numberSettings).filter((name) => !(name in settings))).toEqual([]);
  });
});

test("docs/operations.md says what each setting of an operator does", () => {
  const page = readFileSync(fileURLToPath(new URL("../../../docs/operations.md", import.meta.url)), "utf8");
  const inner =
    /^(set by|the browser of the tests|where the tests|the database of the tests|kills of|their seed|file for|damaged files)/;
  const owed = Object.entries(settings).filter(([, meaning]) => !inner.test(meaning));
  expect(owed.map(([name]) => name).filter((name) => !page.includes(`| ${name} |`))).toEqual([]);
});
