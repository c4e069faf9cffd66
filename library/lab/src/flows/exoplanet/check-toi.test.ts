import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checkSignals } from "./check-signals.ts";
import { networkInputs, quantitiesOf, standinsOf } from "./network-inputs.ts";
import { readSignals } from "./read-signals.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-toi-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A quantity as the archive publishes it: with its upper and lower uncertainty, and whether it is a limit. */
const measured = (name: string) => [name, `${name}err1`, `${name}err2`, `${name}lim`];
/** The columns of the archive's TOI table as it is downloaded with all of them (exoplanetarchive.ipac.caltech.edu/docs/API_TOI_columns.html). */
const columns = [
  ...["toi", "toipfx", "tid", "ctoi_alias", "pl_pnum", "tfopwg_disp", "rastr", "ra", "decstr", "dec"],
  ...["st_pmra", "st_pmdec", "pl_tranmid", "pl_orbper", "pl_trandurh", "pl_trandep", "pl_rade", "pl_insol"].flatMap(measured),
  ...["pl_eqt", "st_tmag", "st_dist", "st_teff", "st_logg", "st_rad"].flatMap(measured),
  ...["sectors", "toi_created", "rowupdate", "release_date"],
];
const header = columns.join(",");
const words = ["PC", "CP", "FP", "APC", "KP", "FA"];

/** A made-up line in the archive's form; nothing here was ever observed. */
function line(k: number, change: Record<string, string | number> = {}): string {
  const cells: Record<string, string | number | undefined> = {
    toi: `${1000 + k}.01`,
    toipfx: 1000 + k,
    tid: 20_000 + k,
    ctoi_alias: `${20_000 + k}.01`,
    pl_pnum: 1,
    tfopwg_disp: words[k % words.length],
    rastr: "07h29m25.85s",
    decstr: "-12d41m45.46s",
    pl_orbper: 2.1 + 0.3 * k,
    pl_orbpererr1: 0.0001,
    pl_orbpererr2: -0.0001,
    pl_trandurh: 2 + 0.05 * k,
    pl_trandep: 600 + 150 * k,
    pl_rade: 5.8,
    pl_eqt: 1200,
    st_tmag: 9 + 0.05 * k,
    st_teff: 4800 + 40 * k,
    st_logg: 4.4,
    st_rad: 0.9 + 0.01 * k,
    sectors: '"7,34,61"',
    toi_created: "2019-07-24 15:58:33",
    ...Object.fromEntries(["pl_orbper", "pl_trandurh", "pl_trandep", "pl_rade", "st_tmag"].map((name) => [`${name}lim`, 0])),
    ...change,
  };
  return columns.map((name) => cells[name] ?? "").join(",");
}
const good = Array.from({ length: 36 }, (_, k) => line(k));
const comments = ["# This file has the form of a table of the NASA Exoplanet Archive", "#", "# COLUMN toi: a number"];

const check = (lines: readonly string[], names = header) => checkText([...comments, names, ...lines].join("\n"));

async function checkText(text: string | Buffer) {
  const path = join(folder, "TOI.csv");
  writeFileSync(path, text);
  return checkSignals(await readSignals(path));
}

