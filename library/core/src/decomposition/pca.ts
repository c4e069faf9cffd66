import { Matrix as DenseMatrix, EigenvalueDecomposition, SingularValueDecomposition } from "ml-matrix";
import { z } from "zod";
import { ParamsError, StoreError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { binaryScale } from "../numeric/distance-kernels.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { type Centres, centresOf, covariance } from "./covariance.ts";

/** What principal component analysis learns. */
export interface PcaState {
  /** Directions, largest variance first (k × d); the largest weight of each is positive. */
  readonly components: Float64Array;
  /** Column means (d). */
  readonly mean: Float64Array;
  /** Variance along each direction (k). */
  readonly explainedVariance: Float64Array;
  /** Its share of the whole variance (k). */
  readonly explainedVarianceRatio: Float64Array;
  /** Singular values of the centred rows (k). */
  readonly singularValues: Float64Array;
  /** Mean variance along the directions left out. */
  readonly noiseVariance: number;
}

/**
 * Principal component analysis: rows as coordinates along the directions of largest variance about the mean. `covariance` takes the
 * eigenvectors of the covariance matrix, O(n d² + d³); `full` the singular value decomposition of the rows, O(n d · min(n, d)), which keeps
 * the small components to full precision; `auto` the former where there are 10 rows a column and 1,000 columns at most. Row weights count.
 * Throws ParamsError for more components than rows or columns.
 * Source: Pearson (1901), Philosophical Magazine 2(11); Hotelling (1933). Oracle: sklearn.decomposition.PCA.
 *
 * @example
 * const model = await ml.pca({ nComponents: 0.95 }).fit(table, { features: ["a", "b", "c"] });
 * model.state.explainedVarianceRatio;
 */
export const pca = transformer({
  name: "pca",
  params: () =>
    z.strictObject({
      nComponents: z
        .number()
        .gt(0)
        .nullable()
        .default(null)
        .refine((value) => value === null || value < 1 || Number.isInteger(value), "must be a whole number, or a share below 1")
        .meta({
          title: "Components",
          description: "A number; or below 1, the share of the variance that they must explain; none: all.",
        }),
      whiten: z.boolean().default(false).meta({ title: "Whiten", description: "Scales each component to unit variance." }),
      solver: z.enum(["auto", "full", "covariance"]).default("auto").meta({ title: "Solver" }),
    }),
  fit(x, _, { nComponents, solver }, { weights, checkpoint }): PcaState {
    const most = Math.min(x.rows, x.columns);
    if (nComponents !== null && nComponents > most)
      throw new ParamsError(`pca: nComponents must be ≤ ${most}, the smaller of rows and columns, got ${nComponents}`);
    const centres = centresOf(x, weights);
    const scale = binaryScale(largestOffset(x, centres.means));
    const isTall = x.columns <= 1000 && x.rows >= 10 * x.columns;
    const isFull = solver === "full" || (solver === "auto" && !isTall);
    checkpoint();
    const { vectors, variances } = isFull ? bySvd(x, centres, scale) : byCovariance(x, centres, scale, checkpoint);
    const total = variances.reduce((a, b) => a + b, 0);
    const ratios = variances.map((variance) => (total > 0 ? variance / total : 0));
    const k = nComponents === null ? most : nComponents < 1 ? enough(ratios, nComponents) : nComponents;
    const explainedVariance = variances.slice(0, k).map((variance) => variance / scale / scale);
    const left = variances.slice(k, most);
    return {
      components: Float64Array.from(vectors.slice(0, k).flatMap(upright)),
      mean: centres.means,
      explainedVariance,
      explainedVarianceRatio: ratios.slice(0, k),
      singularValues: explainedVariance.map((variance) => Math.sqrt(variance * centres.divisor)),
      noiseVariance: left.length > 0 ? left.reduce((a, b) => a + b, 0) / left.length / scale / scale : 0,
    };
  },
  transform(x, state, { whiten }): Matrix {
    const { components, mean, explainedVariance } = state;
    const k = explainedVariance.length;
    const d = x.columns;
    const data = sharedFloat64(x.rows * k);
    for (let i = 0; i < x.rows; i++)
      for (let c = 0; c < k; c++) {
        let sum = 0;
        for (let j = 0; j < d; j++) sum += (x.data[i * d + j]! - mean[j]!) * components[c * d + j]!;
        data[i * k + c] = whiten ? sum / deviation(state, c) : sum;
      }
    return { rows: x.rows, columns: k, data, names: Array.from({ length: k }, (_, c) => `pca${c}`) };
  },
  inverse(x, state, { whiten }): Matrix {
    const { components, mean, explainedVariance } = state;
    const k = explainedVariance.length;
    const d = mean.length;
    if (x.columns !== k)
      throw new ParamsError(`pca.inverseTransform: x must have ${k} columns, one a component, got ${x.columns}`);
    const data = sharedFloat64(x.rows * d);
    for (let i = 0; i < x.rows; i++) {
      data.set(mean, i * d);
      for (let c = 0; c < k; c++) {
        const value = x.data[i * k + c]! * (whiten ? deviation(state, c) : 1);
        for (let j = 0; j < d; j++) data[i * d + j]! += value * components[c * d + j]!;
      }
    }
    return { rows: x.rows, columns: d, data };
  },
  check({ components, mean, explainedVariance }: PcaState) {
    const areArrays = [components, mean, explainedVariance].every(
      (array) => array instanceof Float64Array && array.every(Number.isFinite),
    );
    if (!areArrays || mean.length === 0 || components.length !== mean.length * explainedVariance.length)
      throw new StoreError("loadModel: pca's components must be finite, one row of all columns for each variance");
  },
});

/** Standard deviation along a component; one without variance is not blown up. */
function deviation({ explainedVariance }: PcaState, c: number): number {
  return Math.sqrt(Math.max(explainedVariance[c]!, Number.EPSILON));
}

interface Directions {
  readonly vectors: number[][];
  readonly variances: Float64Array;
}

function byCovariance(x: Matrix, centres: Centres, scale: number, checkpoint: () => void): Directions {
  const d = x.columns;
  const flat = covariance(x, centres, scale, checkpoint);
  const matrix = new DenseMatrix(Array.from({ length: d }, (_, j) => Array.from(flat.subarray(j * d, (j + 1) * d))));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, c) => c).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  return {
    vectors: order.map((c) => eigenvectorMatrix.getColumn(c)),
    variances: Float64Array.from(order, (c) => Math.max(0, realEigenvalues[c]!)),
  };
}

