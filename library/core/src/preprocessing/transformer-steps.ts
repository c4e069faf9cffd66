import { z } from "zod";
import type { FactoryInfo, Fitted, Transformer, TransformerModel } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { modelOf } from "../base/model.ts";
import { once } from "../base/once.ts";
import { parseParams } from "../base/params.ts";
import { definitionOf } from "../base/registry.ts";
import { fitSync, transformTrainingSync } from "../base/run.ts";
import { labelsOf } from "../base/targets.ts";
import { assemble, makeContext } from "../base/worker.ts";
import { numberColumn } from "../data/column.ts";
import { Table } from "../data/table.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { kBinsDiscretizer } from "./bins.ts";
import { distinctNames } from "./distinct-names.ts";
import { frequencyEncoder, labelEncoder, ordinalEncoder } from "./encoders.ts";
import { oneHotEncoder } from "./one-hot-encoder.ts";
import { powerTransformer } from "./power-transformer.ts";
import { quantileTransformer } from "./quantile-transformer.ts";
import { maxAbsScaler, minMaxScaler, robustScaler, standardScaler } from "./scalers.ts";
import { columnsFor, presentColumns, type StepContext, type StepResult, stepKind } from "./step-kind.ts";
import type { StepOf } from "./steps.ts";
import { targetEncoder } from "./target-encoder.ts";

/** One fitted transformer a column, as plain data. */
const fittedColumns = () =>
  z.strictObject({
    columns: z.array(z.strictObject({ column: z.string(), fitted: z.custom<Fitted>(isFitted, "must be a fitted transformer") })),
  });
type FittedColumns = z.output<ReturnType<typeof fittedColumns>>;

/** Brings numbers to one scale. */
export const scaleStep = stepKind("scale", {
  state: fittedColumns,
  fit: (table, { columns, method }, context) =>
    fitEach(scalers[method](), table, columnsFor(table, columns, context, ["number"])),
  apply: (table, _step, state, context) => applyEach(table, state, context),
});

/** Turns numbers into the number of their bin. */
export const binStep = stepKind("bin", {
  state: fittedColumns,
  fit: (table, { columns, bins, strategy }, context) =>
    fitEach(kBinsDiscretizer({ bins, strategy }), table, columnsFor(table, columns, context, ["number"])),
  apply: (table, _step, state, context) => applyEach(table, state, context),
});

/** Turns categories into numbers. */
export const encodeStep = stepKind("encode", {
  state: fittedColumns,
  fit(table, step, context) {
    const target = step.method === "target" ? targetName(table, step, context) : undefined;
    const columns = columnsFor(table, step.columns, context, ["category", "text"]).filter((name) => name !== target);
    if (target === undefined) return fitEach(encoderOf(step), table, columns);
    const { y, classes } = targetValues(context.who, table, target);
    return {
      columns: columns.map((column) => ({
        column,
        fitted: fitSync(targetEncoder(), oneColumn(table, column), y, quietContext(classes)),
      })),
    };
  },
  apply(table, step, state, context) {
    if (step.method !== "target" || !context.training) return applyEach(table, state, context);
    const { y, classes } = targetValues(context.who, table, targetName(table, step, context));
    return applyEach(table, state, context, (fitted, column) =>
      transformTrainingSync(fitted, oneColumn(table, column), y, quietContext(classes)),
    );
  },
});

const scalers: Readonly<Record<StepOf<"scale">["method"], (() => Transformer) & FactoryInfo>> = {
  standard: standardScaler,
  min_max: minMaxScaler,
  robust: robustScaler,
  max_abs: maxAbsScaler,
  power: powerTransformer,
  quantile: quantileTransformer,
};

function encoderOf({ method, drop, rare, order }: StepOf<"encode">): Transformer {
  switch (method) {
    case "ordinal":
      return ordinalEncoder(order ? { order: [...order] } : {});
    case "label":
      return labelEncoder();
    case "frequency":
      return frequencyEncoder();
    default:
      return oneHotEncoder({ drop, minFrequency: rare });
  }
}

async function fitEach(estimator: Transformer, table: Table, columns: readonly string[]): Promise<FittedColumns> {
  const fitted = await Promise.all(columns.map((column) => estimator.fit(table, { features: [column] })));
  return { columns: columns.map((column, k) => ({ column, fitted: plain(fitted[k]!) })) };
}

