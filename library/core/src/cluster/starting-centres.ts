import type { Crew } from "../base/crew.ts";
import { packFours } from "../numeric/cluster-kernels.ts";
import type { Random } from "../numeric/random.ts";
import { type ClusterArrays, type ClusterPlan, clusterWork } from "./cluster-memory.ts";

/** Different rows drawn by their weights, as centres (k × d). */
export function randomCentres({ n, d, k }: ClusterPlan, { x, weights }: ClusterArrays, stream: Random): Float64Array {
  const centres = new Float64Array(k * d);
  const left = weights.slice();
  for (let c = 0; c < k; c++) {
    // when all rows of weight are taken, any other row serves
    const row = draw(left, left, 0, n, stream) ?? left.findIndex((weight) => weight >= 0);
    centres.set(x.subarray(row * d, (row + 1) * d), c * d);
    left[row] = -1;
  }
  return centres;
}

/**
 * Greedy k-means++ (k × d): each next centre is the best of 2 + ln k rows drawn by their squared distance to the nearest centre.
 * O(n d k ln k). Source: Arthur & Vassilvitskii (2007), k-means++: The Advantages of Careful Seeding, SODA.
 */
export function plusPlusCentres(
  plan: ClusterPlan,
  arrays: ClusterArrays,
  crew: Crew,
  stream: Random,
  checkpoint: () => void,
): Float64Array {
  const { n, d, k, trials, blocks, blockRows } = plan;
  const { x, weights, nearest, potentials } = arrays;
  const centres = new Float64Array(k * d);
  const tried = new Float64Array(trials * d);
  const candidates = new Int32Array(trials);
  const blockPotentials = new Float64Array(blocks);
  nearest.fill(Infinity);
  for (let c = 0; c < k; c++) {
    checkpoint();
    for (let t = 0; t < trials; t++) {
      const pick =
        c === 0 ? draw(weights, undefined, 0, n, stream) : drawInBlocks(blockPotentials, blockRows, weights, nearest, stream);
      candidates[t] = pick ?? stream.int(n); // every row lies on a centre already
      tried.set(x.subarray(candidates[t]! * d, (candidates[t]! + 1) * d), t * d);
    }
    packFours(tried, trials, d, arrays.points);
    crew.run(clusterWork.tryCandidates, blocks);
    arrays.chosen[0] = c === 0 ? 0 : bestTrial(potentials, blocks, trials);
    crew.run(clusterWork.takeCandidate, blocks);
    for (let b = 0; b < blocks; b++) blockPotentials[b] = potentials[b * trials + arrays.chosen[0]!]!;
    centres.set(tried.subarray(arrays.chosen[0]! * d, (arrays.chosen[0]! + 1) * d), c * d);
  }
  return centres;
}

function bestTrial(potentials: Float64Array, blocks: number, trials: number): number {
  let best = 0;
  let least = Infinity;
  for (let t = 0; t < trials; t++) {
    let sum = 0;
    for (let b = 0; b < blocks; b++) sum += potentials[b * trials + t]!;
    if (sum < least) {
      least = sum;
      best = t;
    }
  }
  return best;
}

/** A row drawn by weight · distance: first its block, then the row in it. */
function drawInBlocks(
  blockPotentials: Float64Array,
  blockRows: number,
  weights: Float64Array,
  distances: Float64Array,
  stream: Random,
): number | undefined {
  const block = draw(blockPotentials, undefined, 0, blockPotentials.length, stream);
  if (block === undefined) return undefined;
  return draw(weights, distances, block * blockRows, Math.min(weights.length, (block + 1) * blockRows), stream);
}

/** An index from … to − 1 drawn by weight · factor; undefined where all are 0. Weights below 0 are left out. */
function draw(
  weights: Float64Array,
  factors: Float64Array | undefined,
  from: number,
  to: number,
  stream: Random,
): number | undefined {
  let total = 0;
  for (let i = from; i < to; i++) total += Math.max(0, weights[i]!) * (factors?.[i] ?? 1);
  let left = stream.float() * total;
  let last: number | undefined;
  for (let i = from; i < to; i++) {
    const share = Math.max(0, weights[i]!) * (factors?.[i] ?? 1);
    if (!(share > 0)) continue;
    last = i;
    if (left < share) return i;
    left -= share;
  }
  return last;
}
