import { type CrewMember, defineCrew } from "../base/crew.ts";
import type { ClusterKernels } from "../numeric/cluster-kernels.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { type KernelMemory, kernels, Layout, openMemory, type Pointer } from "../numeric/wasm.ts";

/** Where everything of a k-means fit lies, in one memory that all threads see. Rows come in blocks, one piece of work each. */
export interface ClusterPlan {
  readonly memory: KernelMemory;
  readonly n: number;
  readonly d: number;
  readonly k: number;
  /** Candidates that a step of k-means++ compares. */
  readonly trials: number;
  readonly blockRows: number;
  readonly blocks: number;
  readonly place: Readonly<Record<Place, Pointer>>;
}
type Place =
  | "x"
  | "weights"
  | "labels"
  | "nearest"
  | "centres"
  | "halves"
  | "points"
  | "apart"
  | "sums"
  | "masses"
  | "changed"
  | "potentials"
  | "chosen";

/** The plan's arrays as this thread sees them. */
export interface ClusterArrays {
  /** Rows (n × d). */
  readonly x: Float64Array;
  readonly weights: Float64Array;
  readonly labels: Int32Array;
  /** A squared distance a row: to the nearest starting centre, or to the row's own centre. */
  readonly nearest: Float64Array;
  /** Centres in groups of four, and half their squared lengths. */
  readonly centres: Float64Array;
  readonly halves: Float64Array;
  /** Candidates in groups of four. */
  readonly points: Float64Array;
  /** Squared distances of the rows to the candidates, by group (groups × n × 4). */
  readonly apart: Float64Array;
  /** Weighted sums of the rows of each centre, and their weights, by block. */
  readonly sums: Float64Array;
  readonly masses: Float64Array;
  readonly changed: Int32Array;
  /** Σ weight · nearest if a candidate were taken, by block (blocks × trials); by block for the sum of `nearest` itself. */
  readonly potentials: Float64Array;
  /** The candidate that is taken. */
  readonly chosen: Int32Array;
}

/** Operations of the crew. */
export const clusterWork = { assign: 0, tryCandidates: 1, takeCandidate: 2, measure: 3 } as const;

/** Name of the crew. */
export const clusterCrew = "k-means";

/** Opens the memory of a fit and copies the rows into it, less `centre` and times `scale`. Throws LimitError beyond 4 GiB. */
export function openClusters(
  x: Matrix,
  weights: Float64Array | undefined,
  k: number,
  centre: Float64Array,
  scale: number,
): ClusterPlan {
  const { rows: n, columns: d } = x;
  const trials = 2 + Math.floor(Math.log(k));
  const fours = 4 * Math.ceil(k / 4);
  // each block has sums of its own: no more blocks than keep them smaller than the rows
  const blockRows = 4 * Math.ceil(Math.max(256, n / 256, 2 * k) / 4);
  const blocks = Math.ceil(n / blockRows);
  const padded = 4 * Math.ceil(n / 4);
  const layout = new Layout();
  const place: ClusterPlan["place"] = {
    x: layout.reserve(8 * padded * d),
    weights: layout.reserve(8 * n),
    labels: layout.reserve(4 * n),
    nearest: layout.reserve(8 * n),
    centres: layout.reserve(8 * fours * d),
    halves: layout.reserve(8 * fours),
    points: layout.reserve(8 * 4 * Math.ceil(trials / 4) * d),
    apart: layout.reserve(8 * 4 * Math.ceil(trials / 4) * padded),
    sums: layout.reserve(8 * blocks * k * d),
    masses: layout.reserve(8 * blocks * k),
    changed: layout.reserve(4 * blocks),
    potentials: layout.reserve(8 * blocks * trials),
    chosen: layout.reserve(4),
  };
  const plan: ClusterPlan = { memory: openMemory("k_means.fit", layout, n), n, d, k, trials, blockRows, blocks, place };
  const arrays = clusterArrays(plan);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) arrays.x[i * d + j] = (x.data[i * d + j]! - centre[j]!) * scale;
  if (weights) arrays.weights.set(weights);
  else arrays.weights.fill(1);
  return plan;
}

