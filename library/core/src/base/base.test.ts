import { describe, expect, test } from "vitest";
import { z } from "zod";
import { table } from "../data/table.ts";
import { logisticRegression } from "../linear/logistic-regression.ts";
import { ridge } from "../linear/ridge.ts";
import { decodeModel, encodeModel } from "./codec.ts";
import { regressor } from "./estimator.ts";
import { nearName } from "./near-name.ts";
import { seal } from "./registry.ts";

describe("a model's bytes", () => {
  const bytes = async () => encodeModel(await ridge().fit([[0], [1], [3]], [1, 2, 5]));
  const header = (text: string, data = new Uint8Array(0)): Uint8Array => {
    const json = Buffer.from(text);
    const file = new Uint8Array(8 + json.length + data.length);
    new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
    file.set(json, 8);
    file.set(data, 8 + json.length);
    return file;
  };
  test("cut short are refused", async () => {
    const whole = await bytes();
    for (const size of [0, 7, 15, 40, whole.length - 1]) expect(() => decodeModel(whole.slice(0, size))).toThrow(/^loadModel: /);
  });
  test.each([
    ["a header of 2⁶³ bytes", () => new Uint8Array(16).fill(0xff), "this is no model file, its header claims"],
    ["a header that is no JSON", () => header("nothing here at all"), "the header is not JSON"],
    [
      "a tensor beyond the file",
      () => header('{"0":{"dtype":"F64","shape":[1000000000000000],"data_offsets":[0,8]}}'),
      "claims [0, 8] of 0",
    ],
    [
      "a product that overflows",
      () => header('{"0":{"dtype":"F64","shape":[9007199254740991,9007199254740991],"data_offsets":[0,8]}}'),
      "claims",
    ],
    [
      "a kind named __proto__",
      () => header('{"0":{"dtype":"__proto__","shape":[1],"data_offsets":[0,8]}}'),
      "has dtype __proto__",
    ],
    ["bytes that belong to no tensor", () => header('{"__metadata__":{}}    ', new Uint8Array(8)), "belong to no tensor"],
    [
      "an unknown estimator",
      () =>
        header(
          JSON.stringify({
            __metadata__: {
              assay: JSON.stringify({ format: 1, task: "regression", name: "magic", params: {}, columns: [], state: 0 }),
            },
          }),
        ),
      'no regression estimator "magic"',
    ],
    [
      "a later format",
      () => header(JSON.stringify({ __metadata__: { assay: '{"format":2}' } })),
      "format 2, this release reads 1",
    ],
  ])("with %s are refused", (_, make, message) => expect(() => decodeModel(make())).toThrow(message));
  test("whose state is nested 5,000 deep are refused", () => {
    const state = `${"[".repeat(5000)}${"]".repeat(5000)}`;
    const tree = `{"format":1,"task":"regression","name":"ridge","params":{},"columns":[{"name":"x0"}],"target":null,"classes":null,"state":${state}}`;
    expect(() => decodeModel(header(JSON.stringify({ __metadata__: { assay: tree } })))).toThrow("deeper than 64");
  });
});

