import type { Matrix } from "../numeric/matrix.ts";
import type { TableLike } from "./columns.ts";
import type { Crew } from "./crew.ts";

/** What an estimator learns to do. */
export type Task = "regression" | "classification" | "ranking" | "recommendation" | "transform";

/** What a classifier predicts: the labels it was given. */
export type Label = string | number | boolean;

/** Arrays that a model's state may hold. */
export type TypedArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array;

type PlainValue = number | string | boolean | null | undefined | TypedArray;

/** S when S is plain data all through; functions, Maps, Dates and classes with methods become `never`. */
export type Plain<S> = unknown extends S
  ? S
  : S extends PlainValue
    ? S
    : S extends (...args: never) => unknown
      ? never
      : { [K in keyof S]: Plain<S[K]> };

/** An estimator as JSON: what is stored, sent to workers, put into jobs. */
export interface Spec {
  readonly task: Task;
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** One input column that a model was fitted on: its name, and its levels where it held a category. */
export interface InputColumn {
  readonly name: string;
  readonly levels?: readonly string[] | undefined;
}

/** A model as plain data: what the codec stores and threads exchange. */
export interface Fitted<S = unknown> extends Spec {
  /** Input columns in order (d). */
  readonly columns: readonly InputColumn[];
  /** Name of the target, where the fit was on a table. */
  readonly target?: string | undefined;
  /** Labels in sorted order (k), for classification. */
  readonly classes?: readonly Label[] | undefined;
  readonly state: S;
}

/** How far a fit has come. */
export interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly elapsedMs: number;
}

/**
 * Is told of progress: of every step that has metrics, in order, those of a tenth of a second together; of steps without metrics at most 10 times a second.
 * The last event is always told. Of more than a thousand steps in a tenth of a second the rest is left out.
 */
export interface Observer {
  progress?(event: Progress): void;
  /** The fit has ended well, be it before its last step, as one that converged. */
  done?(): void;
}

/** A fit that is not finished, as plain data: all that its algorithm needs to go on, on the same rows with the same parameters. */
export interface Snapshot {
  /** Steps done, of so many. */
  readonly step: number;
  readonly steps: number;
  /** The algorithm's own; arrays are copies. */
  readonly state: unknown;
}

/** How a fit keeps what it has. */
export interface SnapshotOptions {
  /** Milliseconds from one to the next; default 30,000. */
  readonly everyMs?: number;
  /** When it fires, one is taken at the next step. */
  readonly soon?: AbortSignal;
  /** The one to go on from: the model has the same bits as that of a fit without a break. */
  readonly from?: Snapshot | undefined;
  /** Is given each. */
  take(snapshot: Snapshot): void;
}

/** Options of every fit. */
export interface FitOptions {
  /** Ends the fit within 100 ms with an AbortError. */
  readonly signal?: AbortSignal;
  readonly observer?: Observer;
  /** Threads at most; default all of `poolSize()`. The result does not depend on it. */
  readonly threads?: number;
  /** A model of the same estimator on the same columns to go on from, where the algorithm can (boosting). */
  readonly warmStart?: Fitted;
  /** Keeps the fit's state as it goes on, where the algorithm can (boosting, forests, neural networks, and pipelines that end in one). */
  readonly snapshots?: SnapshotOptions;
}

/** Which columns of a table play which part. */
export interface TableTask {
  /** The column to predict. */
  readonly target: string;
  /** The columns to predict from; default all but target, weight, group and time. */
  readonly features?: readonly string[];
  /** A column of row weights ≥ 0. */
  readonly weight?: string;
  /** A column whose equal values belong together in splits. */
  readonly group?: string;
  /** A column that orders the rows in splits. */
  readonly time?: string;
}

/** Options of a fit on a table. */
export interface TableOptions extends FitOptions, TableTask {}

/** Options of a fit on arrays. */
export interface ArrayOptions extends FitOptions {
  /** Row weights ≥ 0 (n). */
  readonly weights?: ArrayLike<number>;
  /** Column names (d). */
  readonly columns?: readonly string[];
  /** For a ranker: which query each row belongs to (n). */
  readonly groups?: ArrayLike<Label>;
}

