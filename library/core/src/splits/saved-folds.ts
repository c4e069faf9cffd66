import { z } from "zod";
import { DataError, ParamsError, ShapeError, StoreError } from "../base/errors.ts";
import { lazySchema } from "../base/lazy-schema.ts";
import { once } from "../base/once.ts";
import { parseParams } from "../base/params.ts";
import type { Table } from "../data/table.ts";
import { groupKFold, kFold, stratifiedGroupKFold, stratifiedKFold } from "./folds.ts";
import { leaveOneGroupOut, leaveOneOut, predefinedSplit } from "./leave-out.ts";
import type { Fold } from "./partition.ts";
import {
  groupShuffleSplit,
  repeatedKFold,
  repeatedStratifiedKFold,
  shuffleSplit,
  stratifiedShuffleSplit,
} from "./shuffle-splits.ts";
import { orderByTime, wholeColumn } from "./split.ts";
import { timeSeriesSplit } from "./time-series-split.ts";

const column = () => z.string().min(1);
const foldCount = () => z.int().min(2).max(1000).default(5).meta({ title: "Folds" });
const repeats = () => z.int().min(1).max(1000).default(10).meta({ title: "Repeats" });
const splits = () => z.int().min(1).max(1000).default(10).meta({ title: "Splits" });
const test = () => z.number().gt(0).lt(1).default(0.2).meta({ title: "Share of the test" });
const seed = () => z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(42).meta({ title: "Seed" });
const order = () => seed().optional().meta({ title: "Seed", description: "Without it the order of the rows decides." });
const stratify = () => column().meta({ title: "Stratify by" });
const group = () => column().meta({ title: "Group" });

const schemas = once(() => ({
  k_fold: z.strictObject({ kind: z.literal("k_fold"), folds: foldCount(), seed: order() }),
  stratified_k_fold: z.strictObject({
    kind: z.literal("stratified_k_fold"),
    folds: foldCount(),
    stratify: stratify(),
    seed: order(),
  }),
  group_k_fold: z.strictObject({ kind: z.literal("group_k_fold"), folds: foldCount(), group: group() }),
  stratified_group_k_fold: z.strictObject({
    kind: z.literal("stratified_group_k_fold"),
    folds: foldCount(),
    stratify: stratify(),
    group: group(),
    seed: order(),
  }),
  time_series: z.strictObject({
    kind: z.literal("time_series"),
    folds: foldCount(),
    time: column().meta({ title: "Time" }),
    gap: z.int().min(0).default(0).meta({ title: "Gap", description: "Rows left out before the test." }),
    maxTrainSize: z.int().min(1).optional().meta({ title: "Training rows at most" }),
    testSize: z.int().min(1).optional().meta({ title: "Test rows of each fold" }),
  }),
  repeated_k_fold: z.strictObject({ kind: z.literal("repeated_k_fold"), folds: foldCount(), repeats: repeats(), seed: seed() }),
  repeated_stratified_k_fold: z.strictObject({
    kind: z.literal("repeated_stratified_k_fold"),
    folds: foldCount(),
    repeats: repeats(),
    stratify: stratify(),
    seed: seed(),
  }),
  leave_one_out: z.strictObject({ kind: z.literal("leave_one_out") }),
  leave_one_group_out: z.strictObject({ kind: z.literal("leave_one_group_out"), group: group() }),
  shuffle_split: z.strictObject({ kind: z.literal("shuffle_split"), splits: splits(), test: test(), seed: seed() }),
  stratified_shuffle_split: z.strictObject({
    kind: z.literal("stratified_shuffle_split"),
    splits: splits(),
    test: test(),
    stratify: stratify(),
    seed: seed(),
  }),
  group_shuffle_split: z.strictObject({
    kind: z.literal("group_shuffle_split"),
    splits: splits(),
    test: test(),
    group: group(),
    seed: seed(),
  }),
  predefined: z.strictObject({ kind: z.literal("predefined"), fold: column().meta({ title: "Column of fold numbers" }) }),
}));

/** How folds are drawn, as plain JSON: a kind, and the settings that it has. */
export const foldsSchema: z.ZodDiscriminatedUnion<[Kinds[keyof Kinds]], "kind"> = lazySchema(() =>
  z.discriminatedUnion("kind", Object.values(schemas()) as unknown as [Kinds[keyof Kinds]]),
);
type Kinds = ReturnType<typeof schemas>;

/** How folds are drawn, defaults left out. */
export type FoldsInput = z.input<Kinds[keyof Kinds]>;
type FoldsSettings = z.output<Kinds[keyof Kinds]>;

