import { z } from "zod";
import { DataError, LimitError, StoreError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { distinctNames } from "./distinct-names.ts";
import { countLevels, levelsOf } from "./levels.ts";
import { checkLists, checkNames, requireWidth } from "./step-checks.ts";

/** What a one-hot encoder learns. */
export interface OneHotState {
  /** Names of the input columns (d). */
  readonly columns: readonly string[];
  /** Levels of each column that holds a category, null for numbers (d). */
  readonly levels: readonly (readonly string[] | null)[];
  /** Output column of each level's code within its column's own; −1 for a level that has none (d). */
  readonly places: readonly (Int32Array | null)[];
  /** Code of the level that was dropped; −1 for none (d). */
  readonly dropped: Int32Array;
  /** How many output columns each input column has (d). */
  readonly widths: Int32Array;
  /** Names of the output columns. */
  readonly names: readonly string[];
}

/** 4 GiB of numbers. */
const cellsMax = 2 ** 29;

/**
 * Each category column becomes a column of 0 and 1 for every level that was there at the fit; numbers pass. A missing cell is 0 in all of
 * them, and so is a level that was not there (`unknown: "rare"` puts it to the rare ones). Levels of fewer than `minFrequency` rows, or of a
 * smaller share of the rows below 1, become one column, the last. O(n d). Oracle: sklearn.preprocessing.OneHotEncoder.
 */
export const oneHotEncoder = transformer({
  name: "one_hot_encoder",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      drop: z.enum(["none", "first", "if_binary"]).default("none").meta({
        title: "Drop the first level",
        description: "For models that do not bear collinear columns; if_binary drops it of columns with two levels only.",
      }),
      minFrequency: z
        .number()
        .min(0)
        .default(0)
        .meta({ title: "Rare below", description: "Rows, or a share of the rows when below 1; 0 for no rare levels." }),
      unknown: z.enum(["ignore", "rare", "error"]).default("ignore").meta({ title: "Unknown levels" }),
    }),
  fit(x, _, { drop, minFrequency }): OneHotState {
    const levels = levelsOf(x);
    const least = minFrequency < 1 ? minFrequency * x.rows : minFrequency;
    const parts = levels.map((list, j) => (list ? place(x, j, list, least, drop) : undefined));
    const names = parts.flatMap((part, j) => part?.labels.map((label) => `${x.names![j]}=${label}`) ?? [x.names![j]!]);
    return {
      columns: x.names!,
      levels,
      places: parts.map((part) => part?.places ?? null),
      dropped: Int32Array.from(parts, (part) => part?.dropped ?? -1),
      widths: Int32Array.from(parts, (part) => part?.labels.length ?? 1),
      names: distinctNames(names),
    };
  },
  transform(x, state, { unknown }): Matrix {
    const columns = state.names.length;
    if (x.rows * columns > cellsMax) throw tooLarge(x.rows, columns);
    const data = sharedFloat64(x.rows * columns);
    encodeInto(x, state, unknown, data, 0, columns);
    return { rows: x.rows, columns, data, names: state.names };
  },
  transformInto: (x, state, { unknown }, out, start, stride) => encodeInto(x, state, unknown, out, start, stride),
  inverse,
  check({ columns, levels, places, dropped, widths, names }, count) {
    checkLists("one_hot_encoder", { columns, levels, places, dropped, widths }, count);
    const width = widths.reduce((sum, each) => sum + each, 0);
    checkNames("one_hot_encoder", names, width);
    for (const [j, of] of places.entries()) {
      const isOwn = of === null ? widths[j] === 1 : of instanceof Int32Array && of.length === levels[j]?.length;
      if (!isOwn || widths[j]! < 0 || of?.some((at) => at < -1 || at >= widths[j]!))
        throw new StoreError(`one_hot_encoder: state places[${j}] points outside its ${widths[j]} columns`);
    }
  },
});

