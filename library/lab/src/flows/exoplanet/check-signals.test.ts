import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { checkSignals } from "./check-signals.ts";
import { readSignals } from "./read-signals.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-signals-"));
afterAll(() => rmSync(folder, { recursive: true }));

const header = "kepid,period,duration,depth,impact,snr,steff,srad,slogg,tmag,label";
const row = (star: number, label: number | string, change: Record<string, unknown> = {}): string => {
  const cells = {
    kepid: star,
    period: 3.5 + star,
    duration: 2.8,
    depth: 900,
    impact: 0.3,
    snr: 25,
    steff: 5500,
    srad: 1,
    slogg: 4.4,
    tmag: 12 + star / 100,
    label,
  };
  return Object.values({ ...cells, ...change }).join(",");
};
/** Twelve good rows of each label, lines 2 to 37. */
const good = Array.from({ length: 36 }, (_, k) => row(k, k % 3));

function check(lines: readonly string[], fileName = "signals.csv") {
  const path = join(folder, fileName);
  writeFileSync(path, lines.join("\n"));
  return readSignals(path).then(checkSignals);
}

describe("a table that passes", () => {
  test("has the flow's columns, its label in words and its stars", async () => {
    const { table, report } = await check([header, ...good]);
    expect(table.names).toEqual([
      "period",
      "duration",
      "depth",
      "impact",
      "snr",
      "steff",
      "srad",
      "slogg",
      "tmag",
      "label",
      "star",
    ]);
    expect(report).toMatchObject({
      format: "flow",
      rows_read: 36,
      rows_kept: 36,
      stars: 36,
      problems: [],
      leaky_columns: [],
      assumed: [],
    });
    expect(report.classes).toEqual({ CANDIDATE: 12, CONFIRMED: 12, "FALSE POSITIVE": 12 });
  });

  test("may have its labels in words of any case", async () => {
    const { report } = await check([header, ...good, row(40, "confirmed"), row(41, "False Positive"), row(42, "candidate")]);
    expect(report.classes).toEqual({ CANDIDATE: 13, CONFIRMED: 13, "FALSE POSITIVE": 13 });
  });

  test("without star ids groups the rows whose stellar values are equal", async () => {
    const bare = [header, ...good, ...good.slice(0, 6)].map((line) => line.slice(line.indexOf(",") + 1));
    const { report } = await check(bare);
    expect(report).toMatchObject({ rows_kept: 42, stars: 36 });
    expect(report.assumed[0]).toContain("equal steff, srad, slogg and tmag");
  });

  test("has its leaky columns named, planted ones too, and keeps none of them", async () => {
    const planted = [
      `${header},koi_score,koi_fpflag_nt,kepler_name,remark`,
      ...good.map((line, k) => `${line},${k % 3},0,Kepler-${k} b,x`),
    ];
    const { table, report } = await check(planted);
    expect(report.leaky_columns).toEqual(["koi_score", "koi_fpflag_nt", "kepler_name"]);
    expect(report.ignored_columns).toEqual(["remark"]);
    expect(table.names).toHaveLength(11);
  });
});

describe("a row that breaks a rule is left out and told by line, column and value:", () => {
  test.each([
    ["a label of 7", row(50, 7), { column: "label", value: 7, rule: "label" }],
    ["a label of another word", row(50, "PLANET"), { column: "label", value: "PLANET", rule: "label" }],
    ["no label", row(50, ""), { column: "label", value: null, rule: "missing" }],
    ["a negative period", row(50, 1, { period: -3.5 }), { column: "period", value: -3.5, rule: "range" }],
    ["a period of 0", row(50, 1, { period: 0 }), { column: "period", value: 0, rule: "range" }],
    ["a depth of text", row(50, 1, { depth: "deep" }), { column: "depth", value: "deep", rule: "number" }],
    ["an infinite depth", row(50, 1, { depth: "1e999" }), { column: "depth", rule: "number" }],
    ["a missing impact", row(50, 1, { impact: "" }), { column: "impact", value: null, rule: "missing" }],
    ["a star of 20 K", row(50, 1, { steff: 20 }), { column: "steff", value: 20, rule: "range" }],
    [
      "a transit longer than half of its period",
      row(50, 1, { period: 1, duration: 13 }),
      { column: "duration", value: 13, rule: "orbit" },
    ],
    ["too few fields", "50,3.5,2.8", { column: null, rule: "fields" }],
  ])("%s", async (_, line, problem) => {
    const { table, report } = await check(['# a comment, with a "quote', header, ...good.slice(0, 18), line, ...good.slice(18)]);
    expect(report).toMatchObject({ rows_read: 37, rows_kept: 36 });
    expect(table.rows).toBe(36);
    expect(report.problems).toEqual([expect.objectContaining({ line: 21, ...problem })]);
    expect(report.rules).toEqual([
      expect.objectContaining({ rows: 1, first_line: 21, rule: problem.rule, column: problem.column }),
    ]);
  });

  test("lines are counted through comments, blank lines and quoted line ends", async () => {
    const noted = [`# one`, "", `${header},note`, ...good.map((line) => `${line},"two\nlines"`), "# between", `${row(60, 7)},x`];
    const { report } = await check(noted);
    expect(report.problems).toEqual([expect.objectContaining({ line: 77, column: "label" })]);
  });

  test("a hundred are listed and all are counted", async () => {
    const { report } = await check([header, ...good, ...Array.from({ length: 300 }, (_, k) => row(k, 7))]);
    expect(report.problems).toHaveLength(100);
    expect(report.rules[0]).toMatchObject({ rows: 300, rule: "label" });
  });
});

