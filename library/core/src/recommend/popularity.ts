import { z } from "zod";
import { ParamsError, StoreError } from "../base/errors.ts";
import { countOf } from "./ids.ts";
import { recommender } from "./recommender.ts";

/** What popularity learns. */
export interface PopularityState {
  /** How much each item counts. */
  readonly weights: Float64Array;
}

const dayMs = 86_400_000;

/**
 * The same items for everybody: those that most took. With a half-life, an interaction counts 2^(−age / half-life), its age reckoned from the newest one
 * of the fit; then the interactions need times. The baseline that a recommender must beat. O(n).
 */
export const popularity = recommender({
  name: "popularity",
  params: () =>
    z.strictObject({
      count: z
        .enum(["users", "values"])
        .default("users")
        .meta({ title: "Counts", description: "Each user who took the item once, or the sum of the values." }),
      halfLifeDays: z
        .number()
        .positive()
        .max(36_500)
        .nullable()
        .default(null)
        .meta({ title: "Half-life in days", description: "Empty: old interactions count as new ones.", search: "log" }),
    }),
  needsHistory: false,
  fit({ items, codes, values, times }, { count, halfLifeDays }): PopularityState {
    if (halfLifeDays !== null && !times)
      throw new ParamsError(`popularity.fit: halfLifeDays ${halfLifeDays} needs times; read the interactions with { time }`);
    const weights = new Float64Array(countOf(items));
    const newest = times?.reduce((a, b) => Math.max(a, b), -Infinity) ?? 0;
    const rate = halfLifeDays === null ? 0 : Math.LN2 / (halfLifeDays * dayMs);
    for (let k = 0; k < codes.length; k++)
      weights[codes[k]!]! += (count === "users" ? 1 : values[k]!) * (rate === 0 ? 1 : Math.exp(-rate * (newest - times![k]!)));
    return { weights };
  },
  scorer: (_, { weights }) => ({ scores: () => weights }),
  check({ weights }, _, items) {
    if (!(weights instanceof Float64Array && weights.length === items && weights.every((each) => each >= 0 && each < Infinity)))
      throw new StoreError(`loadModel: popularity's weights must be ${items} numbers ≥ 0`);
  },
});