function encodeInto(
  x: Matrix,
  { places, widths }: OneHotState,
  unknown: "ignore" | "rare" | "error",
  out: Float64Array,
  start: number,
  stride: number,
): void {
  const starts = startsOf(widths);
  const rare = unknown === "rare" ? Int32Array.from(places, (of, j) => rarePlace(of, widths[j]!)) : undefined;
  const blockRows = 256; // within a block, columns are taken one after the other
  for (let begin = 0; begin < x.rows; begin += blockRows)
    for (let j = 0; j < x.columns; j++) {
      const of = places[j]!;
      const other = rare?.[j] ?? -1;
      let from = begin * x.columns + j;
      let to = begin * stride + start + starts[j]!;
      for (const end = Math.min(x.rows, begin + blockRows) * x.columns; from < end; from += x.columns, to += stride) {
        const value = x.data[from]!;
        if (of === null) out[to] = value;
        else {
          const at = value >= 0 ? (of[value] ?? -1) : other;
          if (at >= 0) out[to + at] = 1;
          else if (unknown === "error" && !(value >= 0)) throw unknownLevel(Math.floor(from / x.columns), x.names?.[j]);
        }
      }
    }
}

/** Output columns of one category column: where each code goes, and how the columns are labelled. */
function place(x: Matrix, j: number, levels: readonly string[], least: number, drop: "none" | "first" | "if_binary") {
  const counts = countLevels(x, j, levels.length);
  const seen = levels.map((_, code) => code).filter((code) => counts[code]! > 0);
  const kept = seen.filter((code) => counts[code]! >= least);
  const hasRare = kept.length < seen.length;
  const total = kept.length + Number(hasRare);
  const first = total > 0 && (drop === "first" || (drop === "if_binary" && total === 2)) ? 1 : 0;
  const places = new Int32Array(levels.length).fill(-1);
  for (const code of seen) places[code] = kept.length - first; // the rare ones' column, the last
  for (const [k, code] of kept.entries()) places[code] = k - first;
  const labels = [...kept.map((code) => levels[code]!), ...(hasRare ? ["(rare)"] : [])].slice(first);
  return { places, labels, dropped: first === 1 ? seen.find((code) => places[code] === -1)! : -1 };
}

/** The place of the rare levels, where there are two levels at least in the last column; else −1. */
function rarePlace(places: Int32Array | null, width: number): number {
  return places && places.filter((at) => at === width - 1).length > 1 ? width - 1 : -1;
}

function inverse(x: Matrix, { columns, levels, places, dropped, widths, names }: OneHotState): Matrix {
  requireWidth("one_hot_encoder.inverseTransform", x, names.length);
  const starts = startsOf(widths);
  const data = sharedFloat64(x.rows * columns.length);
  const codes = places.map((of, j) => of && Int32Array.from({ length: widths[j]! }, (_, at) => of.indexOf(at)));
  for (let i = 0; i < x.rows; i++)
    for (let j = 0; j < columns.length; j++) {
      const from = i * x.columns + starts[j]!;
      let value = x.data[from]!;
      if (codes[j]) {
        value = dropped[j]! >= 0 ? dropped[j]! : Number.NaN;
        let most = 0;
        for (let k = 0; k < widths[j]!; k++)
          if (x.data[from + k]! > most) {
            most = x.data[from + k]!;
            value = codes[j]![k]!;
          }
      }
      data[i * columns.length + j] = value;
    }
  return { rows: x.rows, columns: columns.length, data, names: columns, levels: levels.map((list) => list ?? undefined) };
}

function startsOf(widths: Int32Array): Int32Array {
  const starts = new Int32Array(widths.length);
  for (let j = 1; j < widths.length; j++) starts[j] = starts[j - 1]! + widths[j - 1]!;
  return starts;
}

function tooLarge(rows: number, columns: number): LimitError {
  return new LimitError(
    `one_hot_encoder.transform: ${rows} rows × ${columns} columns are more than 4 GiB; raise minFrequency, or take ml.targetEncoder()`,
  );
}

function unknownLevel(row: number, column: string | undefined): DataError {
  return new DataError(
    `one_hot_encoder.transform: column "${column}" holds a missing cell or a level that was not there at the fit, in row ${row}`,
  );
}
