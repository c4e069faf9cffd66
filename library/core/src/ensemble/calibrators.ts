import { StoreError } from "../base/errors.ts";
import { softmaxRows } from "../linear/softmax.ts";
import { columnOf, type Matrix } from "../numeric/matrix.ts";
import { fitIsotonic, type MonotoneFunction, valueAt } from "./isotonic.ts";
import { logistic, softplus } from "./logistic.ts";

/** How probabilities are put right: a sigmoid, a monotone function, or one temperature for all classes. */
export type CalibrationMethod = "sigmoid" | "isotonic" | "temperature";

/** Turns a classifier's probabilities into ones that agree with what happened. */
export interface Calibrator {
  /** Platt's sigmoid 1 / (1 + exp(slope · p + offset)), one for each class, or for the second of two. */
  readonly sigmoids?: readonly { readonly slope: number; readonly offset: number }[];
  /** A monotone function of p for each class, or for the second of two. */
  readonly functions?: readonly MonotoneFunction[];
  /** What the logarithms of the probabilities are multiplied by. */
  readonly inverseTemperature?: number;
}

/** Learns from probabilities (n × k), class codes (n) and weights how to put them right. */
export function fitCalibrator(
  method: CalibrationMethod,
  proba: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
): Calibrator {
  if (method === "temperature") return { inverseTemperature: fitTemperature(logarithms(proba), proba.columns, y, weights) };
  const codes = proba.columns === 2 ? [1] : Array.from({ length: proba.columns }, (_, k) => k);
  const each = <T>(fit: (p: Float64Array, is: Float64Array) => T): T[] =>
    codes.map((k) =>
      fit(
        columnOf(proba, k),
        y.map((code) => (code === k ? 1 : 0)),
      ),
    );
  if (method === "isotonic") return { functions: each((p, is) => fitIsotonic(p, is, weights)) };
  return { sigmoids: each((p, is) => fitSigmoid(p, is, weights)) };
}

/** Adds the calibrated probabilities to `out` (n × k). */
export function addCalibrated(proba: Matrix, { sigmoids, functions, inverseTemperature }: Calibrator, out: Float64Array): void {
  const { rows, columns } = proba;
  if (inverseTemperature !== undefined) {
    const scaled = logarithms(proba);
    for (let i = 0; i < scaled.length; i++) scaled[i]! *= inverseTemperature;
    softmaxRows(scaled, columns);
    for (let i = 0; i < out.length; i++) out[i]! += scaled[i]!;
    return;
  }
  const value = (k: number, p: number): number =>
    sigmoids ? logistic(-(sigmoids[k]!.slope * p + sigmoids[k]!.offset)) : valueAt(functions![k]!, p);
  const row = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    if (columns === 2) {
      const p = value(0, proba.data[2 * i + 1]!);
      out[2 * i]! += 1 - p;
      out[2 * i + 1]! += p;
      continue;
    }
    let total = 0;
    for (let k = 0; k < columns; k++) total += row[k] = value(k, proba.data[i * columns + k]!);
    for (let k = 0; k < columns; k++) out[i * columns + k]! += total > 0 ? row[k]! / total : 1 / columns;
  }
}

/** Throws StoreError unless a calibrator that was loaded fits k classes. */
export function checkCalibrator(calibrator: Calibrator, classes: number): void {
  const wanted = classes === 2 ? 1 : classes;
  const { sigmoids, functions, inverseTemperature } = calibrator ?? {};
  const fits =
    inverseTemperature !== undefined
      ? Number.isFinite(inverseTemperature) && inverseTemperature > 0
      : sigmoids
        ? sigmoids.length === wanted && sigmoids.every(({ slope, offset }) => Number.isFinite(slope) && Number.isFinite(offset))
        : functions?.length === wanted && functions.every(({ x, y }) => x?.length > 0 && x.length === y?.length);
  if (!fits) throw new StoreError(`loadModel: the calibration is not one of ${classes} classes`);
}

