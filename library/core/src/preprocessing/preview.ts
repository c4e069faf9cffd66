import type { Column } from "../base/columns.ts";
import { ParamsError } from "../base/errors.ts";
import { lengthOf } from "../data/column.ts";
import { type ColumnProfile, profileColumn } from "../data/profile-column.ts";
import type { Table } from "../data/table.ts";
import { random } from "../numeric/random.ts";
import { type FitStepsOptions, learn, type StepTrace, survivors, trainingRows } from "./recipe.ts";
import type { Step, StepInput } from "./steps.ts";

/** What a step does to the rows it is shown. */
export interface StepReport {
  readonly step: Step;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  /** Rows that are dropped, or of which a cell changes. */
  readonly rowsTouched: number;
  /** Cells that change in the rows that are left, columns that came or went left out. */
  readonly cellsTouched: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Columns of which a cell, or the kind, changes. */
  readonly changed: readonly string[];
  /** Row numbers (in the table shown) of the first touched rows, at most 20. */
  readonly examples: readonly number[];
  /** The columns removed or changed, before the step; at most 20. Of a step that drops rows only: all. */
  readonly before: readonly ColumnProfile[];
  /** The columns added or changed, after the step; at most 20. */
  readonly after: readonly ColumnProfile[];
}

/** How steps are previewed. */
export interface PreviewOptions extends FitStepsOptions {
  /** Rows that are shown at most, drawn at random above that; default 100,000. */
  readonly sample?: number | undefined;
}

/** What each step would do to a table: rows touched, columns before and after. The table stays as it is. */
export async function previewSteps(
  table: Table,
  steps: readonly StepInput[],
  options: PreviewOptions = {},
): Promise<readonly StepReport[]> {
  const { sample = 100_000 } = options;
  if (!(Number.isInteger(sample) && sample > 0))
    throw new ParamsError(`previewSteps: sample must be a whole number ≥ 1, got ${sample}`);
  const known = trainingRows(table, options);
  const places = known.rows > sample ? random(42, "preview").permutation(known.rows).slice(0, sample).sort() : undefined;
  const shown = places ? known.take(places) : known;
  const { traces } = await learn(shown, steps, options);
  const numbers = (k: number): Int32Array => {
    const left = survivors(shown.rows, traces.slice(0, k));
    const inKnown = places ? left.map((i) => places[i]!) : left;
    const rows = options.rows && Int32Array.from(options.rows).sort();
    return rows ? inKnown.map((i) => rows[i]!) : inKnown;
  };
  return traces.map((trace, k) => reportOf(trace, numbers(k)));
}

/** What one step would do to a table, after the steps `after`. */
export async function previewStep(
  table: Table,
  step: StepInput,
  { after = [], ...options }: PreviewOptions & { readonly after?: readonly StepInput[] } = {},
): Promise<StepReport> {
  return (await previewSteps(table, [...after, step], options)).at(-1)!;
}

function reportOf({ step, before, table, kept }: StepTrace, numbers: Int32Array): StepReport {
  const renamed = new Map(step.step === "rename" ? step.names.map(({ from, to }) => [to, from]) : []);
  const origin = (name: string): string => renamed.get(name) ?? name;
  const olds = new Set(table.names.map(origin));
  const added = table.names.filter((name) => !before.names.includes(name));
  const removed = before.names.filter((name) => !olds.has(name) || !table.names.includes(name));
  const touched = new Uint8Array(before.rows);
  const changed: string[] = [];
  let cellsTouched = 0;
  for (const name of table.names) {
    if (!before.names.includes(origin(name))) continue;
    const cells = differingRows(before.column(origin(name)), table.column(name), kept);
    if (cells.length > 0 || before.kind(origin(name)) !== table.kind(name)) changed.push(name);
    for (const i of cells) touched[i] = 1;
    cellsTouched += cells.length;
  }
  if (kept) {
    const left = new Set(kept);
    for (let i = 0; i < before.rows; i++) if (!left.has(i)) touched[i] = 1;
  }
  const rows = Array.from(touched.keys()).filter((i) => touched[i] === 1);
  const dropsOnly = kept !== undefined && changed.length === 0 && added.length === 0;
  const profiles = (of: Table, names: readonly string[]): ColumnProfile[] =>
    (dropsOnly ? of.names : names).slice(0, 20).map((name) => profileColumn(name, of.column(name), of.column(name)));
  return {
    step,
    rowsBefore: before.rows,
    rowsAfter: table.rows,
    rowsTouched: rows.length,
    cellsTouched,
    added,
    removed,
    changed,
    examples: rows.slice(0, 20).map((i) => numbers[i]!),
    before: profiles(before, [...changed.map(origin), ...removed]),
    after: profiles(table, [...changed, ...added]),
  };
}

/** Rows of `before` whose cell is another in `after`. */
function differingRows(before: Column, after: Column, kept: Int32Array | undefined): number[] {
  if (before === after) return [];
  const [old, now] = [cells(before), cells(after)];
  const rows: number[] = [];
  for (let k = 0; k < lengthOf(after); k++) {
    const i = kept ? kept[k]! : k;
    if (!Object.is(old(i), now(k))) rows.push(i);
  }
  return rows;
}

/** A column's cells as values to compare. */
function cells(column: Column): (i: number) => unknown {
  if (column.kind === "category") return (i) => (column.codes[i]! < 0 ? null : column.levels[column.codes[i]!]!);
  return (i) => column.values[i];
}