describe("a TESS table", () => {
  test("is read with its own names and words; the star is tid", async () => {
    const { table, report } = await check(good);
    expect(report).toMatchObject({ format: "toi", rows_read: 36, rows_kept: 36, stars: 36, problems: [], rules: [] });
    expect(report.classes).toEqual({ CANDIDATE: 12, CONFIRMED: 12, "FALSE POSITIVE": 12 });
    expect(table.values("period").slice(0, 2)).toEqual([2.1, 2.4]);
    expect(table.values("label").slice(0, 6)).toEqual([
      "CANDIDATE",
      "CONFIRMED",
      "FALSE POSITIVE",
      "CANDIDATE",
      "CONFIRMED",
      "FALSE POSITIVE",
    ]);
    const used = ["tid", "tfopwg_disp", "pl_orbper", "pl_trandurh", "pl_trandep", "st_tmag", "st_teff", "st_logg", "st_rad"];
    expect(report.ignored_columns).toEqual(columns.filter((name) => !used.includes(name)));
  });

  test.each([
    ["with Windows line ends", [...comments, header, ...good].join("\r\n")],
    ["behind a byte order mark", `\uFEFF${[...comments, header, ...good].join("\n")}`],
    ["in UTF-16, as spreadsheets write it", Buffer.from(`\uFEFF${[...comments, header, ...good].join("\r\n")}`, "utf16le")],
    ["that ends in blank lines", `${[...comments, header, ...good].join("\n")}\n\n\n`],
    ["of the archive's TAP service, which quotes text and has no comments", quoted([header, ...good]).join("\n")],
  ])("%s is read the same", async (_, text) => {
    const { table, report } = await checkText(text);
    const plain = await check(good);
    expect(table.toRows()).toEqual(plain.table.toRows());
    expect(report).toMatchObject({ format: "toi", rows_read: 36, rows_kept: 36, problems: [] });
  });

  test("of ExoFOP, which names its columns for people, is refused with where to go", async () => {
    const names = "TIC ID,TOI,TESS Disposition,TFOPWG Disposition,TESS Mag,Period (days),Duration (hours),Depth (ppm)";
    await expect(checkText(`${names}\n100,101.01,KP,KP,9.5,3.5,2.1,5000\n`)).rejects.toThrow(
      "exoplanets: line 1 is the header of ExoFOP's list; the NASA Exoplanet Archive's TOI table has the same signals under the names that are read",
    );
  });

  test("keeps the signals of one star together", async () => {
    const { report } = await check(good.map((_, k) => line(k, { tid: 1 + Math.floor(k / 2) })));
    expect(report).toMatchObject({ rows_kept: 36, stars: 18 });
  });

  test("says what stands in for impact and snr, and the network takes its rows", async () => {
    const { table, report } = await check(good);
    expect(report.assumed).toEqual([
      "impact: derived from period, duration, depth and the star's density, for a circular orbit",
      "snr: not in this table, taken as the median of the training rows",
    ]);
    const rows = quantitiesOf(table);
    expect(standinsOf(rows)).toEqual({ snr: 10 });
    const { curve, stars } = networkInputs(rows, standinsOf(rows));
    expect([...curve.data, ...stars.data].every(Number.isFinite)).toBe(true);
  });

  test.each([
    ["pl_orbper", "period"],
    ["pl_trandurh", "duration"],
    ["pl_trandep", "depth"],
    ["st_teff", "steff"],
    ["st_rad", "srad"],
    ["st_logg", "slogg"],
    ["st_tmag", "tmag"],
    ["tfopwg_disp", "label"],
  ])("without %s is refused by the name of that column", async (column) => {
    const names = header.split(",");
    const j = names.indexOf(column);
    const without = (text: string) => text.split(",").toSpliced(j, 1).join(",");
    await expect(check(good.map(without), without(header))).rejects.toThrow(`exoplanets: line 4 lacks the column "${column}"`);
  });
});

describe("a line of a TESS table is left out and told with", () => {
  test.each([
    ["pl_orbper", "", null, "missing"],
    ["pl_orbper", -2, -2, "range"],
    ["pl_orbper", 2e6, 2e6, "range"],
    ["pl_orbper", "single", "single", "number"],
    ["pl_trandurh", "", null, "missing"],
    ["pl_trandurh", 0, 0, "range"],
    ["pl_trandurh", 220, 220, "orbit"],
    ["pl_trandep", "", null, "missing"],
    ["pl_trandep", -600, -600, "range"],
    ["pl_trandep", 2e7, 2e7, "range"],
    ["st_teff", "", null, "missing"],
    ["st_teff", 500, 500, "range"],
    ["st_rad", "", null, "missing"],
    ["st_rad", 0, 0, "range"],
    ["st_logg", "", null, "missing"],
    ["st_logg", 12, 12, "range"],
    ["st_tmag", "", null, "missing"],
    ["st_tmag", 99, 99, "range"],
    ["tfopwg_disp", "", null, "missing"],
    ["tfopwg_disp", "CONFIRMED", "CONFIRMED", "label"],
    ["tfopwg_disp", "?", "?", "label"],
  ])("%s of %j", async (column, cell, value, rule) => {
    const { report } = await check([...good.slice(0, 5), line(50, { [column]: cell }), ...good.slice(5)]);
    expect(report).toMatchObject({ rows_read: 37, rows_kept: 36 });
    expect(report.problems).toEqual([expect.objectContaining({ line: 10, column, value, rule })]);
  });
});

describe("a cell of a TESS table that is a limit and no value", () => {
  test.each([
    ["pl_orbper", 1, "an upper"],
    ["pl_trandep", -1, "a lower"],
    ["st_tmag", 1, "an upper"],
  ])("%s with a flag of %i is left out and told", async (column, flag, which) => {
    const { report } = await check([...good, line(50, { [`${column}lim`]: flag })]);
    expect(report.problems).toEqual([
      expect.objectContaining({ line: 41, column, rule: "limit", message: `${column} must be a value, not ${which} limit` }),
    ]);
  });
});

/** Lines whose text cells stand in quotes. */
function quoted(lines: readonly string[]): string[] {
  const text = new Set(["tfopwg_disp", "rastr", "decstr", "toi_created"].map((name) => columns.indexOf(name)));
  const [names, ...rows] = lines;
  return [
    names!,
    ...rows.map((row) =>
      row
        .split(/,(?![0-9,]*")/)
        .map((cell, j) => (text.has(j) ? `"${cell}"` : cell))
        .join(","),
    ),
  ];
}
