import { z } from "zod";
import { LimitError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";

/** What polynomial features learn: nothing but the number of columns. */
export interface PolynomialFeaturesState {
  /** Columns of the input (d). */
  readonly columns: number;
}

/** Parameters that say which products of columns are made. */
export const polynomialParams = () => ({
  degree: z.int().min(1).max(20).default(2).meta({ title: "Degree", search: "linear" }),
  interactionOnly: z
    .boolean()
    .default(false)
    .meta({ title: "Interactions only", description: "No column is multiplied with itself." }),
});

/**
 * Every product of up to `degree` columns, in the order of degree and then of columns: 1, a, b, a², a b, b². Names as "a^2 b".
 * O(n · C(d + degree, degree)); throws LimitError beyond 2²⁷ values. Oracle: sklearn.preprocessing.PolynomialFeatures.
 */
export const polynomialFeatures = transformer({
  name: "polynomial_features",
  params: () =>
    z.strictObject({
      ...polynomialParams(),
      includeBias: z.boolean().default(true).meta({ title: "A column of ones" }),
    }),
  fit: (x, _, params): PolynomialFeaturesState => {
    products("polynomial_features", x, params);
    return { columns: x.columns };
  },
  transform: (x, _, params): Matrix => expand("polynomial_features", x, params),
});

/** Which products are made of how many columns. */
interface PolynomialOptions {
  readonly degree: number;
  readonly interactionOnly: boolean;
  readonly includeBias: boolean;
}

const mostValues = 2 ** 27;

/** The matrix (n × d') of products. Throws LimitError. O(n d'). */
export function expand(who: string, x: Matrix, options: PolynomialOptions, checkpoint: () => void = () => {}): Matrix {
  const parts = products(who, x, options);
  const columns = parts.length;
  const data = sharedFloat64(x.rows * columns);
  for (let i = 0; i < x.rows; i++) {
    checkpoint();
    const to = i * columns;
    for (let p = 0; p < columns; p++) {
      const { of, times } = parts[p]!;
      data[to + p] = times < 0 ? 1 : (of < 0 ? 1 : data[to + of]!) * x.data[i * x.columns + times]!;
    }
  }
  return { rows: x.rows, columns, data, names: parts.map((_, p) => nameOf(parts, p, x.names)) };
}

/** One product: an earlier product `of` (−1 for 1) times a column (−1 for the column of ones). */
interface Product {
  readonly of: number;
  readonly times: number;
}

function products(
  who: string,
  { rows, columns: d }: Matrix,
  { degree, interactionOnly, includeBias }: PolynomialOptions,
): Product[] {
  const count = countProducts(d, degree, interactionOnly) + (includeBias ? 1 : 0);
  if (!(count * Math.max(1, rows) <= mostValues))
    throw new LimitError(
      `${who}: ${d} columns to degree ${degree} make ${count.toLocaleString("en")} columns, ${rows} rows of them are more than ${mostValues.toLocaleString("en")} values; take a lower degree or interactionOnly`,
    );
  const made: Product[] = includeBias ? [{ of: -1, times: -1 }] : [];
  let begin = made.length;
  for (let j = 0; j < d; j++) made.push({ of: -1, times: j });
  for (let power = 2; power <= degree; power++) {
    const end = made.length;
    for (let of = begin; of < end; of++)
      for (let j = made[of]!.times + (interactionOnly ? 1 : 0); j < d; j++) made.push({ of, times: j });
    begin = end;
  }
  return made;
}

/** C(d + degree, degree) − 1, or Σ C(d, p) for interactions only. */
function countProducts(d: number, degree: number, interactionOnly: boolean): number {
  let count = 0;
  let term = 1;
  for (let power = 1; power <= degree; power++) {
    term *= interactionOnly ? Math.max(0, d - power + 1) / power : (d + power - 1) / power;
    count += term;
  }
  return Math.round(count);
}

function nameOf(parts: readonly Product[], product: number, names: readonly string[] | undefined): string {
  const powers = new Map<number, number>();
  for (let p = product; p >= 0 && parts[p]!.times >= 0; p = parts[p]!.of) {
    const { times } = parts[p]!;
    powers.set(times, (powers.get(times) ?? 0) + 1);
  }
  if (powers.size === 0) return "1";
  const factors = [...powers].sort(([a], [b]) => a - b);
  return factors.map(([j, power]) => `${names?.[j] ?? `x${j}`}${power > 1 ? `^${power}` : ""}`).join(" ");
}
