import type { Output } from "./network-params.ts";

/** One output's targets, ready to be compared with what its head gives. */
export interface Target {
  readonly output: Output;
  /** Sums at its head. */
  readonly units: number;
  /** Class codes, or scaled numbers (n). */
  readonly values: Float64Array;
  /** Weight of each class, where classes have weights. */
  readonly classWeights?: Float64Array | undefined;
  /** Numbers in units of the scaled target → units of the target's logarithm, and to its own units. */
  readonly unscale: (value: number) => number;
  /** What one unit of the scaled target is in the logarithm (dex); undefined where there is none. */
  readonly dex: number | undefined;
}

/** Sums over rows, from which an epoch's figures are made. */
export interface Tally {
  weight: number;
  rows: number;
  loss: number;
  right: number;
  absolute: number;
  dex: number;
}

/** Sums of nothing. */
export function emptyTally(): Tally {
  return { weight: 0, rows: 0, loss: 0, right: 0, absolute: 0, dex: 0 };
}

/**
 * Adds the losses of a batch to a tally and writes the derivatives by the head's sums, `weight / total` each. `sums` and `slopes` hold the heads of
 * all outputs side by side: rows of `stride`, this output's from `at` on.
 */
export function loseBatch(
  target: Target,
  rows: Uint32Array,
  weights: Float64Array | undefined,
  sums: Float32Array,
  slopes: Float32Array,
  stride: number,
  at: number,
  tally: Tally,
): void {
  const { output, units, values, classWeights } = target;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const value = values[row]!;
    const weight = (weights?.[row] ?? 1) * (classWeights?.[value] ?? 1);
    const place = i * stride + at;
    tally.weight += weight;
    tally.rows += 1;
    if (output.task === "classification")
      tally.loss += weight * crossEntropy(sums, slopes, place, units, value, weight / rows.length, output.weight, tally);
    else {
      const off = sums[place]! - value;
      const [loss, slope] = lossOf(output, off);
      tally.loss += weight * loss;
      slopes[place] = (output.weight * weight * slope) / rows.length;
      tally.absolute += Math.abs(target.unscale(sums[place]!) - target.unscale(value));
      if (target.dex !== undefined) tally.dex += Math.abs(off) * target.dex;
    }
  }
}

/** −log of the right class's softmax; its derivative is the softmax less 1 at the right class. */
function crossEntropy(
  sums: Float32Array,
  slopes: Float32Array,
  place: number,
  units: number,
  code: number,
  share: number,
  outputWeight: number,
  tally: Tally,
): number {
  let best = 0;
  for (let k = 1; k < units; k++) if (sums[place + k]! > sums[place + best]!) best = k;
  const top = sums[place + best]!;
  let total = 0;
  for (let k = 0; k < units; k++) total += Math.exp(sums[place + k]! - top);
  for (let k = 0; k < units; k++)
    slopes[place + k] = outputWeight * share * (Math.exp(sums[place + k]! - top) / total - (k === code ? 1 : 0));
  if (best === code) tally.right += 1;
  return Math.log(total) + top - sums[place + code]!;
}

/** Loss and derivative of a number that is `off`. */
function lossOf(output: Extract<Output, { task: "regression" }>, off: number): readonly [number, number] {
  if (output.loss === "mse") return [off * off, 2 * off];
  if (output.loss === "mae") return [Math.abs(off), Math.sign(off)];
  const { delta } = output;
  return Math.abs(off) <= delta ? [0.5 * off * off, off] : [delta * (Math.abs(off) - 0.5 * delta), delta * Math.sign(off)];
}

/** Figures of an epoch from each output's tally: the weighted loss, each output's own, accuracy, mean absolute errors. */
export function figuresOf(targets: readonly Target[], tallies: readonly Tally[], prefix: "" | "val_"): Record<string, number> {
  const figures: Record<string, number> = { [`${prefix}loss`]: 0 };
  const accuracies = targets.filter(({ output }) => output.task === "classification").length;
  for (const [k, { output, dex }] of targets.entries()) {
    const tally = tallies[k]!;
    const loss = tally.loss / tally.rows;
    const name = (figure: string): string => `${prefix}${targets.length > 1 ? `${output.name}_` : ""}${figure}`;
    figures[`${prefix}loss`]! += output.weight * loss;
    if (targets.length > 1) figures[name("loss")] = loss;
    if (output.task === "classification") {
      figures[`${prefix}accuracy`] ??= tally.right / tally.rows;
      if (accuracies > 1) figures[name("accuracy")] = tally.right / tally.rows;
    } else {
      figures[name("mae")] = tally.absolute / tally.rows;
      if (dex !== undefined) figures[name("mae_dex")] = tally.dex / tally.rows;
    }
  }
  return figures;
}
