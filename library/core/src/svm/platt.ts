/** A sigmoid 1 / (1 + e^(a·f + b)) that makes a probability of a decision value f. */
interface Sigmoid {
  readonly a: number;
  readonly b: number;
}

/**
 * The sigmoid of most likelihood for decision values f (n) and whether each row is of the positive class, with Platt's targets that keep
 * it off 0 and 1; by Newton's method with halved steps. O(n) a step.
 * Source: Lin, Lin, Weng (2007), "A note on Platt's probabilistic outputs for support vector machines", Machine Learning 68(3).
 */
export function fitSigmoid(values: Float64Array, positive: ArrayLike<number | boolean>, weights?: ArrayLike<number>): Sigmoid {
  const n = values.length;
  const weight = (i: number): number => weights?.[i] ?? 1;
  let above = 0;
  let below = 0;
  for (let i = 0; i < n; i++) positive[i] ? (above += weight(i)) : (below += weight(i));
  const high = (above + 1) / (above + 2);
  const low = 1 / (below + 2);
  let a = 0;
  let b = Math.log((below + 1) / (above + 1));
  const loss = (slope: number, offset: number): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const z = slope * values[i]! + offset;
      const target = positive[i] ? high : low;
      sum += weight(i) * (z >= 0 ? target * z + Math.log1p(Math.exp(-z)) : (target - 1) * z + Math.log1p(Math.exp(z)));
    }
    return sum;
  };
  let value = loss(a, b);
  for (let step = 0; step < 100; step++) {
    let haa = 1e-12;
    let hbb = 1e-12;
    let hab = 0;
    let ga = 0;
    let gb = 0;
    for (let i = 0; i < n; i++) {
      const f = values[i]!;
      const z = a * f + b;
      const e = Math.exp(-Math.abs(z));
      const p = z >= 0 ? e / (1 + e) : 1 / (1 + e);
      const bend = (weight(i) * e) / ((1 + e) * (1 + e));
      const slope = weight(i) * ((positive[i] ? high : low) - p);
      haa += f * f * bend;
      hbb += bend;
      hab += f * bend;
      ga += f * slope;
      gb += slope;
    }
    if (Math.abs(ga) < 1e-9 * n && Math.abs(gb) < 1e-9 * n) break;
    const determinant = haa * hbb - hab * hab;
    const da = -(hbb * ga - hab * gb) / determinant;
    const db = -(haa * gb - hab * ga) / determinant;
    const slope = ga * da + gb * db;
    let share = 1;
    for (; share >= 1e-10; share /= 2) {
      const next = loss(a + share * da, b + share * db);
      if (next > value + 1e-4 * share * slope) continue;
      a += share * da;
      b += share * db;
      value = next;
      break;
    }
    if (share < 1e-10) break;
  }
  return { a, b };
}

/** The sigmoid's probability of the positive class. */
export function sigmoidOf(f: number, { a, b }: Sigmoid): number {
  const z = a * f + b;
  return z >= 0 ? Math.exp(-z) / (1 + Math.exp(-z)) : 1 / (1 + Math.exp(z));
}

/**
 * Class probabilities (k, into `out`) from the probability r of i against j for every pair (k × k, r(j, i) = 1 − r(i, j)): minimises
 * Σᵢⱼ (r(j, i) pᵢ − r(i, j) pⱼ)² by coordinate descent. O(k²) a sweep.
 * Source: Wu, Lin, Weng (2004), "Probability estimates for multi-class classification by pairwise coupling", JMLR 5, algorithm 2.
 */
export function couplePairs(pairs: Float64Array, k: number, out: Float64Array): void {
  const q = new Float64Array(k * k);
  for (let t = 0; t < k; t++)
    for (let j = 0; j < k; j++) {
      if (j === t) continue;
      q[t * k + t]! += pairs[j * k + t]! * pairs[j * k + t]!;
      q[t * k + j] = -pairs[j * k + t]! * pairs[t * k + j]!;
    }
  const qp = new Float64Array(k);
  out.fill(1 / k);
  for (let sweep = 0; sweep < 1000; sweep++) {
    let pqp = 0;
    for (let t = 0; t < k; t++) {
      qp[t] = 0;
      for (let j = 0; j < k; j++) qp[t]! += q[t * k + j]! * out[j]!;
      pqp += out[t]! * qp[t]!;
    }
    let error = 0;
    for (let t = 0; t < k; t++) error = Math.max(error, Math.abs(qp[t]! - pqp));
    if (error < 1e-12) return;
    for (let t = 0; t < k; t++) {
      const change = (pqp - qp[t]!) / q[t * k + t]!;
      out[t]! += change;
      pqp = (pqp + change * (change * q[t * k + t]! + 2 * qp[t]!)) / (1 + change) / (1 + change);
      for (let j = 0; j < k; j++) {
        qp[j] = (qp[j]! + change * q[t * k + j]!) / (1 + change);
        out[j]! /= 1 + change;
      }
    }
  }
}
