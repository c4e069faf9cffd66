import { logChiSquareTail, logFTail } from "../numeric/special-functions.ts";

/** How strongly groups of rows differ in their target. */
export interface Association {
  /** χ², likelihood ratio or F. */
  readonly statistic: number;
  /** ln of the probability of so much where the groups do not differ. */
  readonly logP: number;
}

/** Tests whether groups differ; each is a profile: weights of the classes, or weight, Σ w y and Σ w y². */
export type AssociationTest = (profiles: readonly Float64Array[]) => Association;

/** Profiles that cannot differ. */
const none: Association = { statistic: 0, logP: 0 };

/** Pearson's χ² over a table of class weights; classes that no group has do not count. O(r k). Source: Pearson (1900). Oracle: scipy, CHAID. */
export const pearsonTest: AssociationTest = (profiles) =>
  tableTest(profiles, (observed, expected) => ((observed - expected) * (observed - expected)) / expected);

/** The likelihood ratio G² = 2 Σ O ln(O/E) over a table of class weights. O(r k). Source: Wilks (1935). */
export const likelihoodRatioTest: AssociationTest = (profiles) =>
  tableTest(profiles, (observed, expected) => (observed > 0 ? 2 * observed * Math.log(observed / expected) : 0));

function tableTest(profiles: readonly Float64Array[], term: (observed: number, expected: number) => number): Association {
  const classes = profiles[0]!.length;
  const rows = profiles.map((profile) => profile.reduce((a, b) => a + b, 0));
  const total = rows.reduce((a, b) => a + b, 0);
  let statistic = 0;
  let seen = 0;
  for (let k = 0; k < classes; k++) {
    let column = 0;
    for (const profile of profiles) column += profile[k]!;
    if (column === 0) continue;
    seen++;
    for (let g = 0; g < profiles.length; g++) statistic += term(profiles[g]![k]!, rows[g]! * (column / total));
  }
  const df = (profiles.length - 1) * (seen - 1);
  if (df < 1) return none;
  statistic = Math.max(0, statistic);
  return { statistic, logP: logChiSquareTail(statistic, df) };
}

/** The F test of equal means (analysis of variance), weights taken as numbers of rows. O(r). Source: Fisher (1925). Oracle: scipy's f_oneway. */
export const varianceTest: AssociationTest = (profiles) => {
  let [n, sum, between, within] = [0, 0, 0, 0];
  for (const [weight, total, squares] of profiles as Iterable<[number, number, number]>) {
    n += weight;
    sum += total;
    between += (total / weight) * total;
    within += squares - (total / weight) * total;
  }
  between -= (sum / n) * sum;
  const [d1, d2] = [profiles.length - 1, n - profiles.length];
  if (d1 < 1 || d2 <= 0 || between <= 1e-14 * (between + within)) return none;
  const statistic = within <= 1e-14 * between ? Infinity : between / d1 / (within / d2);
  return { statistic, logP: logFTail(statistic, d1, d2) };
};