/** Views of the plan's memory. */
export function clusterArrays({ memory: { buffer }, n, d, k, trials, blocks, place }: ClusterPlan): ClusterArrays {
  const fours = 4 * Math.ceil(k / 4);
  const groups = Math.ceil(trials / 4);
  return {
    x: new Float64Array(buffer, place.x, n * d),
    weights: new Float64Array(buffer, place.weights, n),
    labels: new Int32Array(buffer, place.labels, n),
    nearest: new Float64Array(buffer, place.nearest, n),
    centres: new Float64Array(buffer, place.centres, fours * d),
    halves: new Float64Array(buffer, place.halves, fours),
    points: new Float64Array(buffer, place.points, groups * 4 * d),
    apart: new Float64Array(buffer, place.apart, groups * 4 * (4 * Math.ceil(n / 4))),
    sums: new Float64Array(buffer, place.sums, blocks * k * d),
    masses: new Float64Array(buffer, place.masses, blocks * k),
    changed: new Int32Array(buffer, place.changed, blocks),
    potentials: new Float64Array(buffer, place.potentials, blocks * trials),
    chosen: new Int32Array(buffer, place.chosen, 1),
  };
}

defineCrew(clusterCrew, (plan: ClusterPlan): CrewMember => {
  const { n, d, k, trials, blockRows, place } = plan;
  const kernel = kernels<ClusterKernels>(plan.memory);
  const arrays = clusterArrays(plan);
  const { x, weights, labels, nearest, apart, potentials, sums, masses, changed, chosen } = arrays;
  const padded = 4 * Math.ceil(n / 4);

  const assign = (block: number, from: number, to: number): void => {
    sums.fill(0, block * k * d, (block + 1) * k * d);
    masses.fill(0, block * k, (block + 1) * k);
    changed[block] = kernel.assignCentres(
      place.x + 8 * from * d,
      to - from,
      d,
      place.centres,
      place.halves,
      Math.ceil(k / 4),
      place.weights + 8 * from,
      place.labels + 4 * from,
      place.sums + 8 * block * k * d,
      place.masses + 8 * block * k,
    );
  };
  const tryCandidates = (block: number, from: number, to: number): void => {
    for (let t = 0; t < trials; t++) {
      const group = t >> 2;
      if ((t & 3) === 0) {
        const out = place.apart + 32 * (group * padded + from);
        kernel.squaredDistances(place.x + 8 * from * d, to - from, d, place.points + 32 * group * d, out);
      }
      let sum = 0;
      for (let i = from, at = 4 * (group * padded + from) + (t & 3); i < to; i++, at += 4) {
        const distance = apart[at]!;
        sum += weights[i]! * (distance < nearest[i]! ? distance : nearest[i]!);
      }
      potentials[block * trials + t] = sum;
    }
  };
  const takeCandidate = (_: number, from: number, to: number): void => {
    const t = chosen[0]!;
    for (let i = from, at = 4 * ((t >> 2) * padded + from) + (t & 3); i < to; i++, at += 4)
      if (apart[at]! < nearest[i]!) nearest[i] = apart[at]!;
  };
  const measure = (block: number, from: number, to: number): void => {
    let sum = 0;
    for (let i = from; i < to; i++) {
      const centre = (labels[i]! >> 2) * 4 * d + (labels[i]! & 3);
      let distance = 0;
      for (let j = 0; j < d; j++) {
        const off = x[i * d + j]! - arrays.centres[centre + 4 * j]!;
        distance += off * off;
      }
      nearest[i] = distance;
      sum += weights[i]! * distance;
    }
    potentials[block * trials] = sum;
  };
  const works = [assign, tryCandidates, takeCandidate, measure];
  return (operation, block) => works[operation]!(block, block * blockRows, Math.min(n, (block + 1) * blockRows));
});
