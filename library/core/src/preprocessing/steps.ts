import { z } from "zod";
import { ParamsError } from "../base/errors.ts";
import { lazySchema } from "../base/lazy-schema.ts";
import { suggest } from "../base/near-name.ts";
import { once } from "../base/once.ts";
import { parseParams } from "../base/params.ts";
import { missingMarkers } from "../data/missing-markers.ts";

const name = () => z.string().min(1).max(1000);
const columns = (meaning: string) =>
  z
    .array(name())
    .min(1)
    .optional()
    .meta({ title: "Columns", description: `Default: ${meaning}.`, columns: true });

/** Cells that stand for nothing become missing; a column that holds only numbers then becomes one of numbers. */
const replaceMarkers = once(() =>
  z.strictObject({
    step: z.literal("replace_markers"),
    columns: columns("all"),
    markers: z
      .array(z.string().max(1000))
      .min(1)
      .max(100)
      .default([...missingMarkers])
      .meta({ title: "Markers", description: "Compared with the cell's text, spaces around it left out." }),
    numbers: z
      .boolean()
      .default(true)
      .meta({ title: "Read as numbers", description: "Text columns that hold only numbers afterwards become numbers." }),
  }),
);

const dropMissing = once(() =>
  z.strictObject({
    step: z.literal("drop_missing"),
    columns: columns("all"),
    of: z.enum(["rows", "columns"]).default("rows").meta({ title: "Drop" }),
    share: z.number().min(0).max(1).default(0).meta({
      title: "More missing than",
      description: "Share of missing cells that is still kept; 0 drops at the first missing cell.",
    }),
  }),
);

const impute = once(() =>
  z.strictObject({
    step: z.literal("impute"),
    columns: columns("all"),
    strategy: z
      .enum(["mean", "median", "mode", "min", "max", "constant", "forward_fill", "backward_fill"])
      .default("median")
      .meta({ title: "Strategy", description: "Text and categories take their most frequent value, unless filled or constant." }),
    value: z
      .union([z.number(), z.string().max(10_000)])
      .default(0)
      .meta({ title: "Constant" }),
    indicator: z.boolean().default(false).meta({ title: "Add indicators", description: "A column of 0 and 1 for each." }),
  }),
);

const outliers = once(() =>
  z.strictObject({
    step: z.literal("outliers"),
    columns: columns("all of numbers"),
    method: z.enum(["iqr", "zscore", "range"]).default("iqr").meta({ title: "Method" }),
    k: z.number().positive().max(1000).optional().meta({
      title: "Width k",
      description: "Interquartile ranges beyond the quartiles (default 1.5), or standard deviations from the mean (default 3).",
    }),
    low: z.number().optional().meta({ title: "Lowest", description: "For the method range." }),
    high: z.number().optional().meta({ title: "Highest", description: "For the method range." }),
    action: z.enum(["clip", "drop", "missing", "mean", "median", "mode"]).default("clip").meta({ title: "Outliers become" }),
  }),
);

const scale = once(() =>
  z.strictObject({
    step: z.literal("scale"),
    columns: columns("all of numbers"),
    method: z
      .enum(["standard", "min_max", "robust", "max_abs", "power", "quantile"])
      .default("standard")
      .meta({ title: "Method" }),
  }),
);

const encode = once(() =>
  z.strictObject({
    step: z.literal("encode"),
    columns: columns("all of categories and text"),
    method: z.enum(["one_hot", "ordinal", "label", "frequency", "target"]).default("one_hot").meta({ title: "Method" }),
    target: name().optional().meta({ title: "Target", description: "For the method target; default: the target of the table." }),
    drop: z.enum(["none", "first", "if_binary"]).default("none").meta({ title: "Drop a level", description: "For one_hot." }),
    rare: z.number().min(0).max(1e9).default(0).meta({
      title: "Rare below",
      description: "For one_hot: levels of fewer rows (or a smaller share, below 1) go together.",
    }),
    order: z.array(z.string()).min(1).max(10_000).optional().meta({ title: "Order of the levels", description: "For ordinal." }),
  }),
);

const bin = once(() =>
  z.strictObject({
    step: z.literal("bin"),
    columns: columns("all of numbers"),
    bins: z.int().min(2).max(1000).default(5).meta({ title: "Bins" }),
    strategy: z.enum(["quantile", "uniform", "kmeans"]).default("quantile").meta({ title: "Strategy" }),
  }),
);

const expression = () => z.string().min(1).max(10_000);
const filter = once(() =>
  z.strictObject({
    step: z.literal("filter"),
    where: expression().meta({ title: "Keep rows where", description: "An SQL condition over a row's columns." }),
  }),
);

const derive = once(() =>
  z.strictObject({
    step: z.literal("derive"),
    name: name().meta({ title: "Column" }),
    sql: expression().meta({ title: "Is", description: "An SQL expression over a row's columns." }),
  }),
);

const rename = once(() =>
  z.strictObject({
    step: z.literal("rename"),
    names: z
      .array(z.strictObject({ from: name(), to: name() }))
      .min(1)
      .max(10_000)
      .meta({ title: "Names" }),
  }),
);

