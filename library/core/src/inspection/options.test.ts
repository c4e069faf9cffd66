import { describe, expect, test } from "vitest";
import { table } from "../data/table.ts";
import { logisticRegression } from "../linear/logistic-regression.ts";
import { chooseThreshold } from "./choose-threshold.ts";
import { compareModelsOn } from "./compare-on.ts";
import { errorSlices } from "./error-slices.ts";
import { evaluate, score } from "./evaluate.ts";
import { explain } from "./explain.ts";
import { interactionStrength } from "./interaction-strength.ts";
import { metricIntervals } from "./metric-intervals.ts";
import { partialDependence } from "./partial-dependence.ts";
import { permutationImportance } from "./permutation-importance.ts";
import { worstPredictions } from "./worst-predictions.ts";

const rows = table({ x: [1, 2, 3, 4, 5, 6], y: ["a", "a", "b", "a", "b", "b"] });
const model = await logisticRegression().fit(rows, { target: "y" });

describe("an option that nobody reads is refused, with the one that was meant", () => {
  test.each<[string, string, (options: never) => unknown]>([
    ["permutaton", "permutation", (options) => evaluate(model, rows, options)],
    ["scoring", "metrics", (options) => score(model, rows, options)],
    ["maximize", "maximise", (options) => chooseThreshold(model, rows, options)],
    ["atleast", "atLeast", (options) => chooseThreshold([0.2, 0.8], ["a", "b"], options)],
    ["scoring", "metric", (options) => compareModelsOn(rows, model, model, options)],
    ["minrow", "minRows", (options) => errorSlices(model, rows, options)],
    ["backgroud", "background", (options) => explain(model, rows, options)],
    ["feature", "features", (options) => interactionStrength(model, rows, options)],
    ["resample", "resamples", (options) => metricIntervals(model, rows, options)],
    ["gridResoluton", "gridResolution", (options) => partialDependence(model, rows, options)],
    ["nRepeats", "repeats", (options) => permutationImportance(model, rows, options)],
    ["limits", "limit", (options) => worstPredictions(model, rows, options)],
  ])("%s is %s", async (wrong, right, ask) => {
    const asked = async (): Promise<unknown> => ask({ [wrong]: 1 } as never);
    await expect(asked()).rejects.toThrow(`no option ${wrong}, did you mean ${right}`);
  });
});
