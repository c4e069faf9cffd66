import { displayable } from "../base/display.ts";
import { ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { columnOf } from "../numeric/matrix.ts";
import { mean } from "../numeric/statistics.ts";
import type { ContributionUnit, Explanation } from "./explain.ts";

/** What one column adds over all rows. */
export interface FeatureContributions {
  readonly feature: string;
  /** Mean of the absolute contributions. */
  readonly mean: number;
  /** Contribution in each row that is kept. */
  readonly contributions: readonly number[];
  /** Rank of the row's cell among the rows, 0 … 1; null where it is missing or a category. */
  readonly ranks: readonly (number | null)[];
}

/** Which columns matter to a model over many rows, and in which direction: plain JSON. */
export interface ShapSummary {
  readonly output: string;
  readonly unit: ContributionUnit;
  readonly base: number;
  /** Rows that were explained. */
  readonly rows: number;
  /** Largest mean first. */
  readonly features: readonly FeatureContributions[];
}

/** Rows of a summary at most: what a picture can show. */
const mostRows = 1000;

/**
 * The columns of an explanation by the mean of their absolute contributions to one output (default the first), with the contributions of up
 * to 1,000 rows, evenly taken. O(n d log n). Throws ParamsError for an output that the explanation has not.
 * Source: Lundberg et al. (2020), Nature Machine Intelligence 2 (summary plots).
 */
export function shapSummary(
  { outputs, features, base, contributions, values, unit }: Explanation,
  { output }: { readonly output?: string | number | boolean } = {},
): ShapSummary {
  const k = placeOfOutput("shapSummary", outputs, output);
  const { rows } = contributions[k]!;
  const stride = Math.max(1, Math.ceil(rows / mostRows));
  const shown = Array.from({ length: Math.ceil(rows / stride) }, (_, r) => r * stride);
  const found = features.map((feature, j): FeatureContributions => {
    const own = columnOf(contributions[k]!, j);
    const ranks = values.levels?.[j] ? undefined : ranksOf(values.data, values.columns, j);
    return {
      feature,
      mean: mean(own.map(Math.abs)),
      contributions: shown.map((i) => own[i]!),
      ranks: shown.map((i) => ranks?.[i] ?? null),
    };
  });
  found.sort((a, b) => b.mean - a.mean);
  return displayable("shap-summary", { output: outputs[k]!, unit, base: base[k]!, rows, features: found });
}

/** What one column adds to one prediction. */
export interface RowContribution {
  readonly feature: string;
  readonly contribution: number;
  /** The row's cell: a number, a level, null where it is missing. */
  readonly value: number | string | null;
}

/** One prediction as a sum: plain JSON. */
export interface RowExplanation {
  readonly row: number;
  readonly output: string;
  readonly unit: ContributionUnit;
  readonly base: number;
  readonly prediction: number;
  /** Largest absolute contribution first; base + their sum = prediction. */
  readonly contributions: readonly RowContribution[];
}

/** One row of an explanation, for one output (default the first). Throws ParamsError for a row or an output that it has not. */
export function explainRow(
  { outputs, features, base, contributions, predictions, values, unit }: Explanation,
  row: number,
  { output }: { readonly output?: string | number | boolean } = {},
): RowExplanation {
  const k = placeOfOutput("explainRow", outputs, output);
  const { rows, columns, data } = contributions[k]!;
  if (!(Number.isInteger(row) && row >= 0 && row < rows))
    throw new ParamsError(`explainRow: row must be 0 … ${rows - 1}, got ${row}`);
  const parts = features.map((feature, j): RowContribution => {
    const cell = values.data[row * values.columns + j]!;
    const value = Number.isNaN(cell) ? null : (values.levels?.[j]?.[cell] ?? cell);
    return { feature, contribution: data[row * columns + j]!, value };
  });
  parts.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const prediction = predictions.data[row * outputs.length + k]!;
  return displayable("row-explanation", { row, output: outputs[k]!, unit, base: base[k]!, prediction, contributions: parts });
}

function placeOfOutput(who: string, outputs: readonly string[], output: string | number | boolean | undefined): number {
  if (output === undefined) return 0;
  const place = outputs.indexOf(String(output));
  if (place < 0) throw new ParamsError(`${who}: no output "${output}"${suggest(String(output), outputs)}`);
  return place;
}

/** Ranks of a column's cells as shares 0 … 1, equal cells by their middle; null where missing. */
function ranksOf(data: Float64Array, columns: number, j: number): (number | null)[] {
  const cells = Array.from({ length: data.length / columns }, (_, i) => data[i * columns + j]!);
  const order = Array.from(cells.keys())
    .filter((i) => !Number.isNaN(cells[i]))
    .sort((a, b) => cells[a]! - cells[b]!);
  const ranks = new Array<number | null>(cells.length).fill(null);
  const last = Math.max(1, order.length - 1);
  for (let begin = 0, end = 0; begin < order.length; begin = end) {
    while (end < order.length && cells[order[end]!] === cells[order[begin]!]) end++;
    for (let at = begin; at < end; at++) ranks[order[at]!] = order.length === 1 ? 0.5 : (begin + end - 1) / 2 / last;
  }
  return ranks;
}