function bySvd(x: Matrix, { means, weights, divisor }: Centres, scale: number): Directions {
  const rows = Array.from({ length: x.rows }, (_, i) => {
    const root = Math.sqrt(weights?.[i] ?? 1) * scale;
    return Array.from({ length: x.columns }, (_, j) => (x.data[i * x.columns + j]! - means[j]!) * root);
  });
  const { diagonal, rightSingularVectors } = new SingularValueDecomposition(new DenseMatrix(rows), {
    computeLeftSingularVectors: false,
    autoTranspose: true,
  });
  const k = Math.min(x.rows, x.columns);
  return {
    vectors: Array.from({ length: k }, (_, c) => rightSingularVectors.getColumn(c)),
    variances: Float64Array.from(diagonal.slice(0, k), (value) => (value * value) / divisor),
  };
}

/** The number of components whose shares together exceed a share of the variance. */
function enough(ratios: Float64Array, share: number): number {
  let sum = 0;
  for (const [c, ratio] of ratios.entries()) {
    sum += ratio;
    if (sum > share) return c + 1;
  }
  return ratios.length;
}

/** The vector or its opposite: the one whose largest weight is positive. */
function upright(vector: readonly number[]): readonly number[] {
  const largest = vector.reduce((top, value) => (Math.abs(value) > Math.abs(top) ? value : top), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}

function largestOffset({ columns: d, data }: Matrix, means: Float64Array): number {
  let largest = 0;
  for (let at = 0; at < data.length; at++) largest = Math.max(largest, Math.abs(data[at]! - means[at % d]!));
  return largest;
}