/** A model without its methods. */
function plain({ task, name, params, columns, state }: Fitted): Fitted {
  return { task, name, params, columns, state };
}

/** Each fitted column gives way to the columns that its transformer makes of it. */
function applyEach(
  table: Table,
  { columns }: FittedColumns,
  context: StepContext,
  transform = (fitted: Fitted, column: string): Matrix => modelAs(fitted).transform(table.select([column])),
): StepResult {
  const present = new Set(
    presentColumns(
      table,
      columns.map(({ column }) => column),
      context,
    ),
  );
  const made = new Map(
    columns.filter(({ column }) => present.has(column)).map((each) => [each.column, transform(each.fitted, each.column)]),
  );
  const parts = table.names.flatMap((name) => {
    const matrix = made.get(name);
    return matrix ? columnsOf(matrix) : [[name, table.column(name)] as const];
  });
  const names = distinctNames(parts.map(([name]) => name));
  return { table: new Table(parts.map(([, column], k) => [names[k]!, column] as const)) };
}

function columnsOf({ rows, columns, data, names }: Matrix) {
  return names!.map((name, j) => {
    const values = new Float64Array(rows);
    for (let i = 0; i < rows; i++) values[i] = data[i * columns + j]!;
    return [name, numberColumn(values)] as const;
  });
}

function modelAs(fitted: Fitted): TransformerModel {
  return modelOf(definitionOf(fitted), fitted) as TransformerModel;
}

/** One column of a table as a matrix, text as codes of its levels. */
function oneColumn(table: Table, name: string): Matrix {
  const column = table.column(name);
  const own = column.kind === "text" ? columnAsCategory(column.values) : column;
  if (own.kind === "category") return assemble({ rows: table.rows, names: [name], levels: [own.levels], values: [own.codes] });
  throw new DataError(`encode: column "${name}" must hold category or text, it holds ${column.kind}`);
}

function columnAsCategory(values: readonly (string | null)[]) {
  const levels = [...new Set(values.filter((value) => value !== null))].sort();
  const places = new Map(levels.map((level, k) => [level, k]));
  return { kind: "category", levels, codes: Int32Array.from(values, (value) => places.get(value ?? "") ?? -1) } as const;
}

function targetName(table: Table, { target }: StepOf<"encode">, context: StepContext): string {
  const name = target ?? context.target;
  if (name === undefined) throw new DataError(`${context.who}: the method target needs a target column`);
  columnsFor(table, [name], context);
  return name;
}

/** The target as numbers, or as class codes of its sorted labels. */
function targetValues(who: string, table: Table, name: string): { y: Float64Array; classes: number } {
  const column = table.column(name);
  const labels = labelsOf(column);
  const missing = labels.indexOf(null);
  if (missing >= 0)
    throw new DataError(`${who}: target "${name}" is missing in row ${missing}; drop the rows without a target first`);
  if (column.kind === "number" || column.kind === "datetime") return { y: column.values, classes: 0 };
  const classes = [...new Set(labels)].sort((a, b) => (a! < b! ? -1 : 1));
  const places = new Map(classes.map((label, k) => [label, k]));
  return { y: Float64Array.from(labels, (label) => places.get(label)!), classes: classes.length };
}

function quietContext(classes: number) {
  return makeContext(
    { classes, weights: undefined },
    1,
    () => false,
    () => {},
  );
}

/** What the steps above fit: nothing else is taken from a stored recipe. */
const known = new Set(
  [
    ...Object.values(scalers),
    ...[kBinsDiscretizer, oneHotEncoder, ordinalEncoder, labelEncoder, frequencyEncoder, targetEncoder],
  ].map((make) => make.estimator),
);

/** Whether a loaded value is a transformer that a step has fitted, its state by its own rule. */
function isFitted(value: unknown): boolean {
  const { task, name, params, columns, state } = (value ?? {}) as Partial<Fitted>;
  if (task !== "transform" || !known.has(String(name)) || !inputColumn().safeParse(columns).success) return false;
  try {
    const definition = definitionOf({ task, name: name! });
    parseParams(name!, definition.params, params);
    definition.check?.(state, 1);
    return true;
  } catch {
    return false;
  }
}

const inputColumn = once(() => z.array(z.strictObject({ name: z.string(), levels: z.array(z.string()).optional() })).length(1));
