import type { TableLike } from "../base/columns.ts";
import type { ClassifierModel, MatrixInput } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { readPredict } from "../base/inputs.ts";
import { definitionOf } from "../base/registry.ts";
import { checkPredict } from "../base/run.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { type LinearSvcState, linearDecisions } from "./linear-svc.ts";
import { eachDecision, eachPair, type SvcState } from "./svc.ts";

/** How decision values are given. */
export interface DecisionOptions {
  /** For `svc` and more than two classes: one column for each pair of classes and not for each class; default false. */
  readonly pairs?: boolean;
}

/**
 * Decision values of a support vector classifier: for two classes one column, positive for the second; for more one column a class, the
 * largest is predicted (`svc`: votes of the pairs, and the sum of their values squeezed below half a vote). Throws DataError for any other model.
 * O(n m d). Oracle: sklearn's decision_function.
 */
export function decisionFunction(
  model: ClassifierModel<unknown, unknown>,
  data: TableLike | MatrixInput,
  { pairs = false }: DecisionOptions = {},
): Matrix {
  const { x } = readPredict(`${model.name}.decisionFunction`, model.columns, data);
  checkPredict(definitionOf(model), model, x);
  if (model.name === "svm") return kernelDecisions(x, model.state as SvcState, pairs);
  if (model.name === "linear_svm") return linearDecisions(x, model.state as LinearSvcState);
  throw new DataError(`decisionFunction: needs a model of svc or linearSVC, got ${model.name}`);
}

function kernelDecisions(x: Matrix, state: SvcState, pairs: boolean): Matrix {
  const k = state.classes;
  const columns = k === 2 ? 1 : pairs ? state.rho.length : k;
  const data = new Float64Array(x.rows * columns);
  const sums = new Float64Array(k);
  eachDecision(x, state, (decisions, i) => {
    const out = data.subarray(i * columns, (i + 1) * columns);
    if (k === 2) out[0] = -decisions[0]!;
    else if (pairs) out.set(decisions);
    else {
      sums.fill(0);
      eachPair(k, (a, b, p) => {
        out[decisions[p]! >= 0 ? a : b]!++;
        sums[a]! += decisions[p]!;
        sums[b]! -= decisions[p]!;
      });
      for (let c = 0; c < k; c++) out[c]! += sums[c]! / (3 * (Math.abs(sums[c]!) + 1));
    }
  });
  return { rows: x.rows, columns, data };
}
