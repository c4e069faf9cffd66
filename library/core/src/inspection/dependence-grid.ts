import type { InputColumn } from "../base/contract.ts";
import { DataError, LimitError, ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { sortDoubles } from "../numeric/sort-doubles.ts";

/** The places of one column at which a model is asked. */
export interface GridAxis {
  readonly feature: string;
  /** Cells as the model takes them: numbers, or codes of levels. */
  readonly cells: readonly number[];
  /** Cells as people read them. */
  readonly values: readonly (number | string)[];
}

/** How the places are chosen. */
export interface GridOptions {
  /** Places of a column of numbers at most; a column of fewer different values has those. */
  readonly gridResolution: number;
  /** Shares of the rows between which the places lie evenly. */
  readonly percentiles: readonly [number, number];
  /** The places of some columns, given. */
  readonly values: Readonly<Record<string, readonly (number | string)[]>>;
}

/** Grids of more points than these are refused. */
const mostPoints = 10_000;

/**
 * The places at which a column is asked: those that were given, every level that the rows hold, every value where they are few, else evenly
 * from one quantile to the other. O(n log n). Throws DataError for a level that the model does not know, and for a column without values.
 * Oracle: sklearn.inspection (`_grid_from_X`).
 */
export function gridAxis(who: string, x: Matrix, j: number, { name, levels }: InputColumn, options: GridOptions): GridAxis {
  const given = Object.hasOwn(options.values, name) ? options.values[name] : undefined;
  if (given) return givenAxis(who, name, levels, given);
  const present = new Float64Array(x.rows);
  let count = 0;
  for (let i = 0, at = j; i < x.rows; i++, at += x.columns) if (!Number.isNaN(x.data[at])) present[count++] = x.data[at]!;
  if (count === 0) throw new DataError(`${who}: column "${name}" has no value in these rows`);
  const sorted = sortDoubles(present.subarray(0, count));
  const distinct = [...new Set(sorted)];
  if (levels) return { feature: name, cells: distinct, values: distinct.map((code) => levels[code]!) };
  if (distinct.length < options.gridResolution) return { feature: name, cells: distinct, values: distinct };
  const [low, high] = options.percentiles.map((share) => plottingQuantile(sorted, share)) as [number, number];
  if (low === high)
    throw new ParamsError(
      `${who}: percentiles of column "${name}" must differ, both are ${low}; take wider ones or fewer than ${distinct.length} places`,
    );
  const step = (high - low) / (options.gridResolution - 1);
  const cells = Array.from({ length: options.gridResolution }, (_, k) =>
    k === options.gridResolution - 1 ? high : low + k * step,
  );
  return { feature: name, cells, values: cells };
}

function givenAxis(
  who: string,
  name: string,
  levels: readonly string[] | undefined,
  values: readonly (number | string)[],
): GridAxis {
  if (values.length === 0) throw new ParamsError(`${who}: values of column "${name}" must hold one place at least, got 0`);
  const cells = values.map((value) => {
    if (levels) {
      const code = levels.indexOf(String(value));
      if (code < 0) throw new DataError(`${who}: column "${name}" has no level "${value}"${suggest(String(value), levels)}`);
      return code;
    }
    if (typeof value !== "number" || !Number.isFinite(value))
      throw new ParamsError(`${who}: values of column "${name}" must be finite numbers, got ${JSON.stringify(value)}`);
    return value;
  });
  return { feature: name, cells, values };
}

/** Throws LimitError for grids of too many points. */
export function checkGrid(who: string, axes: readonly GridAxis[]): number {
  const points = axes.reduce((product, { cells }) => product * cells.length, 1);
  if (points <= mostPoints) return points;
  const sizes = axes.map(({ feature, cells }) => `${cells.length} of ${feature}`).join(" × ");
  throw new LimitError(`${who}: the grid must have ${mostPoints} points at most, got ${points} (${sizes}); set gridResolution`);
}

/** Quantile of sorted values by plotting positions α = β = 0.4. Source: Cunnane (1978). Oracle: scipy.stats.mstats.mquantiles. */
function plottingQuantile(sorted: Float64Array, share: number): number {
  const n = sorted.length;
  const place = n * share + 0.4 + share * 0.2;
  const below = Math.floor(Math.min(Math.max(place, 1), n - 1));
  const part = Math.min(Math.max(place - below, 0), 1);
  return n === 1 ? sorted[0]! : (1 - part) * sorted[below - 1]! + part * sorted[below]!;
}