/** Accepted in place of a matrix: rows of numbers. */
export type MatrixInput = Matrix | readonly (readonly number[])[];

/** Keeps the state of a fit for another to go on from. */
export interface FitSnapshots {
  /** The state to go on from, as `keep` was given it; undefined at a new beginning. */
  readonly from: unknown;
  /** To be called after each step: calls `make` for a state of fresh or frozen arrays when it is time for one. */
  keep(step: number, steps: number, make: () => unknown): void;
}

/** One target of an estimator of several outputs. */
export interface ReadTarget {
  /** Numbers, or class codes (n). */
  readonly values: Float64Array;
  /** Labels in sorted order (k), for classes. */
  readonly classes?: readonly Label[] | undefined;
}

/** What an algorithm's `fit` may ask of its surroundings. */
export interface FitContext {
  /** Number of classes; 0 outside classification. */
  readonly classes: number;
  /** Row weights (n), or undefined when all are 1. */
  readonly weights: Float64Array | undefined;
  /** All targets, for estimators of several outputs; undefined where there is y alone. */
  readonly targets?: readonly ReadTarget[] | undefined;
  /** Number of each row's query, in the order of first appearance (n); for rankers. */
  readonly groups: Int32Array | undefined;
  /** The model to go on from; its state is this algorithm's. */
  readonly warmStart: Fitted | undefined;
  /** Where the fit's state is kept as it goes on, when somebody asked for it; undefined for the parts of a composite. */
  readonly snapshots: FitSnapshots | undefined;
  /** Threads that `parallel` uses at most. */
  readonly threads: number;
  /** Call at least every 50 ms: throws when aborted; tells observers of each step with metrics, else 10 times a second. */
  checkpoint(step?: number, steps?: number, metrics?: Readonly<Record<string, number>>): void;
  /**
   * Runs the pieces 0 … count − 1 of a named work (`defineWork`) on all threads and gives their results in order.
   * `shared` goes to each thread once: plain data, large arrays in shared memory. `done` hears how many pieces are finished.
   */
  parallel<R>(work: string, shared: unknown, count: number, done?: (finished: number) => void): R[];
  /** All threads as one crew over shared memory (`defineCrew`), for operations of microseconds; end it in a `finally`. At most `threads` of them. */
  crew(name: string, shared: unknown, threads?: number): Crew;
}

/** One feature's share in a model's predictions; shares sum to 1. */
export interface Importance {
  readonly feature: string;
  readonly importance: number;
}

interface Model<P, S> extends Fitted<S> {
  readonly params: Readonly<P & Record<string, unknown>>;
  /** Importance of each input column, largest first; undefined where the algorithm has none. */
  importances(): readonly Importance[] | undefined;
}

/** A fitted regressor. */
export interface RegressorModel<P = unknown, S = unknown> extends Model<P, S> {
  readonly task: "regression";
  /** Predicted values (n). Rows: a table (`ml.table` makes one of row objects), whose columns are found by name, or numbers. */
  predict(x: MatrixInput | TableLike): Float64Array;
}

/** A fitted classifier. */
export interface ClassifierModel<P = unknown, S = unknown, L extends Label = Label> extends Model<P, S> {
  readonly task: "classification";
  readonly classes: readonly L[];
  /** Most probable label of each row (n). Rows: a table (`ml.table` makes one of row objects), whose columns are found by name, or numbers. */
  predict(x: MatrixInput | TableLike): L[];
  /** Probability of each class (n × k), columns in the order of `classes`. */
  predictProba(x: MatrixInput | TableLike): Matrix;
}

/** A fitted ranker. */
export interface RankerModel<P = unknown, S = unknown> extends Model<P, S> {
  readonly task: "ranking";
  /** A score for each row (n): within a query the larger comes first. */
  predict(x: MatrixInput | TableLike): Float64Array;
}

/** A fitted transformer. */
export interface TransformerModel<P = unknown, S = unknown> extends Model<P, S> {
  readonly task: "transform";
  /** Transformed rows (n × d'), columns named. */
  transform(x: MatrixInput | TableLike): Matrix;
  /** The rows that `transform` would turn into these. Throws DataError where there is no way back. */
  inverseTransform(x: MatrixInput): Matrix;
}

