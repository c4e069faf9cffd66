import { z } from "zod";
import type { Matrix } from "../numeric/matrix.ts";
import type {
  ClassifierFactory,
  FactoryInfo,
  FitContext,
  FitOptions,
  Fitted,
  Importance,
  Plain,
  RankerFactory,
  RegressorFactory,
  Spec,
  Task,
  TransformerFactory,
} from "./contract.ts";
import { display, observerFor, render, signalFor } from "./display.ts";
import { DataError } from "./errors.ts";
import { type FitInput, readFit } from "./inputs.ts";
import { modelOf } from "./model.ts";
import { once } from "./once.ts";
import { parseParams } from "./params.ts";
import { fitOnPool } from "./pool.ts";
import { type Definition, define, definitionOf, isShipped, type TargetColumn } from "./registry.ts";
import { fitSlices } from "./run.ts";
import { assemble, makeContext } from "./worker.ts";

/** What every algorithm says of itself. */
interface Common<In, P, S> {
  /** Name over HTTP, in the database and in forms. */
  readonly name: string;
  /** Schema of the parameters, or what makes it when it is first asked for. */
  readonly params: z.ZodType<P, In> | (() => z.ZodType<P, In>);
  /** Whether NaN is accepted; default false. */
  readonly missing?: boolean;
  /** Whether columns of category codes are accepted; default false. */
  readonly categories?: boolean;
  /** Learns from rows x (n × d) and y (n: numbers, or class codes); a generator may pause at each yield. */
  fit(x: Matrix, y: Float64Array, params: P, context: FitContext): (S & Plain<S>) | Generator<void, S & Plain<S>>;
  /** Importance of each input column (d), or of columns it names itself. */
  importances?(state: S, params: P): Float64Array | readonly Importance[] | undefined;
  /** Throws StoreError when a loaded state cannot be one of this algorithm on so many columns, for so many classes (0 outside classification, undefined where unknown). */
  check?(state: S, columns: number, classes?: number): void;
  /** Reads the arguments of `fit` where they are of another kind than a table or a matrix. */
  readFit?(spec: Spec, data: never, second: unknown, third: unknown): FitInput;
  /** Reads the rows to predict, as `readFit`. */
  readRows?(who: string, fitted: Fitted, data: never): Matrix;
  /** Column and task of each target of a specification that predicts several, the first being that of the fit; undefined where it predicts one. */
  targets?(spec: Spec, target: string | undefined): readonly TargetColumn[] | undefined;
}

/** Defines a regressor: predicts a number for each row. */
export function regressor<In, P, S>(
  definition: Common<In, P, S> & { predict(x: Matrix, state: S, params: P): Float64Array },
): RegressorFactory<In, P, S> {
  return factory("regression", definition) as RegressorFactory<In, P, S>;
}

/** Defines a classifier: gives each row a probability for every class, or a class code. */
export function classifier<In, P, S>(
  definition: Common<In, P, S> &
    ({ predictProba(x: Matrix, state: S, params: P): Matrix } | { predict(x: Matrix, state: S, params: P): Float64Array }),
): ClassifierFactory<In, P, S> {
  return factory("classification", definition) as ClassifierFactory<In, P, S>;
}

/** Defines a ranker: gives each row a score that orders the rows of its query. */
export function ranker<In, P, S>(
  definition: Common<In, P, S> & { predict(x: Matrix, state: S, params: P): Float64Array },
): RankerFactory<In, P, S> {
  return factory("ranking", definition) as RankerFactory<In, P, S>;
}

/** Defines a transformer: turns rows into rows with named columns. */
export function transformer<In, P, S>(
  definition: Common<In, P, S> & {
    transform(x: Matrix, state: S, params: P): Matrix;
    /** What `transform` gives, written to columns start … of rows that are `stride` wide and hold zeros. */
    transformInto?(x: Matrix, state: S, params: P, out: Float64Array, start: number, stride: number): void;
    inverse?(x: Matrix, state: S, params: P): Matrix;
    /** The rows of the fit as later steps of a pipeline see them, where that differs from `transform` (cross-fitting). */
    transformTraining?(x: Matrix, y: Float64Array, state: S, params: P, context: FitContext): Matrix;
  },
): TransformerFactory<In, P, S> {
  return factory("transform", definition) as TransformerFactory<In, P, S>;
}

