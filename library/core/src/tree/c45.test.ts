import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../base/codec.ts";
import { readArff } from "../data/read-arff.ts";
import { type Table, table } from "../data/table.ts";
import { matrix } from "../numeric/matrix.ts";
import { treeText } from "../plots/tree-plot.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { type C45State, c45Classifier } from "./c45.ts";
import { addedErrors } from "./c45-prune.ts";

describe("decision_tree_c45", () => {
  for (const { name, run } of estimatorChecks("classification", "decision_tree_c45")) test(name, run);
});

type Params = NonNullable<Parameters<typeof c45Classifier>[0]>;
type Cell = string | number | null;

/** Lines of words as a table. */
function tableOf(names: string, lines: string): Table {
  const columns = names.split(" ");
  const rows = lines.split("\n").map((line) => line.trim().split(" "));
  const read = (cell: string): Cell => (cell === "?" ? null : cell !== "" && Number.isFinite(Number(cell)) ? Number(cell) : cell);
  return table(rows.map((row) => Object.fromEntries(row.map((cell, j) => [columns[j]!, read(cell)]))));
}

const weather = `sunny hot high no no
  sunny hot high yes no
  overcast hot high no yes
  rainy mild high no yes
  rainy cool normal no yes
  rainy cool normal yes no
  overcast cool normal yes yes
  sunny mild high no no
  sunny cool normal no yes
  rainy mild normal no yes
  sunny mild normal yes yes
  overcast mild high yes yes
  overcast hot normal no yes
  rainy mild high yes no`;
const temperatures = [85, 80, 83, 70, 68, 65, 64, 72, 69, 75, 75, 72, 81, 71];
const humidities = [85, 90, 86, 96, 80, 70, 65, 95, 70, 80, 70, 90, 75, 91];
const numericWeather = weather
  .split("\n")
  .map((line, i) => {
    const [outlook, , , windy, play] = line.trim().split(" ");
    return `${outlook} ${temperatures[i]} ${humidities[i]} ${windy} ${play}`;
  })
  .join("\n");

const rules = async (data: Table, target: string, params: Params = {}): Promise<string> =>
  treeText(await c45Classifier(params).fit(data, { target }), { maxDepth: 99 });

describe("the textbook trees", () => {
  test("of the weather in words", async () => {
    expect(await rules(tableOf("outlook temperature humidity windy play", weather), "play")).toBe(
      `outlook = overcast: yes (4.0)
outlook = rainy
|   windy = no: yes (3.0)
|   windy = yes: no (2.0)
outlook = sunny
|   humidity = high: no (3.0)
|   humidity = normal: yes (2.0)
`,
    );
  });

  test("of the weather in numbers", async () => {
    expect(await rules(tableOf("outlook temperature humidity windy play", numericWeather), "play")).toBe(
      `outlook = overcast: yes (4.0)
outlook = rainy
|   windy = no: yes (3.0)
|   windy = yes: no (2.0)
outlook = sunny
|   humidity <= 75: yes (2.0)
|   humidity > 75: no (3.0)
`,
    );
  });

  test("of the contact lenses", async () => {
    const answers =
      "none soft none hard none soft none hard none soft none hard none soft none none none none none hard none soft none none";
    const lines = answers.split(" ").map((lenses, i) => {
      const age = ["young", "middle", "old"][Math.floor(i / 8)];
      return `${age} ${i % 8 < 4 ? "near" : "far"} ${i % 4 < 2 ? "no" : "yes"} ${i % 2 === 0 ? "reduced" : "normal"} ${lenses}`;
    });
    expect(await rules(tableOf("age sight astigmatism tears lenses", lines.join("\n")), "lenses")).toBe(
      `tears = normal
|   astigmatism = no: soft (6.0/1.0)
|   astigmatism = yes
|   |   sight = far: none (3.0/1.0)
|   |   sight = near: hard (3.0)
tears = reduced: none (12.0)
`,
    );
  });
});

interface J48Tree {
  readonly params: Params;
  readonly text: string;
  readonly proba?: readonly (readonly number[])[];
}
interface Twin {
  readonly rows: readonly (readonly Cell[])[];
  readonly labels: readonly string[];
  readonly query: readonly (readonly Cell[])[];
  readonly trees: readonly J48Tree[];
}