describe("what fit is given is checked at the door", () => {
  const people = table({
    height: [1.7, 1.8, null, 1.6],
    weight: [70, 80, 60, 55],
    sex: ["f", "m", "m", "f"],
    same: ["a", "a", "a", "a"],
  });
  test.each<[string, () => Promise<unknown>, string]>([
    ["a target that is not there", () => ridge().fit(people, { target: "wieght" }), 'no column "wieght", did you mean weight'],
    [
      "a feature that is not there",
      () => ridge().fit(people, { target: "weight", features: ["hieght"] }),
      'no column "hieght", did you mean height',
    ],
    [
      "the target among the features",
      () => ridge().fit(people, { target: "weight", features: ["weight"] }),
      'features must not hold the target "weight"',
    ],
    [
      "a feature twice",
      () => ridge().fit(people, { target: "weight", features: ["height", "height"] }),
      'features hold "height" twice',
    ],
    [
      "a target with missing values",
      () => ridge().fit(people, { target: "height", features: ["weight"] }),
      'column "height" is missing in row 2',
    ],
    [
      "labels for a regressor",
      () => ridge().fit(people, { target: "sex", features: ["weight"] }),
      'column "sex" must hold numbers, got "f" in row 0',
    ],
    [
      "one class only",
      () => logisticRegression().fit(people, { target: "same", features: ["weight"] }),
      'target "same" must have two classes at least, every row is a',
    ],
    ["numbers with a fraction for a classifier", () => logisticRegression().fit([[1], [2]], [0.5, 1]), "must hold labels"],
    ["no target at all", () => ridge().fit(people, {} as never), "a table needs { target }"],
    ["row objects", () => ridge().fit([{ a: 1 }] as never, [1]), "got row objects; ml.table(rows) makes a table of them"],
    ["one row object", () => ridge().fit({ a: 1 } as never, [1]), "got an object; ml.table([row]) makes a table of one row"],
    ["ragged rows", () => ridge().fit([[1, 2], [3]], [1, 2]), "row 1 has 1 values, row 0 has 2"],
  ])("%s", async (_, fit, message) => {
    await expect(Promise.resolve().then(fit)).rejects.toThrow(message);
  });
});

test("an estimator defined in a cell fits on the calling thread, and errors of its functions come back as they are", async () => {
  seal(); // what is defined from here on, no worker can load
  class OwnError extends Error {}
  const asked = regressor({
    name: "asks_the_caller",
    params: z.strictObject({ f: z.custom<(n: number) => number>() }),
    fit: (_x, _y, { f }): { value: number } => ({ value: f(20) }),
    predict: (x, { value }) => new Float64Array(x.rows).fill(value),
  });
  const fit = (f: (n: number) => number) => asked({ f }).fit([[1]], [1]);
  expect((await fit((n) => n + 1)).predict([[0]])[0]).toBe(21);
  await expect(
    fit(() => {
      throw new OwnError("mine");
    }),
  ).rejects.toBeInstanceOf(OwnError);
});

test("of names that a word begins, the shortest is near, though another takes fewer edits", () => {
  expect(nearName("acc", ["mcc", "accuracy_within_one", "accuracy"])).toBe("accuracy");
});

test("a near name is found for swapped, missing and doubled letters, not for a stranger", () => {
  const known = ["accuracy", "f1_macro"];
  expect(["acuracy", "accruacy", "accuraccy"].map((word) => nearName(word, known))).toEqual(["accuracy", "accuracy", "accuracy"]);
  expect(nearName("zzz", known)).toBeUndefined();
});

describe("what a fit refuses", () => {
  const shapes = table({
    side: [1, 2, 3, 4],
    colour: ["red", "blue", "red", "blue"],
    name: ["x", "y", "x", "y"],
    kind: ["a", "b", "a", "b"],
  });
  const refusal = (of: typeof shapes, features: string[]) =>
    logisticRegression()
      .fit(of, { target: "kind", features })
      .then(String, (error: Error) => error);

  test("a table without rows says so", async () => {
    expect(String(await refusal(shapes.head(0), ["side"]))).toBe(
      "ShapeError: logistic_regression.fit: x must have rows and columns, got 0 × 1",
    );
  });

  test("columns of categories are all named", async () => {
    expect(String(await refusal(shapes, ["colour", "name"]))).toBe(
      'DataError: logistic_regression.fit: columns "colour", "name" hold categories; put ml.oneHotEncoder() before it',
    );
  });

  test("a column that holds another text in most rows is no category", async () => {
    const people = table({
      name: Array.from({ length: 20 }, (_, i) => `person ${i}`),
      kind: Array.from({ length: 20 }, (_, i) => i % 2),
    });
    expect(String(await refusal(people, ["name"]))).toBe(
      'DataError: logistic_regression.fit: column "name" holds text, 20 different in 20 rows; leave it out of features',
    );
  });

  test("an error of a fit on another thread names who asked for it", async () => {
    expect(((await refusal(shapes, ["colour"])) as Error).stack).toContain("base.test.ts");
  });
});
