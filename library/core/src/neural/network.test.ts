import { describe, expect, test } from "vitest";
import { random } from "../numeric/random.ts";
import {
  type Activation,
  backward,
  clearGradient,
  enterRows,
  forward,
  getWeights,
  openNetwork,
  realsAt,
  setWeights,
  squaredWeights,
  strideBytes,
  turnWeights,
} from "./network.ts";
import { initialWeights } from "./train.ts";

const { normal } = random(1, "network");

/** Activation and slope, plainly. */
const plain: Readonly<Record<Activation, readonly [(z: number) => number, (y: number) => number]>> = {
  identity: [(z) => z, () => 1],
  logistic: [(z) => 1 / (1 + Math.exp(-z)), (y) => y * (1 - y)],
  tanh: [Math.tanh, (y) => 1 - y * y],
  relu: [(z) => Math.max(0, z), (y) => (y > 0 ? 1 : 0)],
};

/** The passes of one network as sums over units: last sums (n × outputs), and the gradient for given derivatives. */
function plainly(
  sizes: readonly number[],
  activation: Activation,
  weights: ReturnType<typeof initialWeights>,
  x: number[][],
  deltas: number[][],
) {
  const [activate, slope] = plain[activation];
  const coefs = weights.coefs.map((coef) => new Float64Array(coef.length));
  const intercepts = weights.intercepts.map((intercept) => new Float64Array(intercept.length));
  const layers = sizes.length - 1;
  const sums = x.map((row, n) => {
    const values = [row];
    for (let l = 0; l < layers; l++) {
      const z = Array.from({ length: sizes[l + 1]! }, (_, j) =>
        values[l]!.reduce((sum, value, k) => sum + value * weights.coefs[l]![k * sizes[l + 1]! + j]!, weights.intercepts[l]![j]!),
      );
      values.push(l + 1 < layers ? z.map(activate) : z);
    }
    let delta = deltas[n]!;
    for (let l = layers - 1; l >= 0; l--) {
      const outputs = sizes[l + 1]!;
      for (let j = 0; j < outputs; j++) {
        intercepts[l]![j]! += delta[j]!;
        for (let k = 0; k < sizes[l]!; k++) coefs[l]![k * outputs + j]! += values[l]![k]! * delta[j]!;
      }
      delta = values[l]!.map(
        (y, k) => slope(y) * delta.reduce((sum, part, j) => sum + part * weights.coefs[l]![k * outputs + j]!, 0),
      );
    }
    return values.at(-1)!;
  });
  return { sums, coefs, intercepts };
}

describe.each([
  [32, 2e-4],
  [64, 1e-11],
] as const)("the kernels of %d bits pass forward and back as plain sums do", (bits, tolerance) => {
  const cases = [
    [[1, 1], 1],
    [[3, 4, 2], 5],
    [[5, 7, 3, 2], 6],
    [[13, 17, 9, 1], 7],
    [[6, 8, 16, 5], 239],
    [[30, 33, 6], 240],
  ] as const;
  for (const activation of ["identity", "logistic", "tanh", "relu"] as const)
    test.each(cases)(`${activation}: units %j, %d rows`, (sizes, n) => {
      const x = Array.from({ length: n }, () => Array.from({ length: sizes[0] }, normal));
      const deltas = Array.from({ length: n }, () => Array.from({ length: sizes.at(-1)! }, normal));
      const weights = initialWeights(sizes, activation, 3);
      const wanted = plainly(sizes, activation, weights, x, deltas);
      const network = openNetwork(sizes, activation, bits, 0);
      setWeights(network, weights);
      const close = (ours: ArrayLike<number>, theirs: ArrayLike<number>): void => {
        for (let i = 0; i < theirs.length; i++)
          expect(Math.abs(ours[i]! - theirs[i]!)).toBeLessThan(tolerance * Math.max(1, Math.abs(theirs[i]!)));
      };
      for (let pass = 0; pass < 2; pass++) {
        enterRows(network, Float64Array.from(x.flat()), 0, n, network.layers[0]!.entry);
        forward(network, n);
        const last = network.layers.at(-1)!;
        const stride = strideBytes(network, last.outputs) / (bits / 8);
        const z = realsAt(network, last.exit, n * stride);
        for (const [i, row] of wanted.sums.entries()) close(z.subarray(i * stride), row);
        const out = realsAt(network, last.deltas, n * stride);
        for (const [i, row] of deltas.entries()) out.set(row, i * stride);
        clearGradient(network);
        turnWeights(network);
        backward(network, n);
        const gradient = getWeights(network, "gradient");
        for (const l of wanted.coefs.keys()) {
          close(gradient.coefs[l]!, wanted.coefs[l]!);
          close(gradient.intercepts[l]!, wanted.intercepts[l]!);
        }
      }
      close(
        [squaredWeights(network)],
        [weights.coefs.reduce((sum, coef) => sum + Array.from(coef).reduce((a, w) => a + w * w, 0), 0)],
      );
      for (const [l, coef] of getWeights(network).coefs.entries()) close(coef, weights.coefs[l]!);
    });
});