describe("a file is refused", () => {
  test("that lacks a column, with the name that is near", async () => {
    await expect(check([header.replace("depth", "dephts"), ...good])).rejects.toThrow(
      'exoplanets: line 1 lacks the column "depth", did you mean dephts of the exoplanet flow\'s table (signals.csv)',
    );
  });

  test("that names a column twice", async () => {
    await expect(check([header.replace("impact", "depth"), ...good])).rejects.toThrow(
      'exoplanets: columns 4 and 5 are both named "depth"; name each column once (signals.csv)',
    );
  });

  test("whose header names nothing of a transit", async () => {
    await expect(check(["a,b", "1,2"])).rejects.toThrow("exoplanets: line 1 names no column of a transit table; it needs period");
  });

  test("of which too little remains, with the first problem", async () => {
    await expect(check([header, ...good.map((line) => line.replace(/,2$/, ",7"))])).rejects.toThrow(
      "exoplanets: needs 10 rows of each label, 0 of FALSE POSITIVE remain of 36 rows; the first problem is in line 4: label must be one of",
    );
  });

  test("whose rows are of too few stars", async () => {
    await expect(check([header, ...Array.from({ length: 36 }, (_, k) => row(1, k % 3))])).rejects.toThrow("needs 10 stars");
  });

  test.each([
    ["PK\u0003\u0004rest", "a ZIP archive or a spreadsheet"],
    ["%PDF-1.7", "a PDF document"],
    ["SIMPLE  =                    T", "a FITS file"],
    ['{"period": 3}', "a JSON document"],
    ["<!DOCTYPE html><p>", "a web page"],
    ["abc\0def", "binary data"],
  ])("of another kind: %j", async (text, kind) => {
    await expect(check([text], "upload.csv")).rejects.toThrow(`exoplanets: must be a CSV table, got ${kind} (upload.csv)`);
  });

  test("that is empty", async () => {
    await expect(check([" "])).rejects.toThrow("exoplanets: the file is empty");
  });
});

describe("a publisher's table", () => {
  const toi = "tid,toi,tfopwg_disp,pl_orbper,pl_trandurh,pl_trandep,pl_rade,st_tmag,st_teff,st_logg,st_rad";
  const words = ["PC", "CP", "FP", "APC", "KP", "FA"];
  const toiRows = Array.from({ length: 36 }, (_, k) => `${k},${k}.01,${words[k % 6]},${3 + k},2.8,900,2.1,11.5,5500,4.4,1`);

  test("of TESS has its impact derived and its snr missing, and says so", async () => {
    const { table, report } = await check(["# TOI", toi, ...toiRows]);
    expect(report).toMatchObject({
      format: "toi",
      rows_kept: 36,
      classes: { CANDIDATE: 12, CONFIRMED: 12, "FALSE POSITIVE": 12 },
    });
    expect(report.assumed).toHaveLength(2);
    expect(table.values("snr").every((value) => value === null)).toBe(true);
    expect(table.values("impact").every((value) => (value as number) >= 0 && (value as number) < 1.1)).toBe(true);
  });

  const data = process.env["ASSAY_DATA"] ?? fileURLToPath(new URL("../../../../../../shared/data", import.meta.url));
  const koi = join(data, "exoplanets/koi_cumulative.csv");
  test.skipIf(!existsSync(koi))("of Kepler is read as it comes: 9,197 of 9,564 signals of 7,925 stars remain", async () => {
    const { report } = checkSignals(await readSignals(koi));
    expect(report).toMatchObject({ format: "koi", rows_read: 9564, rows_kept: 9197, stars: 7925 });
    expect(report.leaky_columns).toEqual([
      "kepoi_name",
      "kepler_name",
      "koi_pdisposition",
      "koi_score",
      "koi_fpflag_nt",
      "koi_fpflag_ss",
      "koi_fpflag_co",
      "koi_fpflag_ec",
    ]);
    expect(report.rules[0]).toMatchObject({ rule: "missing" });
  });
});
