import { DataError, ShapeError } from "../base/errors.ts";
import type { Direction, EndState, TrialEnd } from "./storage.ts";
import { type Trial, TrialPruned } from "./trial.ts";

/** What an objective gives: a value, or one an objective in the order of the directions. */
export type ObjectiveResult = number | readonly number[];

/** How a trial ends that gave a result: completed, or failed where the result is none. */
export function endOf(trial: Pick<Trial, "number">, result: unknown, directions: readonly Direction[]): TrialEnd {
  const values: readonly unknown[] = Array.isArray(result) ? result : [result];
  const problem = problemOf(trial.number, values, directions.length);
  return problem ? failedBy(problem) : { state: "completed", values: values as number[] };
}

/** How a trial ends whose objective threw: pruned with its last report, or failed. */
export function endOfThrown(trial: Pick<Trial, "intermediate">, thrown: unknown, directions: readonly Direction[]): TrialEnd {
  if (!(thrown instanceof TrialPruned)) return failedBy(thrown);
  const last = trial.intermediate.at(-1)?.[1] ?? Number.NaN;
  return { state: "pruned", values: directions.length === 1 && !Number.isNaN(last) ? [last] : null };
}

/** How a trial that was asked for ended without a value. */
export interface ToldState {
  readonly state: Exclude<EndState, "completed">;
  readonly error?: string;
}

/** How a trial ends that was told of without a value: as pruned with its last report, or failed. */
export function endOfTold(
  trial: Pick<Trial, "intermediate">,
  { state, error }: ToldState,
  directions: readonly Direction[],
): TrialEnd {
  if (state === "pruned") return endOfThrown(trial, new TrialPruned(), directions);
  return { state, values: null, error: error ?? null };
}

/** A failed end with the reason in one line; the error itself goes along for whoever counts failures. */
export function failedBy(thrown: unknown): TrialEnd & { readonly thrown: unknown } {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  const end = { state: "failed", values: null, error: text.slice(0, 2000) } as const;
  return Object.defineProperty(end, "thrown", { value: thrown, enumerable: false }) as typeof end & { readonly thrown: unknown };
}

function problemOf(number: number, values: readonly unknown[], wanted: number): Error | undefined {
  const bad = values.find((value) => typeof value !== "number");
  if (values.some((value) => typeof value !== "number"))
    return new DataError(
      `trial ${number}: the objective must give ${wanted === 1 ? "a number" : `${wanted} numbers`}, got ${typeof bad}`,
    );
  if (values.length !== wanted)
    return new ShapeError(`trial ${number}: the study has ${wanted} directions but the objective gave ${values.length} values`);
  return values.some(Number.isNaN) ? new DataError(`trial ${number}: the objective gave NaN`) : undefined;
}
