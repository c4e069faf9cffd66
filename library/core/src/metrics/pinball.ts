import { ParamsError } from "../base/errors.ts";
import type { WeightOptions } from "./inputs.ts";
import { type Loss, meanLoss } from "./regression.ts";

/**
 * Mean loss of a prediction of the `alpha` quantile, in units of y. O(n). Throws ParamsError for alpha outside 0 … 1.
 * Source: Koenker & Bassett (1978), Econometrica 46(1). Oracle: sklearn.metrics.mean_pinball_loss.
 */
export function pinball(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  { alpha = 0.5, ...options }: WeightOptions & { readonly alpha?: number | undefined } = {},
): number {
  return meanLoss("pinball", yTrue, yPred, options, pinballLoss("pinball", alpha));
}

/** The pinball loss of one row. */
export function pinballLoss(who: string, alpha: number): Loss {
  if (!(alpha >= 0 && alpha <= 1)) throw new ParamsError(`${who}: alpha must be 0 … 1, got ${alpha}`);
  return (truth, prediction) => Math.max(alpha * (truth - prediction), (alpha - 1) * (truth - prediction));
}
