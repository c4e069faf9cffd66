import { expect, test } from "vitest";
import type { Transformer } from "../base/contract.ts";
import { definitionOf } from "../base/registry.ts";
import { table } from "../data/table.ts";
import { kBinsDiscretizer } from "./bins.ts";
import { columnTransformer } from "./column-transformer.ts";
import { frequencyEncoder, labelEncoder, ordinalEncoder } from "./encoders.ts";
import { imputer } from "./imputer.ts";
import { oneHotEncoder } from "./one-hot-encoder.ts";
import { outlierReplacer } from "./outlier-replacer.ts";
import { pipeline } from "./pipeline.ts";
import { powerTransformer } from "./power-transformer.ts";
import { quantileTransformer } from "./quantile-transformer.ts";
import { maxAbsScaler, minMaxScaler, robustScaler, standardScaler } from "./scalers.ts";
import { targetEncoder } from "./target-encoder.ts";

const rows = table({ c: ["a", "b", "a", "b"], x: [1, 2, 3, 5], y: [1, 2, 3, 4] });
const takesCategories = (transformer: Transformer): boolean => definitionOf(transformer).categories;

test.each<[string, Transformer]>(
  [
    standardScaler(),
    minMaxScaler(),
    maxAbsScaler(),
    robustScaler(),
    powerTransformer(),
    quantileTransformer(),
    kBinsDiscretizer(),
    imputer(),
    outlierReplacer(),
    oneHotEncoder(),
    ordinalEncoder(),
    labelEncoder(),
    frequencyEncoder(),
    targetEncoder(),
    columnTransformer({ parts: [{ columns: ["c"], transformer: oneHotEncoder() }] }),
    pipeline(oneHotEncoder(), imputer()),
  ].map((transformer) => [transformer.name, transformer] as [string, Transformer]),
)("%s takes its own state, and no part of it as something else", async (_, transformer) => {
  const features = takesCategories(transformer) ? ["c", "x"] : ["x"];
  const { check } = definitionOf(transformer);
  const { state, columns } = await transformer.fit(rows, { features, target: "y" });
  check!(state, columns.length);
  for (const key of Object.keys(state as object))
    for (const bad of [
      null,
      undefined,
      7,
      "x",
      {},
      [],
      [{}],
      [null, null, null],
      new Float64Array(9),
      new Int32Array(1).fill(99),
    ]) {
      if (key === "dropped") continue; // says only which level goes back
      let thrown: unknown;
      try {
        check!({ ...(state as object), [key]: bad }, columns.length);
      } catch (error) {
        thrown = error;
      }
      expect([key, bad, (thrown as Error | undefined)?.name]).toEqual([key, bad, "StoreError"]);
    }
});
