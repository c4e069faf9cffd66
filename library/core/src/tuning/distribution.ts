/** A value that a parameter can take: plain JSON. */
export type ParamValue = number | string | boolean | null;

/** One trial's parameters by name. */
export type TrialParams = Readonly<Record<string, ParamValue>>;

/** Numbers between two bounds, both included. */
export interface FloatDistribution {
  readonly type: "float";
  readonly low: number;
  readonly high: number;
  /** Uniform in the logarithm; low must be above 0, and there is no step. */
  readonly log?: boolean;
  /** Only low, low + step, low + 2 step … */
  readonly step?: number;
}

/** Whole numbers between two bounds, both included. */
export interface IntDistribution {
  readonly type: "int";
  readonly low: number;
  readonly high: number;
  /** Uniform in the logarithm; low must be at least 1, and the step 1. */
  readonly log?: boolean;
  /** Only low, low + step, low + 2 step …; default 1. */
  readonly step?: number;
}

/** One of a list of choices, without an order. */
export interface CategoricalDistribution {
  readonly type: "categorical";
  readonly choices: readonly ParamValue[];
}

/** Where one parameter's values come from: plain JSON. */
export type Distribution = FloatDistribution | IntDistribution | CategoricalDistribution;

/** Asked for only where other parameters, named before, have these values (one, or one of several). */
export interface Condition {
  readonly when?: Readonly<Record<string, ParamValue | readonly ParamValue[]>>;
}

/** Parameters to search over, by name: plain JSON, so that forms, HTTP and the database carry it. */
export type Space = Readonly<Record<string, Distribution & Condition>>;
