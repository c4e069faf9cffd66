import type { Trial } from "../tuning/trial.ts";

/** Ten objectives that searches are compared on; the same as in tools/parity/tuning.py. All are to be minimised. */
export const standardObjectives: Readonly<Record<string, (trial: Trial) => number>> = {
  sphere: (trial) => sum(numbers(trial, 5, -5, 5), (x) => x * x),
  rosenbrock: (trial) => {
    const x = numbers(trial, 4, -5, 10);
    return sum([0, 1, 2], (k) => 100 * square(x[k + 1]! - square(x[k]!)) + square(1 - x[k]!));
  },
  rastrigin: (trial) => sum(numbers(trial, 5, -5.12, 5.12), (x) => 10 + x * x - 10 * Math.cos(2 * Math.PI * x)),
  branin: (trial) => {
    const x = trial.suggestFloat("x", -5, 10);
    const y = trial.suggestFloat("y", 0, 15);
    const bend = y - (5.1 / (4 * Math.PI * Math.PI)) * x * x + (5 / Math.PI) * x - 6;
    return bend * bend + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  },
  hartmann: (trial) => {
    const x = numbers(trial, 6, 0, 1);
    const peak = (i: number): number => Math.exp(-sum(x.keys(), (j) => widths[i]![j]! * square(x[j]! - peaks[i]![j]!)));
    return -sum([1, 1.2, 3, 3.2].entries(), ([i, height]) => height * peak(i));
  },
  ackley: (trial) => {
    const x = numbers(trial, 5, -32, 32);
    const far = Math.exp(-0.2 * Math.sqrt(sum(x, square) / 5));
    return 20 + Math.E - 20 * far - Math.exp(sum(x, (v) => Math.cos(2 * Math.PI * v)) / 5);
  },
  styblinski_tang: (trial) => 0.5 * sum(numbers(trial, 5, -5, 5), (x) => square(square(x)) - 16 * x * x + 5 * x),
  mixed: (trial) => {
    const kind = trial.suggestCategorical("kind", ["a", "b", "c", "d"]);
    const rate = trial.suggestFloat("rate", 1e-5, 1, { log: true });
    const size = trial.suggestInt("size", 1, 200, { log: true });
    const share = trial.suggestFloat("share", 0, 1, { step: 0.1 });
    const level = { a: 2, b: 0, c: 1, d: 0.5 }[kind];
    return level + Math.abs(Math.log10(rate) + 2.3) + 0.5 * Math.abs(Math.log(size) - 3) + square(share - 0.7);
  },
  conditional: (trial) => {
    if (trial.suggestCategorical("branch", ["near", "far"]) === "near")
      return 0.2 + Math.abs(trial.suggestFloat("near_x", -10, 10) - 3) + 0.1 * trial.suggestInt("near_k", 0, 10);
    return Math.abs(trial.suggestFloat("far_x", -10, 10) + 4) + Math.abs(trial.suggestFloat("far_y", -10, 10) - 1);
  },
  noisy: (trial) => {
    const noise = Math.sin(12.9898 * (trial.number + 1)) * 43758.5453;
    return sum(numbers(trial, 3, -5, 5), square) + 0.5 * (noise - Math.floor(noise));
  },
};

/** Two objectives whose best trade-offs are 1 − √x. Source: Zitzler, Deb & Thiele (2000), Evolutionary Computation 8(2). */
export function zdt1(trial: Trial): readonly [number, number] {
  const [first, ...rest] = numbers(trial, 4, 0, 1);
  const g = 1 + 3 * sum(rest, (x) => x);
  return [first!, g * (1 - Math.sqrt(first! / g))];
}

const widths = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const peaks = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

function numbers(trial: Trial, n: number, low: number, high: number): number[] {
  return Array.from({ length: n }, (_, k) => trial.suggestFloat(`x${k}`, low, high));
}

function square(x: number): number {
  return x * x;
}

function sum<T>(values: Iterable<T>, of: (value: T) => number): number {
  let total = 0;
  for (const value of values) total += of(value);
  return total;
}
