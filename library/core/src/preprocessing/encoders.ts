import { z } from "zod";
import { StoreError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { countLevels, levelsOf } from "./levels.ts";
import { checkLists, requireWidth } from "./step-checks.ts";

/** What an ordinal, label or frequency encoder learns. */
export interface LevelNumbers {
  /** Levels of each column that holds a category, null for numbers (d). */
  readonly levels: readonly (readonly string[] | null)[];
  /** Number of each level, by its code; NaN for a level without one (d). */
  readonly numbers: readonly (Float64Array | null)[];
}

/**
 * Each category column becomes its level's number: its place in `order`, else among the levels of the fit sorted by code unit; numbers
 * pass. A missing or unseen level becomes `unknown`. O(n d). Oracle: sklearn.preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value").
 */
export const ordinalEncoder = transformer({
  name: "ordinal_encoder",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      order: z.array(z.string()).optional().meta({ title: "Order of the levels", description: "From least to greatest." }),
      unknown: z.number().default(-1).meta({ title: "Number of unknown levels" }),
    }),
  fit(x, _, { order }): LevelNumbers {
    return learn(x, (levels, counts) => placesOf(levels, order ?? seenLevels(levels, counts)));
  },
  transform: (x, state, { unknown }): Matrix => apply(x, state, unknown),
  inverse: (x, state) => backToLevels("ordinal_encoder", x, state),
  check: (state, columns) => checkLevels("ordinal_encoder", state, columns),
});

/**
 * Each category column becomes 0 … k − 1, its level's place among the sorted levels of the fit; numbers pass. A missing or unseen level
 * stays missing. O(n d). Oracle: sklearn.preprocessing.LabelEncoder.
 */
export const labelEncoder = transformer({
  name: "label_encoder",
  missing: true,
  categories: true,
  params: () => z.strictObject({}),
  fit(x): LevelNumbers {
    return learn(x, (levels, counts) => placesOf(levels, seenLevels(levels, counts)));
  },
  transform: (x, state): Matrix => apply(x, state, Number.NaN),
  inverse: (x, state) => backToLevels("label_encoder", x, state),
  check: (state, columns) => checkLevels("label_encoder", state, columns),
});

/**
 * Each category column becomes the share of the fit's rows that hold its level (or their count); numbers pass. A missing or unseen
 * level becomes 0. No way back: levels may be equally frequent. O(n d).
 */
export const frequencyEncoder = transformer({
  name: "frequency_encoder",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      normalized: z.boolean().default(true).meta({ title: "Shares", description: "Else counts of rows." }),
    }),
  fit: (x, _, { normalized }): LevelNumbers =>
    learn(x, (_levels, counts) => Array.from(counts, (count) => (normalized ? count / x.rows : count))),
  transform: (x, state): Matrix => apply(x, state, 0),
  check: (state, columns) => checkLevels("frequency_encoder", state, columns),
});

function learn(x: Matrix, number: (levels: readonly string[], counts: Float64Array) => readonly number[]): LevelNumbers {
  const levels = levelsOf(x);
  return {
    levels,
    numbers: levels.map((list, j) => list && Float64Array.from(number(list, countLevels(x, j, list.length)))),
  };
}

/** Each level's place in the order; NaN for one that is not there. */
function placesOf(levels: readonly string[], order: readonly string[]): number[] {
  const places = new Map(order.map((level, k) => [level, k]));
  return levels.map((level) => places.get(level) ?? Number.NaN);
}

/** Levels that some row of the fit holds, sorted by code unit. */
function seenLevels(levels: readonly string[], counts: Float64Array): string[] {
  return levels.filter((_, code) => counts[code]! > 0).sort();
}

function apply(x: Matrix, { numbers }: LevelNumbers, unknown: number): Matrix {
  const data = sharedFloat64(x.data.length);
  for (let i = 0, at = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++, at++) {
      const value = x.data[at]!;
      const of = numbers[j];
      if (!of) data[at] = value;
      else {
        const number = of[value] ?? Number.NaN;
        data[at] = Number.isNaN(number) ? unknown : number;
      }
    }
  return { rows: x.rows, columns: x.columns, data, names: x.names };
}

/** Numbers as category codes again; a number of no level is missing. */
function backToLevels(who: string, x: Matrix, { levels, numbers }: LevelNumbers): Matrix {
  requireWidth(`${who}.inverseTransform`, x, levels.length);
  const codes = numbers.map((of) => of && new Map(Array.from(of, (number, code) => [number, code])));
  const data = sharedFloat64(x.data.length);
  for (let i = 0, at = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++, at++) {
      const value = x.data[at]!;
      data[at] = codes[j] ? (Number.isNaN(value) ? value : (codes[j]!.get(value) ?? Number.NaN)) : value;
    }
  return { ...x, data, levels: levels.map((list) => list ?? undefined) };
}

function checkLevels(who: string, { levels, numbers }: LevelNumbers, columns: number): void {
  checkLists(who, { levels, numbers }, columns);
  for (const [j, list] of levels.entries())
    if (list === null ? numbers[j] !== null : !(numbers[j] instanceof Float64Array) || numbers[j].length !== list.length)
      throw new StoreError(`${who}: the state has levels without a number in column ${j}`);
}