/** Folds with what they were drawn by: plain JSON, to be saved and given back. */
export interface SavedFolds {
  readonly format: 1;
  /** How they were drawn, every setting. */
  readonly settings: FoldsSettings;
  /** Rows of the table that they are of. */
  readonly rows: number;
  /** Row numbers of each fold, ascending. */
  readonly folds: readonly { readonly train: readonly number[]; readonly test: readonly number[] }[];
}

/** Draws the folds of a table by settings. Throws ParamsError for settings that are none, DataError for rows that cannot be split so. */
export function drawFolds(table: Table, settings: FoldsInput): SavedFolds {
  const kind = (settings as { readonly kind?: unknown } | null)?.kind;
  const kinds = schemas();
  const schema = Object.hasOwn(kinds, String(kind)) ? kinds[kind as keyof Kinds] : undefined;
  if (!schema)
    throw new ParamsError(`drawFolds: kind must be one of ${Object.keys(kinds).join(", ")}, got ${JSON.stringify(kind)}`);
  const whole = parseParams(`drawFolds ${kind}`, schema, settings) as unknown as FoldsSettings;
  const drawn = [...drawnBy(table, whole)];
  return {
    format: 1,
    settings: whole,
    rows: table.rows,
    folds: drawn.map((fold) => ({ train: Array.from(fold.train), test: Array.from(fold.test) })),
  };
}

/** Saved folds as row indices again, for a table of so many rows. Throws StoreError for what `drawFolds` never gives, ShapeError for other rows. */
export function foldsFrom(saved: unknown, rows: number): Fold[] {
  const parsed = savedSchema().safeParse(typeof saved === "string" ? parseJson(saved) : saved);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new StoreError(`foldsFrom: ${path.join(".") || "the folds"}: ${message}`);
  }
  if (parsed.data.rows !== rows)
    throw new ShapeError(`foldsFrom: the folds are of ${parsed.data.rows} rows, the table has ${rows}`);
  return parsed.data.folds.map(({ train, test: tested }, k) => {
    const seen = new Set<number>();
    for (const i of [train, tested].flat())
      if (i >= rows || seen.size === seen.add(i).size)
        throw new StoreError(`foldsFrom: fold ${k} holds row ${i} twice, or it is not there`);
    return { train: Int32Array.from(train), test: Int32Array.from(tested) };
  });
}

const indices = () => z.array(z.int().min(0));
const savedSchema = once(() =>
  z.strictObject({
    format: z.literal(1),
    settings: z.looseObject({ kind: z.string() }),
    rows: z.int().min(0),
    folds: z.array(z.strictObject({ train: indices(), test: indices() })).min(1),
  }),
);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StoreError("foldsFrom: the folds are not JSON", { cause });
  }
}

function drawnBy(table: Table, settings: FoldsSettings): Iterable<Fold> {
  const labels = (name: string): readonly unknown[] => wholeColumn(table, name);
  switch (settings.kind) {
    case "k_fold":
      return kFold(table.rows, seeded(settings));
    case "stratified_k_fold":
      return stratifiedKFold(labels(settings.stratify), seeded(settings));
    case "group_k_fold":
      return groupKFold(labels(settings.group), settings);
    case "stratified_group_k_fold":
      return stratifiedGroupKFold(labels(settings.stratify), labels(settings.group), seeded(settings));
    case "time_series":
      return inOrder(orderByTime(table, settings.time), timeSeriesSplit(table.rows, settings));
    case "repeated_k_fold":
      return repeatedKFold(table.rows, settings);
    case "repeated_stratified_k_fold":
      return repeatedStratifiedKFold(labels(settings.stratify), settings);
    case "leave_one_out":
      if (table.rows > 5000)
        throw new DataError(`drawFolds: leave_one_out of ${table.rows} rows is too much to save, at most 5000`);
      return leaveOneOut(table.rows);
    case "leave_one_group_out":
      return leaveOneGroupOut(labels(settings.group));
    case "shuffle_split":
      return shuffleSplit(table.rows, settings);
    case "stratified_shuffle_split":
      return stratifiedShuffleSplit(labels(settings.stratify), settings);
    case "group_shuffle_split":
      return groupShuffleSplit(labels(settings.group), settings);
    case "predefined":
      return predefinedSplit(labels(settings.fold) as readonly number[]);
  }
}

/** The options of a splitter, the seed only where one is given. */
function seeded({ folds, seed }: { readonly folds: number; readonly seed?: number | undefined }) {
  return seed === undefined ? { folds } : { folds, seed };
}

/** Folds of places in an order, as folds of rows. */
function* inOrder(rows: Int32Array, folds: Iterable<Fold>): Generator<Fold> {
  for (const { train, test } of folds) yield { train: train.map((k) => rows[k]!).sort(), test: test.map((k) => rows[k]!).sort() };
}
