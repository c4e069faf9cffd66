import { z } from "zod";
import { DataError, ParamsError, ShapeError, StoreError } from "../base/errors.ts";
import { regressor } from "../base/estimator.ts";
import { columnOf, type Matrix } from "../numeric/matrix.ts";
import { fitIsotonic, type MonotoneFunction, rises, valueAt } from "./isotonic.ts";

/** What isotonic regression learns: a monotone function of one column. */
export interface IsotonicRegressionState extends MonotoneFunction {
  /** Place of the column that is looked at. */
  readonly column: number;
  /** Whether the function rises. */
  readonly increasing: boolean;
}

/**
 * Isotonic regression: the monotone function of one column with the least squared error, straight between its points. O(n log n).
 * Source: Barlow, Bartholomew, Bremner & Brunk (1972). Oracle: sklearn.isotonic.IsotonicRegression, whose `out_of_bounds` is `nan` where
 * ours is `clip` unless said.
 */
export const isotonicRegression = regressor({
  name: "isotonic_regression",
  params: () =>
    z.strictObject({
      increasing: z
        .union([z.boolean(), z.literal("auto")])
        .default(true)
        .meta({ title: "Rises", description: "auto: as the rank correlation says." }),
      yMin: z.number().nullable().default(null).meta({ title: "Least value" }),
      yMax: z.number().nullable().default(null).meta({ title: "Largest value" }),
      outOfBounds: z
        .enum(["clip", "nan", "raise"])
        .default("clip")
        .meta({ title: "Beyond the fitted range", description: "clip: the value at the end; nan: missing; raise: an error." }),
      column: z
        .int()
        .min(0)
        .nullable()
        .default(null)
        .meta({ title: "Column", description: "Its place among the input columns; empty where there is only one." }),
    }),
  fit(x, y, { increasing, yMin, yMax, column }, { weights }): IsotonicRegressionState {
    if (yMin !== null && yMax !== null && yMin > yMax)
      throw new ParamsError(`isotonic_regression: yMin must be at most yMax, got ${yMin} and ${yMax}`);
    const place = placeOf(x, column);
    const values = columnOf(x, place);
    const isKept = (_: number, i: number): boolean => weights?.[i] !== 0;
    const up = increasing === "auto" ? rises(values.filter(isKept), y.filter(isKept)) : increasing;
    return { ...fitIsotonic(values, y, weights, { increasing: up, yMin, yMax }), column: place, increasing: up };
  },
  predict(x, state: IsotonicRegressionState, { outOfBounds }): Float64Array {
    const [least, most] = [state.x[0]!, state.x.at(-1)!];
    const values = columnOf(x, state.column);
    const at = outOfBounds === "raise" ? values.findIndex((value) => value < least || value > most) : -1;
    if (at >= 0)
      throw new DataError(`isotonic_regression.predict: x must lie in ${least} … ${most}, got ${values[at]} in row ${at}`);
    return values.map((value) => (outOfBounds === "nan" && (value < least || value > most) ? Number.NaN : valueAt(state, value)));
  },
  check({ x, y, column }: IsotonicRegressionState, columns): void {
    const fits = x instanceof Float64Array && y instanceof Float64Array && x.length > 0 && x.length === y.length;
    if (
      !fits ||
      !x.every((value, p) => p === 0 || value > x[p - 1]!) ||
      !(column >= 0 && column < columns && Number.isInteger(column))
    )
      throw new StoreError("loadModel: the points of the isotonic regression do not ascend");
  },
});

function placeOf(x: Matrix, column: number | null): number {
  if (column === null && x.columns > 1)
    throw new ShapeError(
      `isotonic_regression.fit: x must have one column, or \`column\` say which is looked at, got ${x.columns} columns`,
    );
  const place = column ?? 0;
  if (place >= x.columns) throw new ParamsError(`isotonic_regression: column must be below ${x.columns}, got ${place}`);
  return place;
}
