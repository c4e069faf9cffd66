import type { FitContext } from "../base/contract.ts";
import type { Crew } from "../base/crew.ts";
import { packFours } from "../numeric/cluster-kernels.ts";
import { random } from "../numeric/random.ts";
import { type ClusterArrays, type ClusterPlan, clusterArrays, clusterWork } from "./cluster-memory.ts";
import { plusPlusCentres, randomCentres } from "./starting-centres.ts";

/** Where one run ended. */
export interface Found {
  readonly centres: Float64Array;
  readonly labels: Int32Array;
  readonly inertia: number;
  readonly iterations: number;
}

/** How a run goes. */
interface LloydOptions {
  readonly init: "k-means++" | "random" | readonly (readonly number[])[];
  readonly maxIter: number;
  /** Squared movement of all centres below which it stops. */
  readonly tol: number;
  readonly seed: number;
  readonly start: number;
  readonly starts: number;
}

/** Lloyd's algorithm from one start: given centres, or drawn ones. O(n d k) a step. */
export function lloyd(
  plan: ClusterPlan,
  crew: Crew,
  { init, maxIter, tol, seed, start, starts }: LloydOptions,
  given: Float64Array | undefined,
  { checkpoint }: FitContext,
): Found {
  const arrays = clusterArrays(plan);
  const stream = random(seed, `k-means/${start}`);
  const drawn = (): Float64Array =>
    init === "random" ? randomCentres(plan, arrays, stream) : plusPlusCentres(plan, arrays, crew, stream, checkpoint);
  let centres = given ?? drawn();
  let iterations = 0;
  let isSettled = false;
  arrays.labels.fill(-1);
  while (iterations < maxIter && !isSettled) {
    const changed = assign(plan, arrays, crew, centres);
    const moved = update(plan, arrays, crew, centres);
    let shift = 0;
    for (let at = 0; at < moved.length; at++) shift += (moved[at]! - centres[at]!) * (moved[at]! - centres[at]!);
    centres = moved;
    iterations++;
    isSettled = changed === 0;
    checkpoint(start * maxIter + iterations, starts * maxIter, { shift: Math.sqrt(shift) });
    if (shift <= tol) break;
  }
  if (!isSettled) assign(plan, arrays, crew, centres);
  return { centres, labels: arrays.labels.slice(), inertia: measure(plan, arrays, crew, centres), iterations };
}

/** Gives each row its nearest centre; answers how many labels changed. */
function assign({ d, k, blocks }: ClusterPlan, arrays: ClusterArrays, crew: Crew, centres: Float64Array): number {
  packFours(centres, k, d, arrays.centres);
  arrays.halves.fill(Infinity);
  for (let c = 0; c < k; c++) {
    let squares = 0;
    for (let at = c * d; at < (c + 1) * d; at++) squares += centres[at]! * centres[at]!;
    arrays.halves[c] = squares / 2;
  }
  crew.run(clusterWork.assign, blocks);
  return arrays.changed.reduce((a, b) => a + b, 0);
}

/** The means of the clusters' rows; blocks are summed in their order. */
function update(plan: ClusterPlan, arrays: ClusterArrays, crew: Crew, centres: Float64Array): Float64Array {
  const { d, k, blocks } = plan;
  const sums = new Float64Array(k * d);
  const masses = new Float64Array(k);
  for (let b = 0; b < blocks; b++) {
    for (let at = 0; at < sums.length; at++) sums[at]! += arrays.sums[b * k * d + at]!;
    for (let c = 0; c < k; c++) masses[c]! += arrays.masses[b * k + c]!;
  }
  if (masses.includes(0)) relocate(plan, arrays, crew, centres, sums, masses);
  return sums.map((sum, at) => (masses[Math.floor(at / d)]! > 0 ? sum / masses[Math.floor(at / d)]! : centres[at]!));
}

/** Empty clusters take the rows that lie farthest from their centres, one each. */
function relocate(
  plan: ClusterPlan,
  arrays: ClusterArrays,
  crew: Crew,
  centres: Float64Array,
  sums: Float64Array,
  masses: Float64Array,
): void {
  const { d, n } = plan;
  const { x, weights, labels, nearest } = arrays;
  measure(plan, arrays, crew, centres);
  const empty = [...masses.keys()].filter((c) => masses[c] === 0);
  const farthest = Int32Array.from({ length: n }, (_, i) => i)
    .filter((i) => weights[i]! > 0)
    .sort((a, b) => nearest[b]! - nearest[a]! || a - b);
  for (const [e, c] of empty.entries()) {
    const row = farthest[e];
    if (row === undefined || !(nearest[row]! > 0)) return; // fewer different rows than clusters
    const weight = weights[row]!;
    const former = labels[row]!;
    if (masses[former]! <= weight) continue; // it would only empty another cluster
    for (let j = 0; j < d; j++) {
      sums[former * d + j]! -= weight * x[row * d + j]!;
      sums[c * d + j] = weight * x[row * d + j]!;
    }
    masses[former]! -= weight;
    masses[c] = weight;
  }
}

/** Σ weight · squared distance to the own centre; each row's lies in `nearest` then. */
function measure({ d, k, trials, blocks }: ClusterPlan, arrays: ClusterArrays, crew: Crew, centres: Float64Array): number {
  packFours(centres, k, d, arrays.centres);
  crew.run(clusterWork.measure, blocks);
  let sum = 0;
  for (let b = 0; b < blocks; b++) sum += arrays.potentials[b * trials]!;
  return sum;
}
