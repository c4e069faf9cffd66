import type { Matrix } from "../numeric/matrix.ts";
import type { TableLike } from "./columns.ts";
import type { Fitted, MatrixInput } from "./contract.ts";
import { DataError } from "./errors.ts";
import { readPredict } from "./inputs.ts";
import { definitionOf } from "./registry.ts";
import { checkPredict } from "./run.ts";

/**
 * Rows as a model's own `predict` takes them, for functions that ask a model something else: table columns by name, numbers and values
 * checked. `names` are the estimators whose models the function takes. Throws DataError or ShapeError.
 */
export function modelRows(who: string, names: readonly string[], model: Fitted, data: TableLike | MatrixInput): Matrix {
  if (!names.includes(model?.name)) throw new DataError(`${who}: needs a model of ${names.join(" or ")}, got ${model?.name}`);
  const { x } = readPredict(`${model.name}.${who}`, model.columns, data);
  checkPredict(definitionOf(model), model, x);
  return x;
}
