import type { FitContext } from "../base/contract.ts";
import { minimise } from "../numeric/lbfgs.ts";
import { getWeights, type Network, setWeights, squaredWeights, type Weights } from "./network.ts";
import { diverged, learn, type Trained, type TrainingData, type TrainingParams } from "./training.ts";

/** Trains by L-BFGS: every step sees all rows. O(n · weights) a step. */
export function byLbfgs(
  network: Network,
  data: TrainingData,
  { alpha, maxIter, tol }: TrainingParams,
  start: Weights,
  { checkpoint }: Pick<FitContext, "checkpoint">,
): Trained {
  const { n } = network;
  const order = new Uint32Array(network.buffer, network.order, n);
  for (let i = 0; i < n; i++) order[i] = i;
  const curve: number[] = [];
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    setWeights(network, unpack(point, start));
    const { loss, total } = learn(network, data, order, 0, n, checkpoint);
    const { coefs, intercepts } = getWeights(network, "gradient");
    pack(coefs, intercepts, gradient);
    let at = 0;
    for (const coef of coefs) for (let k = 0; k < coef.length; k++, at++) gradient[at]! += alpha * point[at]!;
    for (let k = 0; k < gradient.length; k++) gradient[k]! /= total;
    return (loss + 0.5 * alpha * squaredWeights(network)) / total;
  };
  const packed = new Float64Array([...start.coefs, ...start.intercepts].reduce((sum, { length }) => sum + length, 0));
  pack(start.coefs, start.intercepts, packed);
  const found = minimise(objective, packed, {
    maxIter,
    tol,
    onStep: (step, loss) => {
      curve.push(loss);
      checkpoint(step, maxIter, { loss });
    },
  });
  if (!Number.isFinite(found.value)) throw diverged(found.value);
  const { iterations, converged } = found;
  return {
    ...unpack(found.point, start),
    lossCurve: Float64Array.from(curve),
    validationScores: new Float64Array(0),
    iterations,
    converged,
  };
}

function pack(coefs: Weights["coefs"], intercepts: Weights["intercepts"], out: Float64Array): void {
  let at = 0;
  for (const part of [...coefs, ...intercepts]) {
    out.set(part, at);
    at += part.length;
  }
}

/** Weights of the same shapes from one vector: all coefficients, then all intercepts. */
function unpack(vector: Float64Array, { coefs, intercepts }: Weights): Weights {
  let at = 0;
  const take = ({ length }: { readonly length: number }): Float64Array => vector.slice(at, (at += length));
  return { coefs: coefs.map(take), intercepts: intercepts.map(take) };
}
