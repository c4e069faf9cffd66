import { DataError, type NetworkModel, type Observer } from "assay";

/**
 * A loss that no training comes to unless its weights ran away: that of the labels begins at ln 3, those of period and depth, which are
 * standardised, at about a half each.
 */
const lossMost = 1000;

/** Who watches a training, and what ends it. */
interface Watched {
  readonly observer: Observer;
  readonly signal: AbortSignal;
}

/** Runs a training and ends it in the first epoch whose loss has run away. Throws DataError with the epoch and the loss. */
export async function endDiverging(
  learningRate: number,
  { observer, signal }: { readonly observer?: Observer | undefined; readonly signal?: AbortSignal | undefined },
  train: (watched: Watched) => Promise<NetworkModel>,
): Promise<NetworkModel> {
  const wild = new AbortController();
  const watching: Observer = {
    progress(event) {
      observer?.progress?.(event);
      const loss = event.metrics["loss"];
      if (loss !== undefined && isWild(loss)) wild.abort(diverged(loss, event.step, learningRate));
    },
  };
  const either = signal ? AbortSignal.any([signal, wild.signal]) : wild.signal;
  const network = await train({ observer: watching, signal: either }).catch((error) => {
    throw wild.signal.aborted ? wild.signal.reason : error;
  });
  wild.signal.throwIfAborted(); // the last epoch was the wild one
  return network;
}

/** NaN is. */
function isWild(loss: number): boolean {
  return !(loss <= lossMost);
}

function diverged(loss: number, epoch: number, learningRate: number): DataError {
  const error = new DataError(
    `exoplanets: the loss must stay below ${lossMost}, grew to ${loss.toPrecision(3)} in epoch ${epoch}; lower learning_rate (${learningRate})`,
  );
  return Object.assign(error, { field: "learning_rate", value: learningRate });
}
