import { describe, expect, test } from "vitest";
import { z } from "zod";
import { adaBoostClassifier } from "../ensemble/adaboost.ts";
import { logisticRegression } from "../linear/logistic-regression.ts";
import { neuralNetwork } from "../neural/graph/neural-network.ts";
import "../index.ts";
import type { Progress, Snapshot } from "./contract.ts";
import { regressor } from "./estimator.ts";

const x = Array.from({ length: 24 }, (_, i) => [i % 5, i % 7]);
const y = x.map(([a, b]) => 2 * a! - b!);
const network = (changes: object = {}) =>
  neuralNetwork({
    layers: [{ kind: "dense", units: 2 }],
    outputs: [{ name: "y", task: "regression" }],
    epochs: 50,
    backend: "wasm",
    ...changes,
  });

function hear(): { readonly heard: Progress[]; readonly observer: { progress(event: Progress): void } } {
  const heard: Progress[] = [];
  return { heard, observer: { progress: (event) => heard.push(event) } };
}
const upTo = (steps: number) => Array.from({ length: steps }, (_, k) => k + 1);

describe("an observer hears of each step that has metrics, however short, in order:", () => {
  test("the epochs of a network with all their figures", async () => {
    const { heard, observer } = hear();
    const { state } = await network({ validation: 0.25 }).fit(x, y, { observer });
    expect(heard.map(({ step }) => step)).toEqual(upTo(50));
    expect(heard.map(({ metrics: { epoch: _, ...figures } }) => figures)).toEqual(state.history);
  });

  test("the epochs of a network that ends early", async () => {
    const { heard, observer } = hear();
    const early = { validation: 0.25, earlyStopping: true, patience: 2, learningRate: 0.5, epochs: 1000 };
    const { state } = await network(early).fit(x, y, { observer });
    expect(state.stopped).toBe("early");
    expect(heard.map(({ step }) => step)).toEqual(upTo(state.history.length));
  });

  test("the rounds of boosting", async () => {
    const { heard, observer } = hear();
    await adaBoostClassifier({ nEstimators: 30 }).fit(
      x,
      y.map((value, i) => (value > 2 ? "a" : i % 4 ? "b" : "a")),
      { observer },
    );
    expect(heard.length).toBeGreaterThan(1);
    expect(heard.map(({ step }) => step)).toEqual(upTo(heard.length));
  });

  test("the steps of an estimator of a cell", async () => {
    const { heard, observer } = hear();
    await stepping(0.2).fit(x, y, { observer });
    expect(heard.map(({ step, metrics }) => [step, metrics["left"]])).toEqual(upTo(50).map((step) => [step, 50 - step]));
  });

  test("those before the error of a fit that ends in one", async () => {
    const { heard, observer } = hear();
    const wild = network({ optimizer: "sgd", learningRate: 3, epochs: 200 }).fit(x, y, { observer });
    const epoch = Number(/in epoch (\d+)/.exec(await wild.then(String, (error: Error) => error.message))![1]);
    expect(epoch).toBeGreaterThan(1);
    expect(heard.map(({ step }) => step)).toEqual(upTo(epoch - 1));
  });
});

test("an observer has heard of every step up to a snapshot when that is taken", async () => {
  const { heard, observer } = hear();
  const taken: [number, number][] = [];
  const take = ({ step }: Snapshot): unknown => taken.push([step, heard.length]);
  await network().fit(x, y, { observer, snapshots: { everyMs: 0, take: (snapshot) => void take(snapshot) } });
  expect(taken).toEqual(upTo(50).map((step) => [step, step]));
});

test("an observer of far more than a thousand steps in a tenth of a second hears of some, the last among them", async () => {
  const { heard, observer } = hear();
  await stepping(0, 20_000).fit(x, y, { observer });
  expect(heard.length).toBeLessThan(20_000);
  expect(heard.at(-1)).toMatchObject({ step: 20_000, metrics: { left: 0 } });
});

describe("the last step is heard of a fit that ends early, in far more than a thousand steps in a tenth of a second,", () => {
  test("here", async () => {
    const { heard, observer } = hear();
    await stepping(0, 20_000, 7_001).fit(x, y, { observer });
    expect(heard.at(-1)).toMatchObject({ step: 7_001, metrics: { left: 12_999 } });
  });

  test("also where the fit says once more, without metrics, that it is over", async () => {
    const { heard, observer } = hear();
    await stepping(0, 20_000, 7_001, true).fit(x, y, { observer });
    expect(heard.slice(-2).map(({ step, metrics }) => [step, metrics["left"]])).toEqual([
      [7_001, 12_999],
      [20_000, undefined],
    ]);
  });

  test("on a worker", async () => {
    const { heard, observer } = hear();
    const labels = y.map((value) => (value > 2 ? "a" : "b"));
    for (let turn = 0; turn < 20; turn++) {
      const { state } = await logisticRegression({ solver: "newton", maxIter: 1000 }).fit(x, labels, { observer });
      expect(heard.at(-1)!.step).toBe(state.iterations);
    }
  });
});

/** An estimator of a cell whose steps take so long; it ends after `done` of them, and says so where it is asked to. */
function stepping(stepMs: number, steps = 50, done = steps, saysEnd = false) {
  return regressor({
    name: `stepping_${stepMs}`,
    params: z.strictObject({}),
    *fit(_x, _y, _params, context): Generator<void, { readonly done: number }> {
      for (let step = 1; step <= done; step++) {
        const until = performance.now() + stepMs;
        while (performance.now() < until);
        context.checkpoint(step, steps, { left: steps - step });
        yield;
      }
      if (saysEnd) context.checkpoint(steps, steps);
      return { done };
    },
    predict: (rows) => new Float64Array(rows.rows),
  })();
}
