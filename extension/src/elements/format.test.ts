import { afterEach, expect, test } from "vitest";
import { short } from "./Bars";
import {
  formatBytes,
  formatCell,
  formatCount,
  formatInstant,
  formatInterval,
  formatMetric,
  formatPercent,
  formatShape,
  writeIn,
} from "./format";

afterEach(() => writeIn("en"));

test("a count has its thousands apart, as the reader's language has them", () => {
  expect(formatCount(1234567)).toBe("1,234,567");
  writeIn("fr-FR");
  expect(formatCount(1234567)).toMatch(/^1\s234\s567$/);
});

test("a number has the decimal mark of the reader's language, and bytes are octets in French", () => {
  const low = () => formatMetric(0.5, 2);
  const written = () => [formatMetric(0.62644, 4), formatPercent(0.921), formatBytes(63_540), formatInterval(low(), low())];
  expect(written()).toEqual(["0.6264", "92.1 %", "63.5 kB", "[0.50, 0.50]"]);
  writeIn("fr-FR");
  expect(written()).toEqual(["0,6264", "92,1 %", "63,5 ko", "[0,50 ; 0,50]"]);
});

test("an instant is written as the reader's language has it, with the year of another", () => {
  writeIn("fr-FR");
  expect(formatInstant("2001-07-14T12:30:00.000Z")).toMatch(/^14 juil\. 2001/);
  expect(formatInstant(new Date().toISOString())).not.toContain(String(new Date().getFullYear()));
});

test("what is no instant stays as it is", () => {
  expect(formatInstant("soon")).toBe("soon");
});

test("a table that is not read yet has no shape", () => {
  expect(formatShape(null, null)).toBe("– × –");
  expect(formatShape(32561, 15)).toBe("32,561 × 15");
});

test.each([
  [54964.5, "54964.5"],
  [0.1 + 0.2, "0.3"],
  [9007199254740990, "9007199254740990"],
  [1e18, "1.0000e+18"],
  [1e-12, "1.0000e-12"],
  ["2024-05-11T00:00:00.000Z", "2024-05-11"],
  ["2024-05-11T09:30:00.000Z", "2024-05-11 09:30"],
  ["2024-05-11T09:30:07.000Z", "2024-05-11 09:30:07"],
  [false, "false"],
  [null, "–"],
])("the cell %s reads %s", (value, text) => {
  expect(formatCell(value)).toBe(text);
});

test.each([
  [123456.7, "123457"],
  [0.000021, "2.10e-5"],
  [0.481234, "0.4812"],
  ["", "“”"],
  ["\u202eabc", "\u2068\u202eabc\u2069"],
])("the figure %s is short as %s", (value, text) => {
  expect(short(value)).toBe(text);
});
