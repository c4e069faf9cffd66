import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readCsv } from "./read-csv.ts";
import { readTable } from "./read-table.ts";
import type { Table } from "./table.ts";

const folder = resolve(import.meta.dirname, "../../../../../shared/data");
const letters = { number: "n", category: "c", boolean: "b", datetime: "d", text: "t" } as const;

/** The kinds of a table's columns, one letter each; four or more alike as `n{4}`. */
const kinds = (table: Table): string =>
  table.names
    .map((name) => letters[table.kind(name)])
    .join("")
    .replace(/(.)\1{3,}/g, (run, letter) => `${letter}{${run.length}}`);

const files: readonly (readonly [string, number, number, string])[] = [
  ["benchmarks/arff/auto93.arff", 93, 23, "ccnnccn{5}cn{9}cn"],
  ["benchmarks/arff/autompg.arff", 398, 8, "cn{4}ccn"],
  ["benchmarks/arff/cal.housing.arff", 20640, 9, "n{9}"],
  ["benchmarks/arff/servo.arff", 167, 5, "c{4}n"],
  ["benchmarks/bike_day.csv", 731, 16, "ndn{14}"],
  ["benchmarks/california_housing.csv", 20640, 10, "n{9}c"],
  ["benchmarks/daily-min-temperatures.csv", 3650, 2, "dn"],
  ["benchmarks/lightgbm_binary.test", 500, 29, "n{29}"],
  ["benchmarks/lightgbm_binary.train", 7000, 29, "n{29}"],
  ["benchmarks/lightgbm_regression.test", 500, 29, "n{29}"],
  ["benchmarks/lightgbm_regression.train", 7000, 29, "n{29}"],
  ["benchmarks/monthly-airline-passengers.csv", 144, 2, "tn"],
  ["benchmarks/pima-indians-diabetes.csv", 768, 9, "n{9}"],
  ["benchmarks/sklearn_breast_cancer.csv", 569, 31, "n{31}"],
  ["benchmarks/sklearn_california_housing.csv", 20640, 9, "n{9}"],
  ["benchmarks/sklearn_diabetes.csv", 442, 11, "n{11}"],
  ["benchmarks/sklearn_digits.csv", 1797, 65, "n{65}"],
  ["benchmarks/sklearn_wine.csv", 178, 14, "n{14}"],
  ["benchmarks/winequality-red.csv", 1599, 12, "n{12}"],
  ["dirty/adult-test.csv", 16281, 15, "ncncnc{5}nnncc"],
  ["dirty/adult-train.csv", 32561, 15, "ncncnc{5}nnncc"],
  ["dirty/arff/anneal.arff", 898, 39, "cccnncccnc{23}nnnc{4}"],
  ["dirty/arff/autos.arff", 205, 26, "nc{7}n{5}ccncn{8}c"],
  ["dirty/arff/breast.cancer.arff", 286, 10, "c{10}"],
  ["dirty/arff/credit.g.arff", 1000, 21, "cnccnccnccncnccncnccc"],
  ["dirty/arff/diabetes.arff", 768, 9, "n{8}c"],
  ["dirty/arff/iris.arff", 150, 5, "n{4}c"],
  ["dirty/arff/labor.arff", 57, 17, "n{4}cncnncnc{6}"],
  ["dirty/arff/soybean.arff", 683, 36, "c{36}"],
  ["dirty/arff/vote.arff", 435, 17, "c{17}"],
  ["dirty/auto_imports.csv", 201, 26, "nc{8}n{5}ccncccnccnnn"],
  ["dirty/breast-cancer-wisconsin.csv", 699, 10, "n{5}cn{4}"],
  ["dirty/breast-cancer.csv", 286, 10, "c{5}nc{4}"],
  ["dirty/cars.json", 406, 9, "tn{6}dc"],
  ["dirty/german.csv", 1000, 21, "cnccnccnccncnccncnccn"],
  ["dirty/oecd_bli_2015_long.csv", 3292, 17, "c{10}ncnnncc"],
  ["dirty/penguins.json", 344, 7, "ccn{4}c"],
  ["dirty/titanic_test_nolabel.csv", 418, 11, "nntcnnntncc"],
  ["dirty/titanic_train.csv", 891, 12, "nnntcnnntncc"],
];

test.skipIf(!existsSync(folder))("the dirty and benchmark files read as they are", async () => {
  for (const [file, rows, columns, expected] of files) {
    const table = await readTable(join(folder, file));
    expect([file, table.rows, table.names.length, kinds(table), table.rejects]).toEqual([file, rows, columns, expected, []]);
  }
});

describe("small twins of their quirks", () => {
  const read = async (text: string | Buffer) => {
    const table = await readCsv(Buffer.from(text as string));
    return [table.names.slice(0, 3), table.rows, kinds(table)];
  };
  test("no header, leading spaces, ? for missing (Adult)", async () =>
    expect(
      await read("39, State-gov, 77516, ?\n50, Private, 83311, <=50K\n38, Private, 215646, <=50K\n38, State-gov, 1, ?\n\n"),
    ).toEqual([["column_1", "column_2", "column_3"], 4, "ncnc"]));
  test("single quotes and no header, told by cells that stand again (breast cancer)", async () =>
    expect(await read("'40-49','0-2','yes'\n'50-59','0-2','no'\n'40-49','3-5','yes'\n'50-59','3-5','no'\n")).toEqual([
      ["column_1", "column_2", "column_3"],
      4,
      "ccc",
    ]));
  test("a mark, CRLF and names that differ by case only (OECD)", async () =>
    expect(
      await read('\ufeff"INDICATOR","Indicator","Value"\r\n"HO","Dwellings, basic",1.5\r\n"HO","Dwellings, basic",2\r\n'),
    ).toEqual([["INDICATOR", "Indicator", "Value"], 2, "ccn"]));
  test("a header that holds numbers over columns of numbers", async () =>
    expect(await read("id,2019,2020\n1,5,6\n2,7,8\n")).toEqual([["id", "2019", "2020"], 2, "nnn"]));
  test("tabs, numbers, no header (LightGBM)", async () =>
    expect(await read("1\t0.644\t0.247\n0\t0.385\t1.800\n")).toEqual([["column_1", "column_2", "column_3"], 2, "nnn"]));
  test("commas and doubled quotes in quoted names (Titanic)", async () => {
    const table = await readCsv(Buffer.from('PassengerId,Name,Age\n1,"Braund, Mr. ""Owen""",22\n2,"Allen, Mr.",\n'));
    expect(table.toRows().map((row) => Object.values(row))).toEqual([
      [1, 'Braund, Mr. "Owen"', 22],
      [2, "Allen, Mr.", null],
    ]);
  });
});
