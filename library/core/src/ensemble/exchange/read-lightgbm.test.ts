import { describe, expect, test } from "vitest";
import { table } from "../../data/table.ts";
import { fixture } from "../../testing/fixture.ts";
import { readLightgbm } from "./read-lightgbm.ts";
import { answersOf, type ForeignCase, farthest, rowsOf, sumsOf } from "./testing/foreign-case.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe.each(["lightgbm-objectives", "lightgbm-trees"])("%s", (name) => {
  const cases = Object.entries(fixture<Record<string, ForeignCase>>(import.meta.url, name));

  test.each(cases)("%s: LightGBM's own predictions", async (_, { model, x, raw, predicted }) => {
    const read = await readLightgbm(bytes(model));
    expect(farthest(answersOf(read, rowsOf(x), predicted), predicted)).toBeLessThan(1e-12);
    // LightGBM's raw scores of a random forest are sums, its predictions means
    if (!model.includes("average_output")) expect(farthest(sumsOf(read, rowsOf(x)), raw)).toBeLessThan(1e-12);
  });
});

const older = Object.entries(fixture<Record<string, ForeignCase>>(import.meta.url, "older-versions"));

test.each(older.filter(([name]) => name.startsWith("lightgbm")))(
  "%s: as that version predicted",
  async (_, { model, x, predicted }) => {
    const read = await readLightgbm(bytes(model));
    expect(farthest(answersOf(read, rowsOf(x), predicted), predicted)).toBeLessThan(1e-12);
  },
);

interface Named {
  readonly model: string;
  readonly kind: readonly (string | null)[];
  readonly size: readonly number[];
  readonly predicted: readonly number[];
}

test("texts of a category column are matched by pandas' levels", async () => {
  const { model, kind, size, predicted } = fixture<Record<string, Named>>(import.meta.url, "named-levels")["lightgbm"]!;
  const read = await readLightgbm(bytes(model));
  expect(read.columns).toEqual([{ name: "kind", levels: ["ash", "elm", "fir", "oak", "yew"] }, { name: "size" }]);
  expect(farthest(read.predict(table({ size, kind })) as Float64Array, predicted)).toBeLessThan(1e-12);
});

const [, binary] = Object.entries(fixture<Record<string, ForeignCase>>(import.meta.url, "lightgbm-objectives")).find(
  ([name]) => name === "binary",
)!;

test("classes name the labels", async () => {
  const read = await readLightgbm(bytes(binary.model), { classes: ["no", "yes"] });
  expect(read.predict(rowsOf(binary.x)).slice(0, 1)).toEqual([(binary.predicted as number[])[0]! > 0.5 ? "yes" : "no"]);
});

test("rounds take the first trees", async () => {
  const whole = await readLightgbm(bytes(binary.model));
  const first = await readLightgbm(bytes(binary.model), { rounds: 1 });
  expect([whole, first].map((model) => (model.state as { roots: Int32Array }).roots.length)).toEqual([2, 1]);
});

test("gains that are not finite count as 0", async () => {
  const read = await readLightgbm(bytes(binary.model.replace(/split_gain=\S+/, "split_gain=inf")));
  expect(farthest(sumsOf(read, rowsOf(binary.x)), binary.raw)).toBeLessThan(1e-12);
  expect(read.importances()!.every(({ importance }) => importance >= 0 && importance <= 1)).toBe(true);
});

describe("readLightgbm refuses", () => {
  const text = fixture<Record<string, ForeignCase>>(import.meta.url, "lightgbm-trees")["categories"]!.model;
  const changed = (from: RegExp | string, to: string) => readLightgbm(bytes(text.replace(from, to)));

  test.each<[string, RegExp | string, string, RegExp]>([
    ["another file", "tree\n", "wood\n", /line 1 must be "tree", got "wood"/],
    ["another version", "version=v4", "version=v9", /line 2, version must be v2, v3 or v4, got "v9"/],
    ["an unknown objective", "objective=regression", "objective=regresion", /did you mean regression/],
    [
      "more leaves than the file has",
      "num_leaves=4",
      "num_leaves=4000000000",
      /num_leaves must be a whole number from 1 to \d+, got "4000000000"/,
    ],
    ["fewer values than leaves", /leaf_value=\S+ /, "leaf_value=", /line \d+, leaf_value must have 4 entries, got 3/],
    [
      "a child outside the tree",
      /left_child=\S+/,
      "left_child=77",
      /left_child\[0\] must be a whole number from -4 to 2, got 77/,
    ],
    ["a node with two parents", /left_child=.*\n/, "left_child=1 2 1\n", /tree 0 \(line \d+\): node \d must have one parent/],
    [
      "a column that is not there",
      /split_feature=\S+/,
      "split_feature=4",
      /split_feature\[0\] must be a whole number from 0 to 3, got 4/,
    ],
    ["a threshold that is no number", /threshold=\S+/, "threshold=nan", /threshold\[0\] must be a finite number, got nan/],
    ["a set of categories that is not there", /cat_boundaries=.*\n/, "cat_boundaries=0 9\n", /cat_boundaries/],
    ["a field that stands twice", "num_cat=", "num_leaves=4\nnum_cat=", /must not repeat "num_leaves" of line \d+/],
    ["a tree that is missing", "Tree=1", "Tree=7", /must be "Tree=1", got "Tree=7"/],
    ["a file that ends early", /\n\nTree=1(.|\n)*/, "\n", /tree_sizes must have 1 entries, got 2/],
  ])("%s", async (_, from, to, message) => {
    await expect(changed(from, to)).rejects.toThrow(
      expect.objectContaining({ name: "DataError", message: expect.stringMatching(message) }),
    );
  });

  test("a file that is not there", async () => {
    await expect(readLightgbm("/nowhere/model.txt")).rejects.toThrow("readLightgbm: no file /nowhere/model.txt");
  });

  test("classes of another number", async () => {
    await expect(readLightgbm(bytes(binary.model), { classes: ["a", "b", "c"] })).rejects.toThrow(
      /classes must be 2 labels that differ/,
    );
  });
});
