import type { z } from "zod";
import type { Matrix } from "../numeric/matrix.ts";
import type { FitContext, Fitted, Importance, Spec, Task } from "./contract.ts";
import { ParamsError } from "./errors.ts";
import type { FitInput } from "./inputs.ts";

/** A column that is predicted. */
export interface TargetColumn {
  readonly column: string;
  readonly task: "classification" | "regression";
}

/** Every estimator, reduced to one shape. `predict` gives numbers or class codes; `transform` and `predictProba` a matrix. */
export interface Definition {
  readonly task: Task;
  readonly name: string;
  /** Schema of the parameters. */
  readonly params: z.ZodType;
  /** Whether NaN is accepted. */
  readonly missing: boolean;
  /** Whether columns of category codes are accepted. */
  readonly categories: boolean;
  fit(x: Matrix, y: Float64Array, params: unknown, context: FitContext): unknown;
  predict?(x: Matrix, state: unknown, params: unknown): Float64Array;
  predictProba?(x: Matrix, state: unknown, params: unknown): Matrix;
  transform?(x: Matrix, state: unknown, params: unknown): Matrix;
  /** What `transform` gives, written to columns start … of rows that are `stride` wide and hold zeros. */
  transformInto?(x: Matrix, state: unknown, params: unknown, out: Float64Array, start: number, stride: number): void;
  inverse?(x: Matrix, state: unknown, params: unknown): Matrix;
  /** The rows of the fit as later steps of a pipeline see them, where that differs from `transform` (cross-fitting). */
  transformTraining?(x: Matrix, y: Float64Array, state: unknown, params: unknown, context: FitContext): Matrix;
  /** Importance of each input column (d), or of columns it names itself; undefined when this model has none. */
  importances?(state: unknown, params: unknown): Float64Array | readonly Importance[] | undefined;
  /** Throws StoreError when a loaded state cannot be one of this estimator on so many columns. */
  check?(state: unknown, columns: number, classes?: number): void;
  /** Reads the arguments of `fit` where they are of another kind than a table or a matrix. */
  readFit?(spec: Spec, data: never, second: unknown, third: unknown): FitInput;
  /** Reads the rows to predict, as `readFit`. */
  readRows?(who: string, fitted: Fitted, data: never): Matrix;
  /** Column and task of each target of a specification that predicts several, the first being that of the fit; undefined where it predicts one. */
  targets?(spec: Spec, target: string | undefined): readonly TargetColumn[] | undefined;
  /** What its models can do, where that is neither to predict nor to transform rows. */
  methods?(fitted: Fitted): object;
}

const definitions = new Map<string, Definition>();
const shipped = new Set<Definition>();
let sealed = false;

function key({ task, name }: Pick<Spec, "task" | "name">): string {
  return `${task}/${name}`;
}

/** Adds an estimator; one that a cell defines again replaces its former self. */
export function define(definition: Definition): void {
  const former = definitions.get(key(definition));
  if (former && shipped.has(former))
    throw new ParamsError(`${definition.name}: the library has a ${definition.task} estimator of this name`);
  definitions.set(key(definition), definition);
  if (!sealed) shipped.add(definition);
}

/** The library's last statement: what is defined later lives in a cell, and no worker can load it. */
export function seal(): void {
  sealed = true;
}

/** The definition of a specification. Throws ParamsError for a name that nobody defined. */
export function definitionOf(spec: Pick<Spec, "task" | "name">): Definition {
  const definition = definitions.get(key(spec));
  if (definition) return definition;
  const known = allDefinitions()
    .filter(({ task }) => task === spec.task)
    .map(({ name }) => name);
  throw new ParamsError(`no ${spec.task} estimator "${spec.name}", there are ${known.join(", ")}`);
}

/** Whether a value is an estimator or its JSON. */
export function isSpec(value: unknown): value is Spec {
  return typeof value === "object" && value !== null && "task" in value && "name" in value && "params" in value;
}

/** Whether a worker, which has only the library, can run this whole specification. */
export function isShipped(spec: Spec): boolean {
  const walk = (value: unknown): boolean => {
    if (isSpec(value)) return isShipped(value);
    if (Array.isArray(value)) return value.every(walk);
    return typeof value === "object" && value !== null ? Object.values(value).every(walk) : true;
  };
  return shipped.has(definitionOf(spec)) && Object.values(spec.params).every(walk);
}

/** Every definition, in the order of defining. */
function allDefinitions(): readonly Definition[] {
  return [...definitions.values()];
}
