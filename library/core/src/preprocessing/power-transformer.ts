import { z } from "zod";
import { DataError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { checkScaler, type ScalerState, standardise, unstandardise } from "./affine.ts";
import { presentValues } from "./column-values.ts";
import { isSpread, moments } from "./moments.ts";
import { checkNumbers } from "./step-checks.ts";

/** What a power transformer learns. */
export interface PowerState extends ScalerState {
  /** Exponent λ of each column (d). */
  readonly lambda: Float64Array;
}

/**
 * Makes each column look normal: y = ((x + 1)^λ − 1) / λ above zero and its mirror with 2 − λ below, λ of greatest likelihood, then
 * centred and scaled. Missing cells stay missing. O(n d) a step of the search, about 40 steps. Source: Yeo & Johnson (2000), Biometrika 87(4).
 * Oracle: sklearn.preprocessing.PowerTransformer(method="yeo-johnson").
 */
export const powerTransformer = transformer({
  name: "power_transformer",
  missing: true,
  params: () =>
    z.strictObject({
      standardize: z.boolean().default(true).meta({ title: "Centre and scale" }),
    }),
  fit(x, _, { standardize }, { checkpoint }): PowerState {
    const raw = moments(x);
    const lambda = new Float64Array(x.columns).fill(1);
    for (let j = 0; j < x.columns; j++)
      if (isSpread(raw.deviation[j]!, raw.mean[j]!, raw.count[j]!)) lambda[j] = bestLambda(presentValues(x, j), checkpoint);
    const powered = eachCell(x, lambda, yeoJohnson);
    const endless = powered.data.findIndex((value) => Math.abs(value) === Infinity);
    if (endless >= 0)
      throw new DataError(
        `power_transformer.fit: column "${x.names![endless % x.columns]}" is too wide, ${x.data[endless]} in row ${Math.floor(endless / x.columns)} overflows; scale it first`,
      );
    const { mean, deviation, count } = moments(powered);
    return {
      lambda,
      centre: standardize ? mean : new Float64Array(x.columns),
      scale: deviation.map((value, j) => (standardize && isSpread(value, mean[j]!, count[j]!) ? value : 1)),
    };
  },
  transform: (x, state): Matrix => standardise(eachCell(x, state.lambda, yeoJohnson), state),
  inverse: (x, state) => eachCell(unstandardise("power_transformer.inverseTransform", x, state), state.lambda, inverseYeoJohnson),
  check(state, columns) {
    checkNumbers("power_transformer", { lambda: state.lambda }, columns);
    checkScaler("power_transformer", state, columns);
  },
});

function eachCell(x: Matrix, lambda: Float64Array, map: (value: number, lambda: number) => number): Matrix {
  const data = sharedFloat64(x.data.length);
  for (let i = 0, at = 0; i < x.rows; i++) for (let j = 0; j < x.columns; j++, at++) data[at] = map(x.data[at]!, lambda[j]!);
  return { ...x, data };
}

/** (e^{λ log(1 + |x|)} − 1) / λ with the sign of x, λ mirrored to 2 − λ below zero. */
function yeoJohnson(value: number, lambda: number): number {
  if (lambda === 1) return value;
  const power = value >= 0 ? lambda : 2 - lambda;
  const log = Math.log1p(Math.abs(value));
  const size = Math.abs(power) < Number.EPSILON ? log : Math.expm1(power * log) / power;
  return value >= 0 ? size : -size;
}

function inverseYeoJohnson(value: number, lambda: number): number {
  if (lambda === 1) return value;
  const power = value >= 0 ? lambda : 2 - lambda;
  const size = Math.abs(value);
  const log = Math.abs(power) < Number.EPSILON ? size : Math.log1p(power * size) / power;
  return value >= 0 ? Math.expm1(log) : -Math.expm1(log);
}

/** The λ of greatest likelihood: golden section within a bracket that is widened until it holds the peak. */
function bestLambda(values: Float64Array, checkpoint: () => void): number {
  const loss = (lambda: number): number => {
    checkpoint();
    return -logLikelihood(values, lambda);
  };
  let [low, middle, high] = [-2, 0, 2];
  let at = loss(middle);
  for (let step = 0; step < 20 && loss(low) < at; step++)
    [high, middle, at, low] = [middle, low, loss(low), low - 2 * (high - low)];
  for (let step = 0; step < 20 && loss(high) < at; step++)
    [low, middle, at, high] = [middle, high, loss(high), high + 2 * (high - low)];
  return goldenSection(loss, low, high);
}

function goldenSection(loss: (at: number) => number, from: number, to: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [atLeft, atRight] = [loss(left), loss(right)];
  while (high - low > 1e-9 * (1 + Math.abs(low))) {
    if (atLeft < atRight || Number.isNaN(atRight)) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - ratio * (high - low);
      atLeft = loss(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + ratio * (high - low);
      atRight = loss(right);
    }
  }
  return (low + high) / 2;
}

/** −n/2 log σ² + (λ − 1) Σ sign(x) log(1 + |x|), σ² the variance of the transformed values. */
function logLikelihood(values: Float64Array, lambda: number): number {
  let jacobian = 0;
  const powered = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    powered[i] = yeoJohnson(value, lambda);
    jacobian += Math.sign(value) * Math.log1p(Math.abs(value));
  }
  const deviation = moments({ rows: values.length, columns: 1, data: powered }).deviation[0]!;
  return -values.length * Math.log(deviation) + (lambda - 1) * jacobian;
}
