import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../base/codec.ts";
import { matrix } from "../numeric/matrix.ts";
import { abortedFit } from "../testing/aborted-fit.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { expectWithinSpread, ownParams } from "../testing/oracle-comparison.ts";
import { mlpClassifier, mlpRegressor } from "./index.ts";
import type { Output } from "./loss.ts";
import { type Activation, enterRows, forward, openNetwork, realsAt, setWeights, strideBytes, type Weights } from "./network.ts";
import { train } from "./train.ts";
import type { TrainingParams } from "./training.ts";

describe.each(["classification", "regression"] as const)("neural_network, %s", (task) => {
  for (const { name, run } of estimatorChecks(task, "neural_network", { hiddenLayerSizes: [8], maxIter: 60 })) test(name, run);
});

interface Case {
  readonly x: number[][];
  readonly y: number[];
  readonly weights?: number[] | null;
  readonly output: Output;
  readonly params: Readonly<Record<string, unknown>>;
  readonly first: Weights;
}

/** Trains from the weights that the oracle began with. */
function trained({ x, y, weights, output, params, first }: Case, extra: Record<string, unknown>) {
  const full = (output === "identity" ? mlpRegressor : mlpClassifier)({ ...ownParams(params), ...extra }).params;
  const outputs = output === "softmax" ? new Set(y).size : 1;
  const data = {
    x: matrix(x),
    y: Float64Array.from(y),
    weights: weights ? Float64Array.from(weights) : undefined,
    output,
    outputs,
  };
  const start = {
    coefs: first.coefs.map((c) => Float64Array.from(c)),
    intercepts: first.intercepts.map((i) => Float64Array.from(i)),
  };
  return train(data, full as unknown as TrainingParams, start, { checkpoint() {} });
}

const named = <C extends Case>(cases: readonly C[]) =>
  cases.map((each) => [`${each.output}, ${JSON.stringify(each.params)}`, each] as const);

describe("each step from the same weights is scikit-learn's", () => {
  const { cases } = fixture<{ cases: (Case & { last: Weights; lossCurve: number[] })[] }>(import.meta.url, "mlp-steps");
  test.each(named(cases))("%s", (_, wanted) => {
    const ours = trained(wanted, { shuffle: false });
    expect(ours.lossCurve.length).toBe(wanted.lossCurve.length);
    for (const [i, loss] of wanted.lossCurve.entries())
      expect(Math.abs(ours.lossCurve[i]! - loss)).toBeLessThan(2e-5 * Math.max(1, loss));
    for (const part of ["coefs", "intercepts"] as const)
      for (const [l, values] of wanted.last[part].entries())
        for (const [i, value] of Array.from(values).entries()) expect(Math.abs(ours[part][l]![i]! - value)).toBeLessThan(2e-5);
  });
});

describe("L-BFGS from the same weights ends where scikit-learn's does", () => {
  const { cases } = fixture<{ cases: (Case & { loss: number; predicted: number[] | number[][] })[] }>(
    import.meta.url,
    "mlp-lbfgs",
  );
  test.each(named(cases))("%s", (_, wanted) => {
    const ours = trained(wanted, { solver: "lbfgs", tol: 1e-9, maxIter: 5000 });
    expect(Math.abs(ours.lossCurve.at(-1)! - wanted.loss)).toBeLessThan(1e-6 * wanted.loss);
    const { x, params, predicted } = wanted;
    const sizes = [x[0]!.length, ...(params["hidden_layer_sizes"] as number[]), ours.intercepts.at(-1)!.length];
    const network = openNetwork(sizes, params["activation"] as Activation, 64, 0);
    setWeights(network, ours);
    enterRows(network, matrix(x).data, 0, x.length, network.layers[0]!.entry);
    forward(network, x.length);
    const last = network.layers.at(-1)!;
    const stride = strideBytes(network, last.outputs) / 8;
    const sums = realsAt(network, last.exit, x.length * stride);
    for (const [i, row] of predicted.entries()) {
      const own = Array.from(sums.subarray(i * stride, i * stride + last.outputs));
      const odds = own.length === 1 ? [0, own[0]!] : own;
      const total = odds.reduce((sum, score) => sum + Math.exp(score), 0);
      const answer = typeof row === "number" ? own : odds.map((score) => Math.exp(score) / total);
      for (const [k, value] of [row].flat().entries()) expect(Math.abs(answer[k]! - value)).toBeLessThan(1e-3); // the valley is flat: losses 1e-9 apart
    }
  });
});

