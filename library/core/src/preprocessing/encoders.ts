import { z } from "zod";
import { transformer } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";

/** What an encoder learns. */
export interface EncoderState {
  /** Levels of each column that holds a category, null for numbers (d). */
  readonly levels: readonly (readonly string[] | null)[];
}

/**
 * Each category column becomes a column of 0 and 1 for every level; numbers pass. A level that was not there at the fit, and a missing
 * cell, is 0 in all of them. O(n d). Oracle: sklearn.preprocessing.OneHotEncoder(handle_unknown="ignore").
 */
export const oneHotEncoder = transformer({
  name: "one_hot_encoder",
  missing: true,
  categories: true,
  params: z.strictObject({
    dropFirst: z
      .boolean()
      .default(false)
      .meta({ title: "Drop the first level", description: "For models that do not bear collinear columns." }),
  }),
  fit: (x): EncoderState => ({ levels: x.names!.map((_, j) => x.levels?.[j] ?? null) }),
  transform(x, { levels }, { dropFirst }): Matrix {
    const first = dropFirst ? 1 : 0;
    const widths = levels.map((list) => (list ? Math.max(0, list.length - first) : 1));
    const starts = widths.map((_, j) => widths.slice(0, j).reduce((a, b) => a + b, 0));
    const columns = widths.reduce((a, b) => a + b, 0);
    const data = sharedFloat64(x.rows * columns);
    for (let i = 0; i < x.rows; i++)
      for (let j = 0; j < x.columns; j++) {
        const value = x.data[i * x.columns + j]!;
        if (!levels[j]) data[i * columns + starts[j]!] = value;
        else if (value >= first) data[i * columns + starts[j]! + value - first] = 1;
      }
    const names = x.names!.flatMap((name, j) => levels[j]?.slice(first).map((level) => `${name}=${level}`) ?? [name]);
    return { rows: x.rows, columns, data, names };
  },
});

/**
 * Each category column becomes its level's number, in the order of the levels; numbers pass. A missing or unseen level becomes
 * `unknown`. O(n d). Oracle: sklearn.preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value").
 */
export const ordinalEncoder = transformer({
  name: "ordinal_encoder",
  missing: true,
  categories: true,
  params: z.strictObject({
    unknown: z.number().default(-1).meta({ title: "Number of unknown levels" }),
  }),
  fit: (x): EncoderState => ({ levels: x.names!.map((_, j) => x.levels?.[j] ?? null) }),
  transform(x, { levels }, { unknown }): Matrix {
    const data = sharedFloat64(x.data.length);
    for (let i = 0; i < data.length; i++) {
      const value = x.data[i]!;
      data[i] = levels[i % x.columns] && Number.isNaN(value) ? unknown : value;
    }
    return { rows: x.rows, columns: x.columns, data, names: x.names };
  },
});
