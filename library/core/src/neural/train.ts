import { random } from "../numeric/random.ts";
import { byLbfgs } from "./full-batch.ts";
import { type Activation, enterRows, openNetwork, setWeights, strideBytes, type Weights } from "./network.ts";
import { byBatches } from "./stochastic.ts";
import type { Trained, TrainingContext, TrainingData, TrainingParams } from "./training.ts";

/** Trains from given weights: by L-BFGS on all rows in 64 bits, or by steps of Adam or gradient descent on batches in 32 bits. */
export function train(data: TrainingData, params: TrainingParams, start: Weights, context: TrainingContext): Trained {
  const sizes = [data.x.columns, ...params.hiddenLayerSizes, data.outputs];
  const network = openNetwork(sizes, params.activation, params.solver === "lbfgs" ? 64 : 32, data.x.rows);
  for (let from = 0; from < data.x.rows; from += 4096) {
    context.checkpoint();
    const place = network.rows + from * strideBytes(network, data.x.columns);
    enterRows(network, data.x.data, from, Math.min(data.x.rows, from + 4096), place);
  }
  setWeights(network, start);
  return params.solver === "lbfgs" ? byLbfgs(network, data, params, start, context) : byBatches(network, data, params, context);
}

/** Uniform weights of Glorot & Bengio (2010), AISTATS, equation 16. Layer sizes begin with the inputs. */
export function initialWeights(sizes: readonly number[], activation: Activation, seed: number): Weights {
  const stream = random(seed, "neural/weights");
  const draws = sizes.slice(1).map((outputs, l) => {
    const bound = Math.sqrt((activation === "logistic" ? 2 : 6) / (sizes[l]! + outputs));
    const draw = (): number => (2 * stream.float() - 1) * bound;
    return {
      coef: Float64Array.from({ length: sizes[l]! * outputs }, draw),
      intercept: Float64Array.from({ length: outputs }, draw),
    };
  });
  return { coefs: draws.map(({ coef }) => coef), intercepts: draws.map(({ intercept }) => intercept) };
}
