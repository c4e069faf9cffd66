import { z } from "zod";
import { StoreError } from "../base/errors.ts";
import { regressor } from "../base/estimator.ts";
import { eachKernelRow, type Kernel, kernelOf } from "./kernel.ts";
import { solveDual } from "./solve-dual.ts";
import { solverParams } from "./svc.ts";

/** What support vector regression learns. */
export interface SvrState {
  /** Rows of the training that lie on or outside the tube (m × d). */
  readonly supportVectors: Float64Array;
  /** Their places in the training table (m). */
  readonly support: Int32Array;
  /** Their weights (m). */
  readonly dualCoef: Float64Array;
  /** The prediction is Σ βᵢ K(xᵢ, x) + intercept. */
  readonly intercept: number;
  readonly kernel: Kernel;
  /** Steps that the solver took. */
  readonly iterations: number;
  /** Whether it reached the tolerance before `maxIter`. */
  readonly converged: boolean;
}

/**
 * Support vector regression: the flattest function in the kernel's space with most rows inside a tube of half width ε.
 * Minimises ½‖w‖² + C Σ wᵢ max(0, |yᵢ − f(xᵢ)| − ε) in its dual by sequential minimal optimisation. Needs columns of one scale.
 * O(n² d) to O(n³). Source: Drucker et al. (1997), NIPS 9; Chang & Lin (2011), LIBSVM, ACM TIST 2(3). Oracle: sklearn.svm.SVR.
 */
export const svr = regressor({
  name: "svm",
  params: () =>
    z.strictObject({
      ...solverParams(),
      epsilon: z
        .number()
        .min(0)
        .default(0.1)
        .meta({ title: "ε", description: "Errors up to it cost nothing, in units of y.", search: "log" }),
    }),
  fit(x, y, params, { weights, checkpoint }): SvrState {
    const rows = Int32Array.from(y.keys()).filter((i) => (weights?.[i] ?? 1) > 0);
    const kernel = kernelOf("svm.fit", x, rows, params);
    const high = Float64Array.from(rows, (i) => params.c * (weights?.[i] ?? 1));
    const problem = {
      x,
      rows,
      target: Float64Array.from(rows, (i) => y[i]!),
      low: high.map((price) => -price),
      high,
      epsilon: params.epsilon,
      kernel,
    };
    const { beta, rho, iterations, converged } = solveDual("svm.fit", problem, params, (step, gap) =>
      step === undefined ? checkpoint() : checkpoint(step, 0, { gap: gap! }),
    );
    const support = rows.filter((_, t) => beta[t] !== 0);
    const supportVectors = new Float64Array(support.length * x.columns);
    for (const [t, row] of support.entries())
      supportVectors.set(x.data.subarray(row * x.columns, (row + 1) * x.columns), t * x.columns);
    const dualCoef = beta.filter((value) => value !== 0);
    return { supportVectors, support, dualCoef, intercept: -rho, kernel, iterations, converged };
  },
  predict(x, { supportVectors, support, dualCoef, intercept, kernel }): Float64Array {
    const out = new Float64Array(x.rows);
    eachKernelRow(x, { rows: support.length, columns: x.columns, data: supportVectors }, kernel, (values, i) => {
      let sum = intercept;
      for (let t = 0; t < dualCoef.length; t++) sum += dualCoef[t]! * values[t]!;
      out[i] = sum;
    });
    return out;
  },
  check({ supportVectors, support, dualCoef }: SvrState): void {
    const m = support?.length;
    if (dualCoef?.length !== m || (m === 0 ? supportVectors?.length !== 0 : supportVectors?.length % m !== 0))
      throw new StoreError("loadModel: the support vectors of a regressor do not fit their weights");
  },
});