/** Any fitted model that predicts. */
export type PredictorModel = RegressorModel | ClassifierModel;

/** An immutable specification of a regressor; `fit` gives a model. */
export interface Regressor<P = unknown, S = unknown> extends Spec {
  readonly task: "regression";
  readonly params: Readonly<P & Record<string, unknown>>;
  /** The same on arrays: x (n × d) and a number for each row (n). */
  fit(x: MatrixInput, y: ArrayLike<number>, options?: ArrayOptions): Promise<RegressorModel<P, S>>;
  /** Learns to predict the column `target` from the `features`, by default all other columns, on worker threads. Throws ParamsError, ShapeError, DataError. */
  fit(table: TableLike, options: TableOptions): Promise<RegressorModel<P, S>>;
}

/** An immutable specification of a classifier; `fit` gives a model. */
export interface Classifier<P = unknown, S = unknown> extends Spec {
  readonly task: "classification";
  readonly params: Readonly<P & Record<string, unknown>>;
  /** The same on arrays: x (n × d) and a label for each row (n). */
  fit<L extends Label>(x: MatrixInput, y: ArrayLike<L>, options?: ArrayOptions): Promise<ClassifierModel<P, S, L>>;
  /** Learns to predict the labels of the column `target` from the `features`, by default all other columns, on worker threads. Throws ParamsError, ShapeError, DataError. */
  fit(table: TableLike, options: TableOptions): Promise<ClassifierModel<P, S>>;
}

/** An immutable specification of a ranker; `fit` gives a model. Rows of one query share the value of the `group` column, or of `groups`. */
export interface Ranker<P = unknown, S = unknown> extends Spec {
  readonly task: "ranking";
  readonly params: Readonly<P & Record<string, unknown>>;
  /** The same on arrays: x (n × d), a grade for each row (n), and its query. */
  fit(
    x: MatrixInput,
    y: ArrayLike<number>,
    options: ArrayOptions & { readonly groups: ArrayLike<Label> },
  ): Promise<RankerModel<P, S>>;
  /** Learns to order rows by the column `target` within the queries of the column `group`. Throws ParamsError, ShapeError, DataError. */
  fit(table: TableLike, options: TableOptions & { readonly group: string }): Promise<RankerModel<P, S>>;
}

/** An immutable specification of a transformer; `fit` gives a model. */
export interface Transformer<P = unknown, S = unknown> extends Spec {
  readonly task: "transform";
  readonly params: Readonly<P & Record<string, unknown>>;
  /** The same on arrays: x (n × d). */
  fit(x: MatrixInput, y?: ArrayLike<number> | undefined, options?: ArrayOptions): Promise<TransformerModel<P, S>>;
  /** Learns from the `features`, by default all columns but the target. Throws ParamsError, ShapeError, DataError. */
  fit(table: TableLike, options?: Partial<TableOptions>): Promise<TransformerModel<P, S>>;
}

/** What a factory says of its estimator. */
export interface FactoryInfo {
  readonly task: Task;
  /** Name over HTTP and in the database. */
  readonly estimator: string;
  /** JSON Schema of the parameters, with title, description, default, bounds and `search` (the scale to tune on). */
  jsonSchema(): Record<string, unknown>;
}

/** Makes a regressor of checked parameters. Throws ParamsError. */
export interface RegressorFactory<In, P, S> extends FactoryInfo {
  (params?: In): Regressor<P, S>;
}

/** Makes a classifier of checked parameters. Throws ParamsError. */
export interface ClassifierFactory<In, P, S> extends FactoryInfo {
  (params?: In): Classifier<P, S>;
}

/** Makes a ranker of checked parameters. Throws ParamsError. */
export interface RankerFactory<In, P, S> extends FactoryInfo {
  (params?: In): Ranker<P, S>;
}

/** Makes a transformer of checked parameters. Throws ParamsError. */
export interface TransformerFactory<In, P, S> extends FactoryInfo {
  (params?: In): Transformer<P, S>;
}