const list = () => z.array(name()).min(1).max(100_000).meta({ title: "Columns", columns: true });
const select = once(() => z.strictObject({ step: z.literal("select"), columns: list() }));
const dropColumns = once(() => z.strictObject({ step: z.literal("drop_columns"), columns: list() }));

const cast = once(() =>
  z.strictObject({
    step: z.literal("cast"),
    columns: list(),
    kind: z.enum(["number", "category", "text", "boolean", "datetime"]).meta({ title: "Kind" }),
    invalid: z
      .enum(["error", "missing"])
      .default("error")
      .meta({ title: "Cells that cannot be it", description: "Refused with their row, or made missing." }),
  }),
);

const dropDuplicates = once(() => z.strictObject({ step: z.literal("drop_duplicates"), columns: columns("all") }));

const kinds = [
  [replaceMarkers, "Markers to missing", "Turns cells such as ? or NA into missing ones."],
  [dropMissing, "Drop missing", "Leaves out rows or columns with missing cells."],
  [impute, "Fill missing", "Fills missing cells with a statistic of the training rows, a constant or a neighbour."],
  [outliers, "Outliers", "Finds cells far from the others, and replaces, clips or drops them."],
  [scale, "Scale", "Brings numbers to one scale."],
  [encode, "Encode", "Turns categories into numbers."],
  [bin, "Bin", "Turns numbers into the number of their bin."],
  [filter, "Filter rows", "Keeps the rows for which an SQL condition holds."],
  [derive, "Derive a column", "Adds or replaces a column by an SQL expression."],
  [rename, "Rename", "Gives columns other names."],
  [select, "Select columns", "Keeps these columns only, in this order."],
  [dropColumns, "Drop columns", "Leaves out these columns."],
  [cast, "Change the kind", "Reads a column's cells as another kind."],
  [dropDuplicates, "Drop duplicates", "Keeps the first of equal rows."],
] as const;

/**
 * One cleaning step as plain JSON: its name under `step`, and its settings with their defaults, titles and bounds. Every key is one
 * word, the same in a cell, over HTTP and in the database.
 */
export const stepSchema = lazySchema(() =>
  z.discriminatedUnion("step", [
    replaceMarkers(),
    dropMissing(),
    impute(),
    outliers(),
    scale(),
    encode(),
    bin(),
    filter(),
    derive(),
    rename(),
    select(),
    dropColumns(),
    cast(),
    dropDuplicates(),
  ]),
);

/** A list of cleaning steps, at most 200. */
export const stepsSchema = lazySchema(() => z.array(stepSchema).max(200));

/** A cleaning step as it may be written: defaults left out. */
export type StepInput = z.input<typeof stepSchema>;

/** A cleaning step with every setting. */
export type Step = z.output<typeof stepSchema>;

/** The step of one name, with every setting. */
export type StepOf<K extends Step["step"]> = Extract<Step, { readonly step: K }>;

/** What a form needs of a kind of step. */
export interface StepForm {
  readonly step: Step["step"];
  readonly title: string;
  readonly description: string;
  /** JSON Schema of the settings; `columns: true` marks a list of column names. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Every kind of step, for forms and HTTP. */
export function stepForms(): readonly StepForm[] {
  return kinds.map(([schema, title, description]) => ({
    step: schema().shape.step.value,
    title,
    description,
    schema: z.toJSONSchema(schema(), { io: "input", unrepresentable: "any" }),
  }));
}

/** Steps checked, with their defaults, frozen. Throws ParamsError that names the step and the setting. */
export function parseSteps(steps: unknown): readonly Step[] {
  if (!Array.isArray(steps)) throw new ParamsError(`steps: must be a list, got ${JSON.stringify(steps)?.slice(0, 60)}`);
  if (steps.length > 200) throw new ParamsError(`steps: must be at most 200, got ${steps.length}`);
  return steps.map((step, k) => {
    const wanted = (step as { readonly step?: unknown } | null)?.step;
    const found = kinds.find(([schema]) => schema().shape.step.value === wanted);
    if (!found) {
      const known = kinds.map(([schema]) => schema().shape.step.value);
      throw new ParamsError(
        `steps[${k}]: no step ${JSON.stringify(wanted) ?? "without a name"}${suggest(String(wanted), known)}`,
      );
    }
    const parsed = parseParams(`steps[${k}] ${wanted}`, found[0](), step) as unknown as Step;
    checkTogether(`steps[${k}] ${wanted}`, parsed);
    return parsed;
  });
}

/** What a schema of single settings cannot say. */
function checkTogether(who: string, step: Step): void {
  if (step.step === "outliers" && step.method === "range") {
    const { low = -Infinity, high = Infinity } = step;
    if (low === -Infinity && high === Infinity) throw new ParamsError(`${who}: the method range needs low or high`);
    if (low > high) throw new ParamsError(`${who}: low must be ≤ high, got ${low} and ${high}`);
  }
  if (step.step === "rename") {
    const from = step.names.map((each) => each.from);
    const twice = from.find((each, k) => from.indexOf(each) !== k);
    if (twice !== undefined) throw new ParamsError(`${who}: "${twice}" is renamed twice`);
  }
}
