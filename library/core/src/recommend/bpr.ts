import { z } from "zod";
import { StoreError } from "../base/errors.ts";
import { random } from "../numeric/random.ts";
import { type BprPlan, bprCrew, bprWork, openBpr, poolStart } from "./bpr-memory.ts";
import { type BprState, bprScorer } from "./bpr-scorer.ts";
import { areVectors } from "./factor-scores.ts";
import { countOf } from "./ids.ts";
import { recommender } from "./recommender.ts";

/**
 * Bayesian personalised ranking: vectors of users and items that put what a user took before what they did not, by stochastic gradients on
 * log σ(x·(y − y′)) − λ (‖x‖² + ‖y‖² + ‖y′‖²) / 2 over pairs of a taken item and one drawn evenly. An epoch meets each interaction once. Threads never
 * touch the same row, so that the bits do not depend on them. New users are folded in by Newton's steps of the same loss against the mean item.
 * Values are not looked at. O(n f) an epoch. Source: Rendle, Freudenthaler, Gantner & Schmidt-Thieme (2009), UAI. Oracle: implicit.bpr.
 */
export const bpr = recommender({
  name: "bpr",
  params: () =>
    z.strictObject({
      factors: z
        .number()
        .int()
        .min(1)
        .max(1024)
        .default(64)
        .meta({ title: "Factors", description: "Length of the vectors.", search: "log" }),
      learningRate: z.number().positive().max(10).default(0.05).meta({ title: "Learning rate", search: "log" }),
      regularization: z.number().min(0).max(10).default(0.01).meta({ title: "L2 penalty λ", search: "log" }),
      iterations: z.number().int().min(1).max(10_000).default(100).meta({ title: "Epochs", search: "log" }),
      seed: z.number().int().min(0).default(42).meta({ title: "Seed" }),
    }),
  fit(x, params, context): BprState {
    const plan = openBpr(x, countOf(x.items), params);
    const { memory, place, begin, width } = plan;
    const rows = { users: countOf(x.users), items: countOf(x.items) };
    for (const side of ["users", "items"] as const) begins(plan, side, rows[side]);
    const blocks = begin.length - 1;
    const now = new Int32Array(memory.buffer, place.now, 2);
    const counts = new Int32Array(memory.buffer, place.counts, 2 * blocks);
    const crew = context.crew(bprCrew, plan);
    try {
      for (let epoch = 1; epoch <= params.iterations; epoch++) {
        now[0] = epoch;
        partItems(plan, blocks, epoch);
        counts.fill(0);
        crew.run(bprWork.arrange, blocks);
        for (let round = 0; round < blocks; round++) {
          now[1] = round;
          crew.run(bprWork.learn, blocks);
          context.checkpoint();
        }
        const [tried, right] = [0, 1].map((kind) => counts.reduce((sum, count, at) => sum + (at % 2 === kind ? count : 0), 0));
        context.checkpoint(epoch, params.iterations, { accuracy: right! / Math.max(1, tried!) });
      }
    } finally {
      crew.end();
    }
    const narrow = (side: "users" | "items"): Float32Array => {
      const wide = new Float32Array(memory.buffer, place[side], rows[side] * width);
      const own = params.factors + 1;
      return Float32Array.from({ length: rows[side] * own }, (_, at) => wide[Math.floor(at / own) * width + (at % own)]!);
    };
    return { users: narrow("users"), items: narrow("items"), width: params.factors + 1 };
  },
  scorer: (known, state, { regularization }) => bprScorer(known, state, regularization),
  check({ users: own, items: other, width }, users, items) {
    if (!(Number.isInteger(width) && width > 1 && areVectors(own, users, width) && areVectors(other, items, width)))
      throw new StoreError(`loadModel: bpr's factors must be finite, ${users} and ${items} rows of them`);
  },
});

/** Uniform on ± 1 / (2 factors), as implicit begins; biases 0, and 1 for users. */
function begins({ memory, place, width, factors, seed }: BprPlan, side: "users" | "items", rows: number): void {
  const words = new Uint32Array(rows * factors);
  random(seed, `bpr/${side}`).fill(words);
  const out = new Float32Array(memory.buffer, place[side], rows * width);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < factors; j++) out[row * width + j] = (words[row * factors + j]! / 4_294_967_296 - 0.5) / factors;
    if (side === "users") out[row * width + factors] = 1;
  }
}

/** Items in a new order, and the block of each. */
function partItems({ memory, place, items, seed }: BprPlan, blocks: number, epoch: number): void {
  const pool = new Int32Array(memory.buffer, place.pool, items);
  const blockOf = new Int32Array(memory.buffer, place.blockOf, items);
  pool.set(random(seed, `bpr/items/${epoch}`).permutation(items));
  for (let block = 0; block < blocks; block++)
    for (let at = poolStart(items, blocks, block); at < poolStart(items, blocks, block + 1); at++) blockOf[pool[at]!] = block;
}
