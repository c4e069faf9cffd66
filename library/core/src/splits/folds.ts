import { DataError } from "../base/errors.ts";
import { random } from "../numeric/random.ts";
import { byPart, checkFolds, encode, type Fold } from "./partition.ts";

export { timeSeriesSplit } from "./time-series-split.ts";
export type { Fold };

/** Options of splitters that may shuffle. */
export interface FoldOptions {
  /** Number of folds k, 2 at least. */
  readonly folds: number;
  /** Shuffles with this seed first; without it the rows' order decides, as scikit-learn's shuffle=False. */
  readonly seed?: number;
}

/** Splits n rows into k parts, each the test rows once. Oracle: sklearn.model_selection.KFold. */
export function* kFold(n: number, { folds, seed }: FoldOptions): Generator<Fold> {
  checkFolds("kFold", folds, n);
  const order = seed === undefined ? Int32Array.from({ length: n }, (_, i) => i) : random(seed, "k-fold").permutation(n);
  const part = new Int32Array(n);
  let begin = 0;
  for (let k = 0; k < folds; k++) {
    const size = Math.floor(n / folds) + (k < n % folds ? 1 : 0);
    for (const i of order.subarray(begin, begin + size)) part[i] = k;
    begin += size;
  }
  yield* byPart(part, folds);
}

/**
 * K parts with the same shares of each class, as near as whole rows allow. A class with fewer rows than folds is missing from the test rows of
 * some, with a warning of the process; throws DataError where every class is.
 * Oracle: sklearn.model_selection.StratifiedKFold.
 */
export function* stratifiedKFold(labels: ArrayLike<unknown>, { folds, seed }: FoldOptions): Generator<Fold> {
  const n = labels.length;
  checkFolds("stratifiedKFold", folds, n);
  const { codes, values, counts } = encode(labels);
  checkClasses(values, counts, folds);
  // as scikit-learn: deal the classes round the folds in the order of their first rows, then hand each class's rows out in that order
  const first = [...new Set(codes)];
  const sorted = codes
    .map((code) => first.indexOf(code))
    .sort()
    .map((place) => first[place]!);
  const dealt = counts.map(() => new Int32Array(folds));
  for (let i = 0; i < n; i++) dealt[sorted[i]!]![i % folds]!++;
  const draw = seed === undefined ? undefined : random(seed, "stratified-k-fold");
  const queues = dealt.map((perFold) => {
    const queue = Array.from(perFold).flatMap((count, k) => new Array<number>(count).fill(k));
    draw?.shuffle(queue);
    return queue;
  });
  const next = new Int32Array(counts.length);
  yield* byPart(
    Int32Array.from(codes, (code) => queues[code]![next[code]!++]!),
    folds,
  );
}

function checkClasses(values: readonly unknown[], counts: readonly number[], folds: number): void {
  const rarest = counts.indexOf(Math.min(...counts));
  const rare = `class ${JSON.stringify(values[rarest])} has ${counts[rarest]} rows for ${folds} folds`;
  if (Math.max(...counts) < folds)
    throw new DataError(`stratifiedKFold: ${rare}, and no class has one for each; take fewer folds`);
  if (counts[rarest]! < folds)
    process.emitWarning(
      `stratifiedKFold: ${rare}; some test none of it. Take fewer folds or leave the class out`,
      "AssayWarning",
    );
}

/** K parts of whole groups, as even as the groups allow. Oracle: sklearn.model_selection.GroupKFold. */
export function* groupKFold(groups: ArrayLike<unknown>, { folds }: Pick<FoldOptions, "folds">): Generator<Fold> {
  const { codes, counts } = encode(groups);
  checkFolds("groupKFold", folds, groups.length);
  if (counts.length < folds) throw new DataError(`groupKFold: ${counts.length} groups are too few for ${folds} folds`);
  const bySize = counts.map((count, g) => ({ count, g })).sort((a, b) => b.count - a.count || b.g - a.g);
  const filled = new Float64Array(folds);
  const foldOf = new Int32Array(counts.length);
  for (const { count, g } of bySize) {
    const lightest = filled.indexOf(Math.min(...filled));
    filled[lightest]! += count;
    foldOf[g] = lightest;
  }
  yield* byPart(
    Int32Array.from(codes, (code) => foldOf[code]!),
    folds,
  );
}

/**
 * K parts of whole groups with class shares as even as the groups allow: groups with the most uneven classes are placed first, each
 * where the spread of class shares stays smallest. Oracle: sklearn.model_selection.StratifiedGroupKFold.
 */
export function* stratifiedGroupKFold(
  labels: ArrayLike<unknown>,
  groups: ArrayLike<unknown>,
  { folds, seed }: FoldOptions,
): Generator<Fold> {
  const { codes, counts } = encode(labels);
  const { codes: groupCodes, counts: groupCounts } = encode(groups);
  checkFolds("stratifiedGroupKFold", folds, labels.length);
  if (groupCounts.length < folds)
    throw new DataError(`stratifiedGroupKFold: ${groupCounts.length} groups are too few for ${folds} folds`);
  if (Math.max(...counts) < folds) throw new DataError(`stratifiedGroupKFold: no class has ${folds} rows, one for each fold`);
  const classes = counts.length;
  const ofGroup = new Float64Array(groupCounts.length * classes);
  for (let i = 0; i < labels.length; i++) ofGroup[groupCodes[i]! * classes + codes[i]!]!++;
  const order = Array.from(groupCounts, (_, g) => g);
  if (seed !== undefined) random(seed, "stratified-group-k-fold").shuffle(order);
  const spread = order.map((g) => deviation(ofGroup.subarray(g * classes, (g + 1) * classes)));
  const place = order.map((g, k) => ({ g, spread: spread[k]!, k })).sort((a, b) => b.spread - a.spread || a.k - b.k);
  const inFold = new Float64Array(folds * classes);
  const foldOf = new Int32Array(groupCounts.length);
  for (const { g } of place) {
    const own = ofGroup.subarray(g * classes, (g + 1) * classes);
    const best = bestFold(inFold, own, counts, folds);
    for (let c = 0; c < classes; c++) inFold[best * classes + c]! += own[c]!;
    foldOf[g] = best;
  }
  yield* byPart(
    Int32Array.from(groupCodes, (code) => foldOf[code]!),
    folds,
  );
}

/** The fold whose taking of a group leaves the class shares most even; of equals the one with fewer rows. */
function bestFold(inFold: Float64Array, own: Float64Array, counts: readonly number[], folds: number): number {
  const classes = counts.length;
  let best = 0;
  let least = Infinity;
  let fewest = Infinity;
  const shares = new Float64Array(folds);
  for (let k = 0; k < folds; k++) {
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      for (let f = 0; f < folds; f++) shares[f] = (inFold[f * classes + c]! + (f === k ? own[c]! : 0)) / counts[c]!;
      sum += deviation(shares);
    }
    const spread = sum / classes;
    let rows = 0;
    for (let c = 0; c < classes; c++) rows += inFold[k * classes + c]! + own[c]!;
    const close = Math.abs(spread - least) <= 1e-8 + 1e-5 * Math.abs(least);
    if (spread < least || (close && rows < fewest)) {
      if (spread < least || close) best = k;
      least = spread;
      fewest = rows;
    }
  }
  return best;
}

/** Standard deviation, divided by n. */
function deviation(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length);
}
