import type { LossDriver } from "./boost.ts";
import { givenDriver } from "./drivers.ts";

/** Queries as runs of rows: rows queryStarts[q] … queryStarts[q + 1] − 1 belong together. */
export interface Queries {
  readonly starts: Int32Array;
  /** The same for the validation rows, counted from the first of them. */
  readonly validationStarts: Int32Array;
}

/** Places of the list that count. */
interface RankSettings {
  readonly truncation: number;
  /** Whether the lambdas of a query are scaled by their sum, so that long lists do not rule. */
  readonly norm: boolean;
}

/**
 * Drives LambdaMART: each pair of a query's rows pulls its scores apart as hard as swapping them would change nDCG. Gains are 2^label − 1.
 * O(Σ n_q · truncation) an iteration. Source: Burges (2010), "From RankNet to LambdaRank to LambdaMART"; LightGBM's `LambdarankNDCG`.
 */
export function lambdarankDriver(
  y: Float64Array,
  weights: Float64Array | undefined,
  { starts, validationStarts }: Queries,
  settings: RankSettings,
): LossDriver {
  const ideals = Float64Array.from({ length: starts.length - 1 }, (_, q) =>
    idealGain(y, starts[q]!, starts[q + 1]!, settings.truncation),
  );
  return givenDriver(
    { objective: "lambdarank", link: "identity", scale: 1 },
    Float64Array.of(0),
    (scores, g, h) => {
      g.fill(0);
      h.fill(0);
      for (let q = 0; q + 1 < starts.length; q++)
        if (ideals[q]! > 0) addLambdas(scores, y, starts[q]!, starts[q + 1]!, ideals[q]!, settings, g, h);
      if (weights)
        for (let i = 0; i < weights.length; i++) {
          g[i]! *= weights[i]!;
          h[i]! *= weights[i]!;
        }
    },
    ({ at, numbers }) => {
      const scores = numbers.subarray(at.validationScores / 8, at.validationScores / 8 + at.validationRows);
      const labels = numbers.subarray(at.targets / 8 + at.rows, at.targets / 8 + at.rows + at.validationRows);
      return -meanNdcg(scores, labels, validationStarts, settings.truncation);
    },
  );
}

/** 2^label − 1 for whole labels up to 31. */
function gainOf(label: number): number {
  return 2 ** label - 1;
}

function discount(rank: number): number {
  return 1 / Math.log2(rank + 2);
}

function idealGain(y: Float64Array, begin: number, end: number, truncation: number): number {
  const labels = y.slice(begin, end).sort().reverse();
  let sum = 0;
  for (let rank = 0; rank < Math.min(truncation, labels.length); rank++) sum += gainOf(labels[rank]!) * discount(rank);
  return sum;
}

/** Places of a query's rows by falling score, the earlier row first of equals. */
function ranking(scores: Float64Array, begin: number, end: number): Int32Array {
  return Int32Array.from({ length: end - begin }, (_, i) => begin + i).sort((a, b) => scores[b]! - scores[a]! || a - b);
}

function addLambdas(
  scores: Float64Array,
  y: Float64Array,
  begin: number,
  end: number,
  ideal: number,
  { truncation, norm }: RankSettings,
  g: Float64Array,
  h: Float64Array,
): void {
  const order = ranking(scores, begin, end);
  const n = order.length;
  const best = scores[order[0]!]!;
  const worst = scores[order[n - 1]!]!;
  let total = 0;
  for (let i = 0; i < Math.min(n - 1, truncation); i++)
    for (let j = i + 1; j < n; j++) {
      const [a, b] = [order[i]!, order[j]!];
      if (y[a] === y[b]) continue;
      const [high, low, highRank, lowRank] = y[a]! > y[b]! ? [a, b, i, j] : [b, a, j, i];
      const apart = scores[high]! - scores[low]!;
      let change = ((gainOf(y[high]!) - gainOf(y[low]!)) * Math.abs(discount(highRank) - discount(lowRank))) / ideal;
      if (norm && best !== worst) change /= 0.01 + Math.abs(apart);
      const slope = 1 / (1 + Math.exp(apart));
      const lambda = -slope * change;
      const curvature = slope * (1 - slope) * change;
      g[high]! += lambda;
      g[low]! -= lambda;
      h[high]! += curvature;
      h[low]! += curvature;
      total -= 2 * lambda;
    }
  if (!norm || total <= 0) return;
  const factor = Math.log2(1 + total) / total;
  for (let i = begin; i < end; i++) {
    g[i]! *= factor;
    h[i]! *= factor;
  }
}

function meanNdcg(scores: Float64Array, y: Float64Array, starts: Int32Array, truncation: number): number {
  let sum = 0;
  for (let q = 0; q + 1 < starts.length; q++) {
    const ideal = idealGain(y, starts[q]!, starts[q + 1]!, truncation);
    if (ideal === 0) {
      sum += 1;
      continue;
    }
    const order = ranking(scores, starts[q]!, starts[q + 1]!);
    let gained = 0;
    for (let rank = 0; rank < Math.min(truncation, order.length); rank++) gained += gainOf(y[order[rank]!]!) * discount(rank);
    sum += gained / ideal;
  }
  return sum / Math.max(1, starts.length - 1);
}