/**
 * Platt's sigmoid by Newton's method with backtracking; targets are drawn in by one row of each class, so that it stays finite.
 * Source: Platt (1999); Lin, Lin & Weng (2007), Machine Learning 68.
 */
export function fitSigmoid(
  scores: Float64Array,
  is: Float64Array,
  weights: Float64Array | undefined,
): { slope: number; offset: number } {
  const weight = (i: number): number => (weights ? weights[i]! : 1);
  let [yes, no] = [0, 0];
  for (let i = 0; i < is.length; i++) is[i] === 1 ? (yes += weight(i)) : (no += weight(i));
  const targets = is.map((one) => (one === 1 ? (yes + 1) / (yes + 2) : 1 / (no + 2)));
  const loss = (slope: number, offset: number): number => {
    let total = 0;
    for (let i = 0; i < is.length; i++) {
      const raw = -(slope * scores[i]! + offset);
      total += weight(i) * (softplus(raw) - targets[i]! * raw);
    }
    return total;
  };
  let slope = 0;
  let offset = Math.log((no + 1) / (yes + 1));
  let value = loss(slope, offset);
  for (let step = 0; step < 100; step++) {
    let [gradientA, gradientB, aa, ab, bb] = [0, 0, 1e-12, 0, 1e-12];
    for (let i = 0; i < is.length; i++) {
      const p = logistic(-(slope * scores[i]! + offset));
      const off = weight(i) * (targets[i]! - p);
      const curve = weight(i) * p * (1 - p);
      gradientA += off * scores[i]!;
      gradientB += off;
      aa += curve * scores[i]! * scores[i]!;
      ab += curve * scores[i]!;
      bb += curve;
    }
    if (Math.abs(gradientA) < 1e-10 && Math.abs(gradientB) < 1e-10) break;
    const determinant = aa * bb - ab * ab;
    const stepA = -(bb * gradientA - ab * gradientB) / determinant;
    const stepB = -(aa * gradientB - ab * gradientA) / determinant;
    const fall = gradientA * stepA + gradientB * stepB;
    let length = 1;
    while (length > 1e-10 && loss(slope + length * stepA, offset + length * stepB) > value + 1e-4 * length * fall) length /= 2;
    if (length <= 1e-10 || !Number.isFinite(fall)) break;
    slope += length * stepA;
    offset += length * stepB;
    value = loss(slope, offset);
  }
  return { slope, offset };
}

/**
 * The inverse temperature with the least log loss, between exp(−10) and exp(10): Newton's method, halving where it leaves the bracket.
 * Source: Guo, Pleiss, Sun & Weinberger (2017), ICML.
 */
function fitTemperature(logits: Float64Array, classes: number, y: Float64Array, weights: Float64Array | undefined): number {
  let [low, high] = [Math.exp(-10), Math.exp(10)];
  let beta = 1;
  const shares = new Float64Array(classes);
  for (let step = 0; step < 200; step++) {
    let [gradient, curve] = [0, 0];
    for (let i = 0; i < y.length; i++) {
      const weight = weights ? weights[i]! : 1;
      for (let k = 0; k < classes; k++) shares[k] = beta * logits[i * classes + k]!;
      softmaxRows(shares, classes);
      let [first, second] = [0, 0];
      for (let k = 0; k < classes; k++) {
        const logit = logits[i * classes + k]!;
        first += shares[k]! * logit;
        second += shares[k]! * logit * logit;
      }
      gradient += weight * (first - logits[i * classes + y[i]!]!);
      curve += weight * (second - first * first);
    }
    if (gradient > 0) high = beta;
    else low = beta;
    const newton = beta - gradient / curve;
    const next = newton > low && newton < high ? newton : Math.sqrt(low * high);
    if (Math.abs(next - beta) <= 1e-14 * beta) return next;
    beta = next;
  }
  return beta;
}

function logarithms({ data }: Matrix): Float64Array {
  return Float64Array.from(data, (p) => Math.log(p + 1e-12));
}