/** Defines a recommender: orders items for a user. It reads interactions in place of rows, and says what its models can do. */
export function recommending<In, P, S>(
  definition: Common<In, P, S> & Required<Pick<Definition, "methods" | "readFit">>,
): FactoryInfo & ((params?: In) => Spec) {
  return factory("recommendation", definition) as FactoryInfo & ((params?: In) => Spec);
}

function factory(task: Task, given: { readonly name: string; readonly params: z.ZodType | (() => z.ZodType) }): unknown {
  const { name, params } = given;
  const schema = typeof params === "function" ? once(params) : () => params;
  const definition = {
    missing: false,
    categories: false,
    ...given,
    task,
    get params() {
      return schema();
    },
  };
  define(definition as unknown as Definition);
  const make = (params: unknown): Spec => estimator(task, name, parseParams(name, schema(), params));
  return Object.assign(make, {
    task,
    estimator: name,
    jsonSchema: () => withoutHidden(z.toJSONSchema(schema(), { io: "input", unrepresentable: "any" })),
  });
}

/** Parameters that JSON cannot say (functions) are marked hidden. */
function withoutHidden(schema: z.core.JSONSchema.BaseSchema): Record<string, unknown> {
  const shown = Object.entries(schema.properties ?? {}).filter(([, property]) => !(property as { hidden?: boolean }).hidden);
  return { ...schema, ...(schema.properties && { properties: Object.fromEntries(shown) }) };
}

const behaviour = {
  fit(this: Spec, data: never, second: unknown, third: unknown): Promise<unknown> {
    return fit(this, data, second, third);
  },
  [display](this: Spec): unknown {
    return render("estimator", this);
  },
};

/** Plain own data, so that it prints, posts and stores as JSON; behaviour on the prototype. */
function estimator(task: Task, name: string, params: Readonly<Record<string, unknown>>): Spec {
  return Object.freeze(Object.assign(Object.create(behaviour), { task, name, params })) as Spec;
}

/** An estimator from its JSON; parameters are checked again. Throws ParamsError. */
export function estimatorFromSpec<T = Spec & { fit(...args: unknown[]): Promise<unknown> }>(spec: Spec): T {
  return estimator(spec.task, spec.name, parseParams(spec.name, definitionOf(spec).params, spec.params)) as T;
}

async function fit(spec: Spec, data: never, second: unknown, third: unknown): Promise<unknown> {
  const read = (definitionOf(spec).readFit ?? readFit)(spec, data, second, third);
  const observer = observerFor(spec, read.options.observer);
  const signal = signalFor(read.options.signal);
  const options: FitOptions = { ...read.options, ...(observer && { observer }), ...(signal && { signal }) };
  const fitted = isShipped(spec) ? await fitOnPool(spec, read.input, options) : await fitHere(spec, read, options);
  observer?.done?.();
  return modelOf(definitionOf(spec), { ...fitted, target: read.target, classes: read.classes });
}

/** For estimators that no worker can load: on this thread, 15 ms at a time where fit is a generator. */
async function fitHere(spec: Spec, { input }: FitInput, options: FitOptions): Promise<Fitted> {
  if (options.signal?.aborted) throw options.signal.reason;
  const isAborted = (): boolean => options.signal?.aborted ?? false;
  const context = makeContext(input, 1, isAborted, (progress) => options.observer?.progress?.(progress));
  const slices = fitSlices(spec, assemble(input.x), input.y, context);
  for (;;) {
    for (const until = performance.now() + 15; performance.now() < until; ) {
      context.checkpoint();
      const slice = slices.next();
      if (slice.done) {
        context.tellLast();
        return slice.value;
      }
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Throws DataError for anything but a model of this library. */
export function assertModel(who: string, value: unknown): asserts value is Fitted {
  if (typeof (value as Fitted | null)?.state === "undefined" || !Array.isArray((value as Fitted).columns))
    throw new DataError(
      `${who}: needs a fitted model, got ${typeof value === "object" ? JSON.stringify(value)?.slice(0, 60) : typeof value}`,
    );
}
