import type { TableLike } from "../base/columns.ts";
import type { ClassifierModel, MatrixInput, RegressorModel } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { modelRows } from "../base/model-rows.ts";
import type { KnnState } from "./knn.ts";
import { nearest, type SearchParams } from "./search.ts";

/** The nearest training rows of each asked row, nearest first. */
export interface KNeighbors {
  /** Neighbours of each row k; place [i, n] of the arrays is i · k + n. */
  readonly k: number;
  /** Distances (rows × k). */
  readonly distances: Float64Array;
  /** Row numbers in the training data (rows × k). */
  readonly indices: Int32Array;
}

/**
 * The k nearest training rows of a knn model, and their distances. Costs as a prediction. `nNeighbors` defaults to the model's own.
 * Throws ParamsError for more neighbours than training rows.
 *
 * @example
 * const model = await ml.knnClassifier().fit(train, { target: "species" });
 * ml.kneighbors(model, test, { nNeighbors: 3 }).indices;
 */
export function kneighbors(
  model: ClassifierModel<unknown, KnnState> | RegressorModel<unknown, KnnState>,
  data: TableLike | MatrixInput,
  { nNeighbors }: { readonly nNeighbors?: number } = {},
): KNeighbors {
  const x = modelRows("kneighbors", ["knn"], model, data);
  const { state, params } = model;
  const k = nNeighbors ?? (params["nNeighbors"] as number);
  if (!Number.isInteger(k) || k < 1 || k > state.rows.length)
    throw new ParamsError(`kneighbors: nNeighbors must be a whole number from 1 to ${state.rows.length}, got ${k}`);
  const { distances, rows } = nearest(state, params as unknown as SearchParams, x, k);
  return { k, distances, indices: rows.map((row) => state.rows[row]!) };
}
