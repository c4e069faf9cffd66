import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { DataError, StoreError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { type Fold, kFold, stratifiedKFold } from "../splits/folds.ts";
import { distinctNames } from "./distinct-names.ts";
import { levelsOf } from "./levels.ts";
import { checkLists, checkNames } from "./step-checks.ts";

/** What a target encoder learns. */
export interface TargetEncoderState {
  /** Mean of the target, one per output of a category column (m): 1, or the number of classes beyond two. */
  readonly mean: Float64Array;
  /** Shrunken mean of the target for each level and output (levels × m); null for numbers (d). */
  readonly encodings: readonly (Float64Array | null)[];
  /** Names of the output columns. */
  readonly names: readonly string[];
}

interface TargetParams {
  readonly smooth: "auto" | number;
  readonly folds: number;
  readonly shuffled: boolean;
  readonly seed: number;
}

/**
 * Each category column becomes the mean of the target over the rows of its level, shrunk towards the mean of all; with three or more
 * classes a column for the share of each. Numbers pass; a missing or unseen level becomes the mean of all. Within a pipeline the rows of
 * the fit are encoded by folds that did not see them, so that later steps do not learn the target back. O(n d).
 * Source: Micci-Barreca (2001), SIGKDD Explorations 3(1). Oracle: sklearn.preprocessing.TargetEncoder.
 */
export const targetEncoder = transformer({
  name: "target_encoder",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      smooth: z
        .union([z.literal("auto"), z.number().min(0)])
        .default("auto")
        .meta({ title: "Smoothing", description: "Rows' worth of the overall mean; auto: empirical Bayes." }),
      folds: z.int().min(2).max(100).default(5).meta({ title: "Folds" }),
      shuffled: z.boolean().default(true).meta({ title: "Shuffle before the folds" }),
      seed: z.int().min(0).default(42).meta({ title: "Seed" }),
    }),
  fit(x, y, { smooth }, context): TargetEncoderState {
    if (y.length !== x.rows)
      throw new DataError(
        `target_encoder.fit: needs a target: fit(table, { target }), got ${y.length} values for ${x.rows} rows`,
      );
    const outputs = outputsOf(context);
    const { mean, encodings } = learn(x, y, undefined, smooth, outputs);
    const names = x.names!.flatMap((name, j) =>
      outputs > 1 && encodings[j] ? Array.from({ length: outputs }, (_, k) => `${name} class ${k}`) : [name],
    );
    return { mean, encodings, names: distinctNames(names) };
  },
  transform(x, { mean, encodings, names }): Matrix {
    const out = empty(x.rows, names);
    encode(x, undefined, encodings, mean, out);
    return out;
  },
  transformTraining(x, y, { names }, { smooth, folds, shuffled, seed }, context): Matrix {
    const out = empty(x.rows, names);
    for (const { train, test } of foldsOf(y, context.classes, { smooth, folds, shuffled, seed })) {
      context.checkpoint();
      const { mean, encodings } = learn(x, y, train, smooth, outputsOf(context));
      encode(x, test, encodings, mean, out);
    }
    return out;
  },
  check({ mean, encodings, names }, columns) {
    checkLists("target_encoder", { encodings }, columns);
    if (!(mean instanceof Float64Array) || mean.length === 0)
      throw new StoreError("target_encoder: state mean must hold numbers");
    const width = encodings.reduce((sum, of) => sum + (of ? mean.length : 1), 0);
    checkNames("target_encoder", names, width);
    if (encodings.some((of) => of !== null && !(of instanceof Float64Array && of.length % mean.length === 0)))
      throw new StoreError(`target_encoder: encodings must hold ${mean.length} numbers a level`);
  },
});

function outputsOf({ classes }: FitContext): number {
  return classes > 2 ? classes : 1;
}

function empty(rows: number, names: readonly string[]): Matrix {
  return { rows, columns: names.length, data: sharedFloat64(rows * names.length), names };
}

