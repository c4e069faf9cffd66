import type { Schedule } from "./network-params.ts";

/**
 * The share of the learning rate for a batch of an epoch (both from 0), of so many batches and epochs. A plateau's share comes from what the epochs gave:
 * see `afterPlateau`. Source: Loshchilov & Hutter (2017) for cosine; Smith & Topin (2019) for one cycle.
 */
export function rateShare(
  schedule: Schedule,
  epoch: number,
  batch: number,
  batches: number,
  epochs: number,
  plateau: number,
): number {
  const done = (epoch * batches + batch) / (epochs * batches);
  switch (schedule.kind) {
    case "constant":
      return 1;
    case "plateau":
      return plateau;
    case "step": {
      let share = 1;
      for (let step = Math.floor(epoch / schedule.every); step > 0; step--) share *= schedule.factor;
      return share;
    }
    case "cosine":
      return done < schedule.warmUp ? done / schedule.warmUp : fall(done, schedule.warmUp, 1, schedule.final);
    case "onecycle":
      return done < schedule.warmUp ? fall(done / schedule.warmUp, 0, 1 / 25, 1) : fall(done, schedule.warmUp, 1, schedule.final);
  }
}

/** Half a cosine from `begin` at `from` to `end` at 1. */
function fall(done: number, from: number, begin: number, end: number): number {
  return end + ((begin - end) * (1 + Math.cos((Math.PI * (done - from)) / (1 - from)))) / 2;
}

/** A plateau's share after an epoch that was the `idle`-th without gain. */
export function afterPlateau(schedule: Schedule, share: number, idle: number): number {
  if (schedule.kind !== "plateau" || idle === 0) return share;
  return idle % (schedule.patience + 1) === 0 ? share * schedule.factor : share;
}
