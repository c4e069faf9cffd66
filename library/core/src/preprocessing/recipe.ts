import { z } from "zod";
import type { Column } from "../base/columns.ts";
import { DataError, ParamsError, ShapeError, StoreError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { once } from "../base/once.ts";
import type { Table } from "../data/table.ts";
import { castStep } from "./cast-step.ts";
import { imputeStep } from "./impute-step.ts";
import { replaceMarkersStep } from "./markers-step.ts";
import { outliersStep } from "./outliers-step.ts";
import { fromJson, toJson } from "./recipe-json.ts";
import type { StepContext, StepKind, StepResult } from "./step-kind.ts";
import { parseSteps, type Step, type StepInput } from "./steps.ts";
import {
  deriveStep,
  dropColumnsStep,
  dropDuplicatesStep,
  dropMissingStep,
  filterStep,
  renameStep,
  selectStep,
} from "./table-steps.ts";
import { binStep, encodeStep, scaleStep } from "./transformer-steps.ts";

const kinds = {
  replace_markers: replaceMarkersStep,
  drop_missing: dropMissingStep,
  impute: imputeStep,
  outliers: outliersStep,
  scale: scaleStep,
  encode: encodeStep,
  bin: binStep,
  filter: filterStep,
  derive: deriveStep,
  rename: renameStep,
  select: selectStep,
  drop_columns: dropColumnsStep,
  cast: castStep,
  drop_duplicates: dropDuplicatesStep,
} as unknown as Readonly<Record<Step["step"], StepKind<Step["step"], unknown>>>;

/** How steps are fitted. */
export interface FitStepsOptions {
  /** The training rows (m): steps learn from these only; default all rows. */
  readonly rows?: ArrayLike<number> | undefined;
  /** The column to be predicted: steps without named columns leave it alone, and new rows may lack it. */
  readonly target?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A step and what it learnt. */
export interface FittedStep {
  readonly step: Step;
  readonly state: unknown;
}

/** Fitted steps: plain data that `JSON.stringify` stores and `recipeFrom` gives back. */
export interface Recipe {
  readonly format: 1;
  readonly target?: string | undefined;
  /** Columns that the steps were fitted on; others are left out when the recipe is applied. */
  readonly columns: readonly { readonly name: string; readonly kind: Column["kind"] }[];
  readonly steps: readonly FittedStep[];
  /** New rows through the same steps, with what was learnt at the fit. Throws DataError for a column that is not there. */
  apply(table: Table, options?: { readonly signal?: AbortSignal }): Promise<Table>;
}

/** Fitted steps, and the rows they were fitted on as they leave them. */
export interface AppliedSteps {
  readonly recipe: Recipe;
  /** All rows given: the training rows as later steps saw them (target encoding by folds), the others as new rows. */
  readonly table: Table;
  /** Which of the rows given are left (m), ascending. */
  readonly rows: Int32Array;
}

/** What a step did: its table before and after, and the rows that are left. */
export interface StepTrace extends StepResult {
  readonly step: Step;
  readonly before: Table;
}

/**
 * Fits cleaning steps in order, each on the rows that the ones before it leave. Statistics come from the training rows only. Throws
 * ParamsError for a step that is none, DataError (with the step's place) for one that cannot work on this table.
 */
export async function fitSteps(table: Table, steps: readonly StepInput[], options: FitStepsOptions = {}): Promise<Recipe> {
  const { recipe } = await learn(trainingRows(table, options), steps, options);
  return recipe;
}

/** Fits cleaning steps, and gives the rows as they leave them: for a new version of a dataset. */
export async function fitApplySteps(
  table: Table,
  steps: readonly StepInput[],
  options: FitStepsOptions = {},
): Promise<AppliedSteps> {
  const training = trainingRows(table, options);
  const { recipe, table: trained, rows } = await learn(training, steps, options);
  if (options.rows === undefined) return { recipe, table: trained, rows };
  const chosen = sortedRows(options.rows);
  const taken = new Set(chosen);
  const others = Int32Array.from({ length: table.rows }, (_, i) => i).filter((i) => !taken.has(i));
  if (others.length === 0) return { recipe, table: trained, rows: rows.map((i) => chosen[i]!) };
  const traces = await replay(recipe, table.take(others), options.signal);
  const rest = traces.at(-1)?.table ?? table.take(others);
  const places = joined(
    rows.map((i) => chosen[i]!),
    survivors(others.length, traces).map((i) => others[i]!),
  );
  const order = Int32Array.from(places.keys()).sort((a, b) => places[a]! - places[b]!);
  return { recipe, table: trained.concat(rest).take(order), rows: order.map((k) => places[k]!) };
}

/** A recipe from its JSON, text or parsed. Throws StoreError where it cannot be one. */
export function recipeFrom(json: unknown): Recipe {
  try {
    const { format, target, columns, steps } = stored().parse(fromJson(typeof json === "string" ? JSON.parse(json) : json));
    const parsed = parseSteps(steps.map(({ step }) => step));
    const fitted = parsed.map((step, k) => ({ step, state: kinds[step.step].state().parse(steps[k]!.state) }));
    return recipeOf({ format, target, columns, steps: fitted });
  } catch (cause) {
    throw new StoreError(`recipeFrom: ${explain(cause)}`, { cause });
  }
}

const kind = () => z.enum(["number", "category", "text", "boolean", "datetime"]);
const stored = once(() =>
  z.strictObject({
    format: z.literal(1),
    target: z.string().optional(),
    columns: z.array(z.strictObject({ name: z.string(), kind: kind() })),
    steps: z.array(z.strictObject({ step: z.unknown(), state: z.unknown() })).max(200),
  }),
);

function explain(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return (cause as Error).message;
  const issue = cause.issues[0]!;
  return `${issue.path.join(".") || "the recipe"}: ${issue.message}`;
}

/** The steps' traces on new rows. */
async function replay(recipe: Pick<Recipe, "columns" | "steps" | "target">, table: Table, signal?: AbortSignal) {
  let at = table.select(inputNames(recipe, table));
  let { target } = recipe;
  const traces: StepTrace[] = [];
  for (const [k, { step, state }] of recipe.steps.entries()) {
    signal?.throwIfAborted();
    const context = { who: whoIs(step, k), target, training: false };
    const result = await kinds[step.step].apply(at, step, state, context);
    traces.push({ step, before: at, ...result });
    at = result.table;
    target = targetAfter(target, step);
  }
  return traces;
}

/** Fits the steps on these rows, and keeps what each did. */
export async function learn(
  training: Table,
  given: readonly StepInput[],
  { target, signal }: FitStepsOptions,
): Promise<{ recipe: Recipe; table: Table; rows: Int32Array; traces: readonly StepTrace[] }> {
  const steps = parseSteps(given);
  if (target !== undefined) training.column(target);
  let at = training;
  let name = target;
  const fitted: FittedStep[] = [];
  const traces: StepTrace[] = [];
  for (const [k, step] of steps.entries()) {
    signal?.throwIfAborted();
    const context: StepContext = { who: whoIs(step, k), target: name, training: true };
    if (at.rows === 0) throw new DataError(`${context.who}: the steps before it leave no row to learn from`);
    const state = await kinds[step.step].fit(at, step, context);
    const result = await kinds[step.step].apply(at, step, state, context);
    fitted.push({ step, state });
    traces.push({ step, before: at, ...result });
    at = result.table;
    name = targetAfter(name, step);
  }
  const columns = training.names.map((each) => ({ name: each, kind: training.kind(each) }));
  const recipe = recipeOf({ format: 1, target, columns, steps: fitted });
  return { recipe, table: at, rows: survivors(training.rows, traces), traces };
}

/** Which of n rows are left after the traces. */
export function survivors(n: number, traces: readonly Pick<StepTrace, "kept">[]): Int32Array {
  return traces.reduce(
    (rows, { kept }) => (kept ? kept.map((k) => rows[k]!) : rows),
    Int32Array.from({ length: n }, (_, i) => i),
  );
}

/** The training rows of a table. Throws ShapeError for a row that is not there. */
export function trainingRows(table: Table, { rows }: FitStepsOptions): Table {
  if (rows === undefined) return table;
  const sorted = sortedRows(rows);
  const odd = sorted.find((i, k) => !(i >= 0 && i < table.rows) || sorted[k - 1] === i);
  if (odd !== undefined) throw new ShapeError(`fitSteps: rows must be different ones of 0 … ${table.rows - 1}, got ${odd}`);
  return table.take(sorted);
}

function sortedRows(rows: ArrayLike<number>): Int32Array {
  const odd = Array.from(rows).find((i) => !Number.isInteger(i));
  if (odd !== undefined) throw new ParamsError(`fitSteps: rows must be row numbers, got ${odd}`);
  return Int32Array.from(rows).sort();
}

function joined(first: Int32Array, second: Int32Array): Int32Array {
  const all = new Int32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

const methods = {
  async apply(this: Recipe, table: Table, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Table> {
    const traces = await replay(this, table, signal);
    return traces.at(-1)?.table ?? table.select(inputNames(this, table));
  },
  toJSON(this: Recipe): unknown {
    return toJson({ ...this });
  },
};

/** Plain own data; what it does lies on the prototype. */
function recipeOf(data: Omit<Recipe, "apply">): Recipe {
  const { target, ...rest } = data;
  return Object.freeze(Object.assign(Object.create(methods), rest, target === undefined ? {} : { target })) as Recipe;
}

function whoIs({ step }: Step, k: number): string {
  return `steps[${k}] ${step}`;
}

/** The columns that the recipe takes; only the target may be gone. */
function inputNames({ columns, target }: Pick<Recipe, "columns" | "target">, table: Table): string[] {
  const names = columns.map(({ name }) => name);
  const missing = names.find((name) => name !== target && !table.names.includes(name));
  if (missing !== undefined) throw new DataError(`recipe.apply: no column "${missing}"${suggest(missing, table.names)}`);
  return names.filter((name) => table.names.includes(name));
}

function targetAfter(target: string | undefined, step: Step): string | undefined {
  if (step.step !== "rename") return target;
  return step.names.find(({ from }) => from === target)?.to ?? target;
}
