import { StoreError } from "../base/errors.ts";
import type { Matrix } from "../numeric/matrix.ts";
import type { JoinedTrees } from "../tree/join-trees.ts";
import { addTree, checkTree } from "../tree/tree-arrays.ts";

/** Trees of one value a leaf that are added up, stage after stage: one tree a stage, or one a class. */
export interface BoostedStages extends JoinedTrees {
  /** Raw prediction before the first stage, one for each tree of a stage (outputs of the model). */
  readonly prior: Float64Array;
}

/**
 * Raw predictions after each stage, output by output (outputs × n): the same array again and again, so copy what you keep.
 * O(n depth) a tree.
 */
export function* rawStages(x: Matrix, stages: BoostedStages): Generator<Float64Array> {
  const outputs = stages.prior.length;
  const raw = new Float64Array(outputs * x.rows);
  for (let k = 0; k < outputs; k++) raw.fill(stages.prior[k]!, k * x.rows, (k + 1) * x.rows);
  for (let t = 0; t + 1 < stages.roots.length; t++) {
    const k = t % outputs;
    addTree(x, stages, stages.roots[t]!, raw.subarray(k * x.rows, (k + 1) * x.rows));
    if (k === outputs - 1) yield raw;
  }
}

/** Raw predictions of all stages, output by output (outputs × n). */
export function rawPredictions(x: Matrix, stages: BoostedStages): Float64Array {
  let last = new Float64Array(0);
  for (const raw of rawStages(x, stages)) last = raw as Float64Array<ArrayBuffer>;
  return last;
}

/** What the columns' splits took off the squared error, mean over all trees that split; shares of 1 (d). */
export function stageImportances(
  { feature, left, right, impurity, weight, roots }: BoostedStages,
  columns: number,
): Float64Array {
  const out = new Float64Array(columns);
  for (let t = 0; t + 1 < roots.length; t++) {
    const all = weight[roots[t]!]!;
    for (let node = roots[t]!; node < roots[t + 1]!; node++) {
      if (feature[node]! < 0) continue;
      const [l, r] = [left[node]!, right[node]!];
      out[feature[node]!]! += (weight[node]! * impurity[node]! - weight[l]! * impurity[l]! - weight[r]! * impurity[r]!) / all;
    }
  }
  const total = out.reduce((a, b) => a + b, 0);
  return total > 0 ? out.map((gain) => gain / total) : out;
}

/** Throws StoreError unless the arrays are whole stages of trees over d columns, one behind the other. */
export function checkStages(stages: BoostedStages, columns: number): void {
  checkTree(stages);
  const { roots, feature, prior } = stages;
  const trees = (roots?.length ?? 0) - 1;
  let fits =
    trees > 0 &&
    stages.outputs === 1 &&
    prior instanceof Float64Array &&
    prior.length > 0 &&
    trees % prior.length === 0 &&
    roots[0] === 0 &&
    roots[trees] === feature.length &&
    feature.every((column) => column < columns);
  for (let t = 0; fits && t < trees; t++) fits = roots[t]! < roots[t + 1]!;
  if (!fits) throw new StoreError("loadModel: the trees do not lie one behind the other in whole stages");
}