const names = ["colour", "grade", "kind", "score", "age"];
const asTable = (rows: readonly (readonly Cell[])[], labels?: readonly string[]): Table =>
  table(
    rows.map((row, i) => ({
      ...Object.fromEntries(row.map((cell, j) => [names[j]!, cell])),
      ...(labels && { class: labels[i]! }),
    })),
  );

const twins = fixture<Twin[]>(import.meta.url, "j48");
describe.each([
  ["without holes", twins[0]!],
  ["with holes", twins[1]!],
])("trees and shares are those of Weka's J48, %s,", (_, { rows, labels, query, trees }) => {
  test.each(trees.map((tree) => [JSON.stringify(tree.params), tree] as const))("with %s", async (_, { params, text, proba }) => {
    const model = await c45Classifier(params).fit(asTable(rows, labels), { target: "class" });
    expect(treeText(model, { maxDepth: 99 }).trim()).toBe(text);
    const shares = model.predictProba(asTable(query)).data;
    for (const [i, wanted] of proba!.flat().entries()) expect(Math.abs(shares[i]! - wanted)).toBeLessThan(1e-6);
  });
});

const folder = resolve(import.meta.dirname, "../../../../../shared/data/dirty/arff");
const published = fixture<Record<string, J48Tree[]>>(import.meta.url, "j48-published");
test.skipIf(!existsSync(folder))("trees on published files are those of Weka's J48", async () => {
  for (const [name, trees] of Object.entries(published)) {
    const data = await readArff(resolve(folder, `${name}.arff`));
    for (const { params, text } of trees)
      expect((await rules(data, data.names.at(-1)!, params)).trim(), `${name} with ${JSON.stringify(params)}`).toBe(text);
  }
});

describe("error-based pruning", () => {
  test("adds what Quinlan's examples say", () => {
    // C4.5: Programs for Machine Learning, page 42: U(0, 6), U(0, 9), U(0, 1) at a quarter
    expect(addedErrors(6, 0, 0.25) / 6).toBeCloseTo(0.206, 3);
    expect(addedErrors(9, 0, 0.25) / 9).toBeCloseTo(0.143, 3);
    expect(addedErrors(1, 0, 0.25)).toBeCloseTo(0.75, 10);
  });

  test("adds the rows that are left where nearly all are wrong", () => {
    expect(addedErrors(4, 3.8, 0.25)).toBeCloseTo(0.2, 10);
  });
});

