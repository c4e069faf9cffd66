import type { BoostedTrees } from "./boosted-trees.ts";

/** Share of each column in the gains of all splits (up to the last column that splits). */
export function gainImportances({ feature, gain }: BoostedTrees): Float64Array {
  return shares(feature, (k) => gain[k]!);
}

/** Share of each column in the number of splits. */
export function splitImportances({ feature }: BoostedTrees): Float64Array {
  return shares(feature, () => 1);
}

function shares(feature: Int32Array, of: (node: number) => number): Float64Array {
  const out = new Float64Array(feature.reduce((most, f) => Math.max(most, f), -1) + 1);
  let total = 0;
  for (let k = 0; k < feature.length; k++) {
    if (feature[k]! < 0) continue;
    out[feature[k]!]! += of(k);
    total += of(k);
  }
  return total > 0 ? out.map((value) => value / total) : out;
}
