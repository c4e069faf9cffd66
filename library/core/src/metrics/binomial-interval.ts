import { ParamsError } from "../base/errors.ts";
import { normalQuantile } from "../numeric/normal.ts";
import { incompleteBeta } from "../numeric/special-functions.ts";
import { checkConfidence, type Interval } from "./interval.ts";

/** A share of counted rows with its confidence interval. */
export interface ShareInterval extends Interval {
  readonly value: number;
  readonly confidence: number;
  readonly method: "wilson" | "clopper_pearson";
}

/**
 * The confidence interval of a share such as accuracy, recall or precision, from the rows that count and all rows. Wilson's (default) holds
 * what it says on average, Clopper & Pearson's at least that always. Throws ParamsError unless 0 ≤ right ≤ rows, whole.
 * Source: Wilson (1927), JASA 22; Clopper & Pearson (1934), Biometrika 26. Oracle: scipy.stats.binomtest.
 * @example
 * ml.shareInterval(90, 100)   // 0.9 between 0.826 and 0.945
 */
export function shareInterval(
  right: number,
  rows: number,
  { confidence = 0.95, method = "wilson" }: { readonly confidence?: number; readonly method?: "wilson" | "clopper_pearson" } = {},
): ShareInterval {
  if (!(Number.isSafeInteger(right) && Number.isSafeInteger(rows) && rows >= 1 && right >= 0 && right <= rows))
    throw new ParamsError(`shareInterval: needs whole numbers with 0 ≤ right ≤ rows and rows ≥ 1, got ${right} of ${rows}`);
  checkConfidence("shareInterval", confidence);
  if (method !== "wilson" && method !== "clopper_pearson")
    throw new ParamsError(`shareInterval: method must be wilson or clopper_pearson, got ${String(method)}`);
  const ends = method === "wilson" ? wilson(right, rows, confidence) : clopperPearson(right, rows, confidence);
  return { value: right / rows, ...ends, confidence, method };
}

function wilson(right: number, rows: number, confidence: number): Interval {
  const z = -normalQuantile((1 - confidence) / 2);
  const share = right / rows;
  const below = 1 + (z * z) / rows;
  const centre = (share + (z * z) / (2 * rows)) / below;
  const reach = (z / below) * Math.sqrt((share * (1 - share)) / rows + (z * z) / (4 * rows * rows));
  return { low: right === 0 ? 0 : Math.max(0, centre - reach), high: right === rows ? 1 : Math.min(1, centre + reach) };
}

function clopperPearson(right: number, rows: number, confidence: number): Interval {
  const tail = (1 - confidence) / 2;
  return {
    low: right === 0 ? 0 : betaQuantile(tail, right, rows - right + 1),
    high: right === rows ? 1 : betaQuantile(1 - tail, right + 1, rows - right),
  };
}

/** The x below which a share of the beta distribution lies, by halving: 60 steps reach the last bit. */
function betaQuantile(share: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