/** Folds as scikit-learn takes them: stratified for labels, where every class has a row for each. */
function foldsOf(y: Float64Array, classes: number, { folds, shuffled, seed }: TargetParams): Iterable<Fold> {
  if (y.length < 2) return [{ train: Int32Array.of(), test: Int32Array.from(y.keys()) }];
  const options = { folds: Math.min(folds, y.length), ...(shuffled && { seed }) };
  const counts = new Float64Array(classes);
  if (classes > 0) for (const code of y) counts[code]!++;
  const isStratified = classes > 0 && counts.every((count) => count === 0 || count >= options.folds);
  return isStratified ? stratifiedKFold(y, options) : kFold(y.length, options);
}

/** Means of the target over these rows, and for each level of each category column. */
function learn(x: Matrix, y: Float64Array, rows: Int32Array | undefined, smooth: "auto" | number, outputs: number) {
  const n = rows?.length ?? x.rows;
  const levels = levelsOf(x);
  const encodings = levels.map((list) => list && new Float64Array(list.length * outputs));
  const mean = new Float64Array(outputs);
  const target = new Float64Array(n);
  for (let k = 0; k < outputs; k++) {
    for (let r = 0; r < n; r++) {
      const value = y[rows ? rows[r]! : r]!;
      target[r] = outputs > 1 ? Number(value === k) : value;
    }
    let sum = 0;
    for (const value of target) sum += value;
    mean[k] = n > 0 ? sum / n : 0;
    for (const [j, encoding] of encodings.entries())
      if (encoding) fillEncoding(x, j, rows, target, mean[k]!, smooth, encoding, k, outputs);
  }
  return { mean, encodings };
}

/** Encodings of column j for output k. With "auto" a level's mean counts λ = n_c σ² / (n_c σ² + σ_c²), σ² the variance over all rows. */
function fillEncoding(
  x: Matrix,
  j: number,
  rows: Int32Array | undefined,
  target: Float64Array,
  mean: number,
  smooth: "auto" | number,
  encoding: Float64Array,
  k: number,
  outputs: number,
): void {
  const levels = encoding.length / outputs;
  const count = new Float64Array(levels);
  const sum = new Float64Array(levels);
  const squares = new Float64Array(levels); // Σ (y − mean of the level)²
  let all = 0;
  const codeOf = (r: number): number => x.data[(rows ? rows[r]! : r) * x.columns + j]!;
  for (let r = 0; r < target.length; r++) {
    const code = codeOf(r);
    all += (target[r]! - mean) * (target[r]! - mean);
    if (!(code >= 0 && code < levels)) continue;
    count[code]!++;
    sum[code]! += target[r]!;
  }
  for (let r = 0; r < target.length; r++) {
    const code = codeOf(r);
    if (!(code >= 0 && code < levels)) continue;
    const delta = target[r]! - sum[code]! / count[code]!;
    squares[code]! += delta * delta;
  }
  const variance = all / target.length;
  for (let code = 0; code < levels; code++) {
    const n = count[code]!;
    let value = mean;
    if (n > 0 && smooth !== "auto") value = (smooth * mean + sum[code]!) / (smooth + n);
    else if (n > 0) {
      const share = (variance * n) / (variance * n + squares[code]! / n);
      if (!Number.isNaN(share)) value = share * (sum[code]! / n) + (1 - share) * mean;
    }
    encoding[code * outputs + k] = value;
  }
}

/** Writes the encoded rows (all, or these) into `out`. */
function encode(
  x: Matrix,
  rows: Int32Array | undefined,
  encodings: readonly (Float64Array | null)[],
  mean: Float64Array,
  out: Matrix,
): void {
  const outputs = mean.length;
  const n = rows?.length ?? x.rows;
  for (let r = 0; r < n; r++) {
    const i = rows ? rows[r]! : r;
    let to = i * out.columns;
    for (let j = 0; j < x.columns; j++) {
      const value = x.data[i * x.columns + j]!;
      const of = encodings[j];
      if (!of) out.data[to++] = value;
      else for (let k = 0; k < outputs; k++) out.data[to++] = (value >= 0 ? of[value * outputs + k] : undefined) ?? mean[k]!;
    }
  }
}
