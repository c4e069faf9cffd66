import type { Factor } from "./workout-routes";

/** One bar of a waterfall: from where to where, in the unit of the load. */
interface WaterfallBar {
  readonly name: string;
  readonly title: string;
  readonly change: number;
  readonly share: number;
  readonly from: number;
  readonly to: number;
}

/** Bars that begin at the last load, each where the one before ends; the last ends at the forecast. */
interface Waterfall {
  readonly bars: readonly WaterfallBar[];
  readonly low: number;
  readonly high: number;
}

/** The waterfall of a forecast, at least one step of weights wide; factors that move nothing have no bar. */
export function waterfallOf(last: number, factors: readonly Factor[], step: number): Waterfall {
  let at = last;
  const bars = factors
    .filter(({ change }) => change !== 0)
    .map((factor) => {
      const from = at;
      at += factor.change;
      return { ...factor, from, to: at };
    });
  const ends = [last, ...bars.map(({ to }) => to)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = Math.max(0, step - (high - low)) / 2;
  return { bars, low: low - room, high: high + room };
}