describe("scores lie within the spread of scikit-learn's seeds", () => {
  interface Seeds {
    readonly x: number[][];
    readonly y: number[];
    readonly train: number;
    readonly params: Readonly<Record<string, unknown>>;
    readonly scores: number[];
  }
  const all = fixture<Readonly<Record<string, Seeds>>>(import.meta.url, "mlp-seeds");
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;
  test.each(Object.keys(all))("%s", { timeout: 60_000 }, async (name) => {
    const { x, y, train: n, params, scores } = all[name]!;
    const ours: number[] = [];
    for (let seed = 0; seed < 10; seed++) {
      const own = { ...ownParams(params), seed };
      if (name === "regressor") {
        const predicted = (await mlpRegressor(own).fit(x.slice(0, n), y.slice(0, n))).predict(x.slice(n));
        const middle = mean(y.slice(n));
        const error = y.slice(n).reduce((sum, value, i) => sum + (value - predicted[i]!) ** 2, 0);
        ours.push(1 - error / y.slice(n).reduce((sum, value) => sum + (value - middle) ** 2, 0));
      } else {
        const predicted = (await mlpClassifier(own).fit(x.slice(0, n), y.slice(0, n))).predict(x.slice(n));
        ours.push(predicted.filter((label, i) => label === y[n + i]).length / predicted.length);
      }
    }
    expectWithinSpread(ours, scores);
  });
});

describe("a neural network", () => {
  const x = Array.from({ length: 120 }, (_, i) => [Math.sin(i), Math.cos(3 * i), (i % 7) / 7]);
  const y = x.map(([a, b]) => (a! * b! > 0 ? "in" : "out"));

  test("tells the loss of each pass, and keeps the curve", async () => {
    const losses: number[] = [];
    const progress = { progress: ({ metrics }: { metrics: Readonly<Record<string, number>> }) => losses.push(metrics["loss"]!) };
    const { state } = await mlpClassifier({ maxIter: 30 }).fit(x, y, { observer: progress });
    expect(losses.at(-1)).toBe(state.lossCurve.at(-1));
    expect(state.lossCurve.length).toBe(state.iterations);
    expect(state.lossCurve.at(-1)).toBeLessThan(state.lossCurve[0]!);
  });

  test("keeps the weights that did best on the rows kept back", async () => {
    const { state } = await mlpClassifier({ earlyStopping: true, maxIter: 80, learningRateInit: 0.01 }).fit(x, y);
    expect(state.validationScores.length).toBe(state.iterations);
  });

  test("ends within 100 ms of an abort", async () => {
    const long = mlpClassifier({ hiddenLayerSizes: [200, 200], maxIter: 1_000_000, tol: 0, nIterNoChange: 1_000_000 });
    await expect(abortedFit((options) => long.fit(x, y, options))).rejects.toThrow(/abort/);
  });

  test("answers a constant target with the constant", async () => {
    const { state } = await mlpRegressor().fit(
      x,
      x.map(() => 7),
    );
    expect(state.iterations).toBe(0);
  });

  test("says what to do when the loss overflows", async () => {
    await expect(
      mlpRegressor({ solver: "sgd", learningRateInit: 100 }).fit(
        x,
        x.map(([a]) => 1e6 * a!),
      ),
    ).rejects.toThrow(/neural_network.fit: the loss must stay finite, got .*standardScaler/);
  });

  test("refuses a validation share that leaves no rows", async () => {
    await expect(mlpRegressor({ earlyStopping: true, validationFraction: 0.1 }).fit([[1], [2], [3]], [1, 2, 3])).rejects.toThrow(
      "validationFraction must leave 2 rows to judge by and 1 to learn from, got 0.1 of 3 rows",
    );
  });

  test.each([
    ["a weight missing", (state: { coefs: readonly unknown[] }) => ({ coefs: [new Float32Array(2), ...state.coefs.slice(1)] })],
    ["sizes that are no numbers", () => ({ sizes: [3, "x", 1] })],
    ["a layer missing", () => ({ intercepts: [] })],
    ["a weight that is not a number", () => ({ intercepts: [new Float32Array(100).fill(Number.NaN), new Float32Array(1)] })],
  ] as const)("read from a file with %s is refused", async (_, wrong) => {
    const model = await mlpClassifier({ maxIter: 2 }).fit(x, y);
    const broken = { ...model, state: { ...model.state, ...wrong(model.state) } };
    expect(() => decodeModel(encodeModel(broken as never))).toThrow(/loadModel: neural_network's/);
  });
});
