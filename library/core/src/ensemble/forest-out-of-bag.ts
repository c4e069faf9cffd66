import { random } from "../numeric/random.ts";
import type { JoinedTrees } from "../tree/join-trees.ts";
import { addTree } from "../tree/tree-arrays.ts";
import { drawRows, type ForestWork } from "./forest-draws.ts";
import { outOfBagScore } from "./out-of-bag.ts";

/** Each row answered by the trees that did not see it (n × outputs), NaN where every tree saw it, and the score of that. */
export function outOfBag(
  work: ForestWork,
  forest: JoinedTrees,
  checkpoint: () => void,
): { readonly score: number; readonly prediction: Float64Array } {
  const { columns, y, rows, seed, classes } = work;
  const { x } = columns;
  const { outputs, roots } = forest;
  const sums = new Float64Array(x.rows * outputs);
  const counts = new Int32Array(x.rows);
  const seen = new Uint8Array(x.rows);
  for (let t = 0; t + 1 < roots.length; t++) {
    checkpoint();
    seen.fill(0);
    for (const i of drawRows(work, random(seed, `tree/${t}`))) seen[i] = 1;
    for (const i of rows) {
      if (seen[i]) continue;
      counts[i]!++;
      addTree(x, forest, roots[t]!, sums, i, i + 1);
    }
  }
  const score = outOfBagScore(sums, counts, y, classes);
  return { score, prediction: sums.map((sum, at) => sum / counts[Math.floor(at / outputs)]!) };
}