describe("c45", () => {
  const fit = (x: (number | null)[][], y: string[], params: Params = {}) =>
    c45Classifier(params).fit(matrix(x.map((row) => row.map((cell) => cell ?? Number.NaN))), y);

  test("cuts at a value of the training rows, not between two", async () => {
    const { state } = await fit([[1], [2], [5], [9]], ["a", "a", "b", "b"], { minNumObj: 1 });
    expect(Array.from(state.pieceEnd)).toEqual([2, Infinity]);
  });

  test("tells values at the ends of the doubles apart", async () => {
    const model = await fit([[-1.7e308], [-1e308], [1e308], [1.7e308]], ["a", "a", "b", "b"], { minNumObj: 1 });
    expect(model.predict([[-1.5e308], [1.5e308]])).toEqual(["a", "b"]);
  });

  test("tells very small values apart", async () => {
    const model = await fit([[1e-300], [2e-300], [5e-300], [9e-300]], ["a", "a", "b", "b"], { minNumObj: 1 });
    expect(model.predict([[1e-300], [9e-300]])).toEqual(["a", "b"]);
  });

  test("answers a row whose values are missing by the shares of the branches", async () => {
    const x = [[1], [2], [3], [4], [5], [6], [7], [8]];
    const model = await fit(x, ["a", "a", "a", "a", "a", "a", "b", "b"]);
    expect(Array.from(model.predictProba([[Number.NaN]]).data)).toEqual([0.75, 0.25]);
  });

  test("answers a level that it never saw as a missing value", async () => {
    const data = tableOf("outlook temperature humidity windy play", weather);
    const model = await c45Classifier().fit(data, { target: "play" });
    const ask = (outlook: string | null) =>
      Array.from(model.predictProba(table([{ outlook, temperature: "hot", humidity: "high", windy: "no" }])).data);
    expect(ask("foggy")).toEqual(ask(null));
  });

  test("is the most common class where columns are constant, missing or none of use", async () => {
    const x = Array.from({ length: 20 }, () => [3, null]);
    const model = await fit(
      x,
      x.map((_, i) => (i < 12 ? "a" : "b")),
    );
    expect(treeText(model)).toBe(": a (20.0/8.0)\n");
    expect(Array.from(model.predictProba([[1, 2]]).data)).toEqual([0.6, 0.4]);
    expect(model.importances()!.every(({ importance }) => importance === 0)).toBe(true);
  });

  test("takes whole weights as so many rows", async () => {
    const { rows, labels } = twins[1]!;
    const [numbers, weights] = [rows.map((row) => row.slice(3) as number[]), rows.map((_, i) => i % 3)];
    const repeated = numbers.flatMap((row, i) => Array.from({ length: weights[i]! }, () => row));
    const again = labels.flatMap((label, i) => Array.from({ length: weights[i]! }, () => label));
    const holed = (list: (number | null)[][]) => matrix(list.map((row) => row.map((cell) => cell ?? Number.NaN)));
    const params = { unpruned: true, minNumObj: 6 };
    const weighted = await c45Classifier(params).fit(holed(numbers), labels, { weights });
    const copied = await c45Classifier(params).fit(holed(repeated), again);
    expect(treeText(weighted)).toBe(treeText(copied));
  });

  test("bears ten thousand columns", async () => {
    const data = new Float64Array(20 * 10_000).map((_, i) => (i * 7919) % 104_729);
    for (let i = 0; i < 20; i++) data[i * 10_000 + 77] = i;
    const y = Array.from({ length: 20 }, (_, i) => (i < 10 ? "a" : "b"));
    const model = await c45Classifier().fit({ rows: 20, columns: 10_000, data }, y);
    expect(model.importances()![0]).toEqual({ feature: "x77", importance: 1 });
  });

  test("ends within a moment of an abort", async () => {
    const n = 20_000;
    const data = Float64Array.from({ length: n * 20 }, (_, i) => (i * 48_271) % 65_537);
    const y = Array.from({ length: n }, (_, i) => ((i * 7) % 11 < 5 ? "a" : "b"));
    const fitted = c45Classifier({ minNumObj: 1 }).fit({ rows: n, columns: 20, data }, y, { signal: AbortSignal.timeout(100) });
    await expect(fitted).rejects.toMatchObject({ name: expect.stringMatching(/AbortError|TimeoutError/) });
  });
});

describe("a model file that no fit wrote is refused:", () => {
  const broken = async (change: (state: C45State) => object): Promise<Uint8Array> => {
    const model = await c45Classifier().fit(tableOf("outlook temperature humidity windy play", weather), { target: "play" });
    const { task, name, params, columns, target, classes, state } = model;
    return encodeModel({ task, name, params, columns, target, classes, state: { ...state, ...change(state) } });
  };
  const cases: [string, (state: C45State) => object, RegExp][] = [
    ["a column that is not there", (s) => ({ feature: s.feature.map((f) => (f < 0 ? f : 9)) }), /asks column 9 of 4/],
    ["a node that is its own child", (s) => ({ firstChild: s.firstChild.map((f) => (f < 0 ? f : 0)) }), /has the children 0/],
    ["an array that is too short", (s) => ({ weight: s.weight.slice(1) }), /different lengths/],
    ["a child beyond its siblings", (s) => ({ pieceChild: s.pieceChild.map(() => 7) }), /the child 7/],
    ["a weight that is no number", (s) => ({ weight: s.weight.map(() => Number.NaN) }), /a weight that is none/],
    ["intervals without an end", (s) => ({ pieceEnd: s.pieceEnd.map((_, p) => p) }), /last interval that ends/],
    ["a leaf with children", (s) => ({ feature: s.feature.map(() => -1) }), /leaf with children/],
  ];
  test.each(cases)("%s", async (_, change, message) => {
    const bytes = await broken(change);
    expect(() => decodeModel(bytes)).toThrow(message);
  });
});
