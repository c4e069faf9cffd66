import { type BestItems, bestItems } from "./best-items.ts";
import { cosine, cosines, lengthOf } from "./cosines.ts";
import { factorList, type ListPlan, openFactorLists } from "./factor-lists.ts";

/** Candidates beyond those that are wanted. */
const spare = 32;
/** Longer lists are not searched for by the kernel, which puts each find in its place by steps. */
const kernelMost = 500;

/** The k items most alike to one by the cosine of their vectors, of equals the lower code; `allowed` holds 1 for the items that may be shown. */
export type FindNeighbours = (item: number, k: number, allowed: Uint8Array | undefined) => BestItems;

/**
 * Finds neighbours among rows of vectors: a kernel looks through them in 32 bits for some more than are wanted, and their exact cosines put them in order.
 * Where what the kernel left out could be as near, within its rounding, all cosines are taken. The answers are those of `cosines`. O(rows f) both ways, a
 * third of the time by the kernel. Rows of length 1 for it are made at the first question and kept.
 */
export function findNeighbours(rows: Float32Array, dimensions: number): FindNeighbours {
  /** Twice what a product of such rows, each of length 1, can be off by in 32 bits. */
  const rounding = (dimensions + 8) * 2 ** -22;
  let plan: ListPlan | undefined;
  return (item, k, allowed) => {
    const all = (): BestItems => bestItems(cosines(rows, dimensions, item), k, allowed, [item]);
    if (k > kernelMost) return all();
    plan ??= openFactorLists(unitRows(rows, dimensions), dimensions);
    const own = unitRows(rows.subarray(item * dimensions, (item + 1) * dimensions), dimensions);
    const found = factorList(plan, own, Int32Array.of(item), k + spare, allowed);
    const codes = found.codes.filter((code) => code >= 0).sort();
    const length = lengthOf(rows, item * dimensions, dimensions);
    const exact = Float64Array.from(codes, (other) => cosine(rows, dimensions, item, other, length));
    const best = bestItems(exact, k, undefined, []);
    const isWhole = codes.length < found.k;
    if (!isWhole && !(best.scores[k - 1]! > found.scores[found.k - 1]! + rounding)) return all();
    return { codes: best.codes.map((place) => codes[place]!), scores: best.scores };
  };
}

/** Rows of length 1; those of length 0 stay. */
function unitRows(rows: Float32Array, f: number): Float32Array {
  const unit = new Float32Array(rows.length);
  for (let at = 0; at < rows.length; at += f) {
    const length = lengthOf(rows, at, f);
    if (length > 0) for (let j = at; j < at + f; j++) unit[j] = rows[j]! / length;
  }
  return unit;
}
