import { z } from "zod";
import { random } from "../numeric/random.ts";
import { countOf, idsOf } from "./ids.ts";
import { recommender } from "./recommender.ts";

/**
 * Items at random, the same for the same user: what chance would give. A user's scores depend on the seed and the user's name alone, those of somebody new on
 * the seed. O(items) a user.
 */
export const randomRecommender = recommender({
  name: "random",
  params: () =>
    z.strictObject({
      seed: z.number().int().min(0).default(42).meta({ title: "Seed" }),
    }),
  needsHistory: false,
  fit: (): Record<string, never> => ({}),
  scorer: ({ users, items }, _, { seed }) => ({
    scores({ user }) {
      const stream = random(seed, user < 0 ? "recommend/new" : `recommend/user/${JSON.stringify(idsOf(users)[user])}`);
      return Float64Array.from({ length: countOf(items) }, () => stream.float());
    },
  }),
  check() {},
});
