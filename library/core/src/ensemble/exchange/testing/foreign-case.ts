import type { ClassifierModel, PredictorModel } from "../../../base/contract.ts";
import { type Matrix, matrix } from "../../../numeric/matrix.ts";
import type { BoostedTrees } from "../../boosting/boosted-trees.ts";
import { applyLink, rawScores } from "../../boosting/predict.ts";

/** A fixture: a model's file, rows (null is missing), and what its library answers for them. */
export interface ForeignCase {
  /** LightGBM's text, XGBoost's JSON, or base64 of a binary format. */
  readonly model: string;
  readonly x: readonly (readonly (number | null)[])[];
  /** Sums of the trees. */
  readonly raw: readonly number[] | readonly (readonly number[])[];
  readonly predicted: readonly number[] | readonly (readonly number[])[];
}

/** The bytes of a fixture's file. */
export function bytesOf(model: string): Uint8Array {
  return /^(tree|\{)/.test(model) ? new TextEncoder().encode(model) : Uint8Array.from(Buffer.from(model, "base64"));
}

/** The rows, NaN where missing. */
export function rowsOf(x: ForeignCase["x"]): Matrix {
  return matrix(x.map((row) => row.map((value) => value ?? Number.NaN)));
}

/** Sums of the trees (n × k). */
export function sumsOf(model: PredictorModel, x: Matrix): Float64Array {
  return rawScores(model.state as BoostedTrees, x);
}

/** What a model answers in the form that its library has: codes of classes, probability of the second class, all classes, or numbers. */
export function answersOf(model: PredictorModel, x: Matrix, form: ForeignCase["predicted"]): ArrayLike<number> {
  const state = model.state as BoostedTrees;
  if (model.task !== "classification") return state.outputs > 1 ? applyLink(state, rawScores(state, x)) : model.predict(x);
  const { data, columns } = (model as ClassifierModel).predictProba(x);
  if (Array.isArray(form[0])) return data;
  if (columns > 2) return model.predict(x) as number[];
  return data.filter((_, k) => k % 2 === 1);
}

/** Largest distance of two lists of numbers, in units of 1 + |wanted|; Infinity where their lengths differ. */
export function farthest(got: ArrayLike<number>, wanted: ForeignCase["raw"]): number {
  const flat = wanted.flat() as number[];
  if (got.length !== flat.length) return Infinity;
  return flat.reduce((most, value, k) => Math.max(most, Math.abs(got[k]! - value) / (1 + Math.abs(value))), 0);
}
