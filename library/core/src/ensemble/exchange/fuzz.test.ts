import { describe, expect, test } from "vitest";
import type { PredictorModel } from "../../base/contract.ts";
import { matrix } from "../../numeric/matrix.ts";
import { type Random, random } from "../../numeric/random.ts";
import { fixture } from "../../testing/fixture.ts";
import { readLightgbm } from "./read-lightgbm.ts";
import { readXgboost } from "./read-xgboost.ts";
import { bytesOf, type ForeignCase, sumsOf } from "./testing/foreign-case.ts";

type Cases = Record<string, ForeignCase>;

const all: Cases = Object.assign(
  {},
  ...["lightgbm-objectives", "lightgbm-trees", "xgboost-trees", "xgboost-boosters", "older-versions"].map((name) =>
    fixture<Cases>(import.meta.url, name),
  ),
);

const formats = {
  "LightGBM text": { read: readLightgbm, files: ["multiclass", "categories with missing", "linear leaves", "random forest"] },
  "XGBoost JSON": { read: readXgboost, files: ["partitions", "dart", "linear of classes", "two targets, leaves of vectors"] },
  UBJSON: {
    read: readXgboost,
    files: ["partitions, as UBJSON", "dart, as UBJSON", "linear, as UBJSON", "leaves of vectors, as UBJSON"],
  },
  "XGBoost's old binary format": {
    read: readXgboost,
    files: ["xgboost 1.1.1 logistic model", "xgboost 1.1.1 dart model", "xgboost 1.1.1 lin3 model", "xgboost 1.7.6 two model"],
  },
};

const numbers = [
  "-1",
  "0",
  "1",
  "3",
  "0.5",
  "-0.5",
  "1e308",
  "-1e308",
  "NaN",
  "Infinity",
  "2147483647",
  "4294967296",
  "99999999999",
  "",
  "x",
  '"',
];

/** One change that a disk, a network or an enemy makes. */
function mutate(bytes: Uint8Array, draw: Random): Uint8Array {
  const at = draw.int(bytes.length);
  const end = Math.min(bytes.length, at + 1 + draw.int(40));
  switch (draw.int(7)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return bytes.with(at, bytes[at]! ^ (1 << draw.int(8)));
    case 2:
      return bytes.with(at, [0x00, 0x7f, 0x80, 0xff][draw.int(4)]!);
    case 3:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(end)]);
    case 4:
      return Uint8Array.from([...bytes.subarray(0, end), ...bytes.subarray(at)]);
    case 5:
      return Buffer.from(
        Buffer.from(bytes)
          .toString("latin1")
          .replace(/"[a-z_]+"/, '"__proto__"'),
        "latin1",
      );
    default:
      return swapNumber(bytes, draw);
  }
}

/** Another number in the place of one. */
function swapNumber(bytes: Uint8Array, draw: Random): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1");
  const found = [...text.matchAll(/-?\d+(\.\d+)?([eE][-+]?\d+)?/g)];
  if (found.length === 0) return bytes;
  const chosen = found[draw.int(found.length)]!;
  const value = numbers[draw.int(numbers.length)]!;
  return Buffer.from(text.slice(0, chosen.index) + value + text.slice(chosen.index + chosen[0].length), "latin1");
}

describe.each(Object.entries(formats))("500 damaged files of %s", (name, { read, files }) => {
  test("are a model that predicts, or a DataError", { timeout: 60_000 }, async () => {
    const draw = random(11, `fuzz/${name}`);
    const row = [0.3, -1.2, 1, 3];
    const before = Reflect.ownKeys(Object.prototype).length;
    let models = 0;
    for (let k = 0; k < 500; k++) {
      let bytes = bytesOf(all[files[k % files.length]!]!.model);
      for (let change = draw.int(3); change >= 0 && bytes.length > 0; change--) bytes = mutate(bytes, draw);
      const begin = process.cpuUsage();
      try {
        const model: PredictorModel = await read(bytes);
        sumsOf(model, matrix([model.columns.map((_, j) => row[j % row.length]!)]));
        models++;
      } catch (error) {
        expect((error as Error).name, `${k}: ${(error as Error).stack}`).toBe("DataError");
      }
      expect(process.cpuUsage(begin).user / 1000, `file ${k}`).toBeLessThan(2000);
    }
    expect(models).toBeGreaterThan(0);
    expect(Reflect.ownKeys(Object.prototype).length).toBe(before);
  });
});
