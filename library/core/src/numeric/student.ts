import { incompleteBeta } from "./special-functions.ts";

/** Share of Student's t law with `df` degrees of freedom above t. Oracle: scipy.stats.t.sf. */
export function studentTail(t: number, df: number): number {
  const outside = 0.5 * incompleteBeta(df / (df + t * t), df / 2, 0.5);
  return t > 0 ? outside : 1 - outside;
}

/** The t below which a share above ½ of Student's t law lies, by bisection. Oracle: scipy.stats.t.ppf. */
export function studentQuantile(share: number, df: number): number {
  let [low, high] = [0, 1];
  while (studentTail(high, df) > 1 - share && high < 1e12) high *= 2;
  for (let step = 0; step < 100 && high - low > 1e-13 * high; step++) {
    const middle = (low + high) / 2;
    if (studentTail(middle, df) > 1 - share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
