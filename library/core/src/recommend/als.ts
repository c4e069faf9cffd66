import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import type { Crew } from "../base/crew.ts";
import { StoreError } from "../base/errors.ts";
import { random } from "../numeric/random.ts";
import { type AlsPlan, alsCrew, alsWork, factorsOf, openAls } from "./als-memory.ts";
import { type AlsParams, type AlsState, penaltyOf } from "./als-model.ts";
import { alsScorer } from "./als-scorer.ts";
import { areVectors } from "./factor-scores.ts";
import { countOf } from "./ids.ts";
import { transposed } from "./interactions.ts";
import { recommender } from "./recommender.ts";

/**
 * Implicit ALS: vectors of users and items that minimise Σ c (p − x·y)² + Σ λ‖x‖² + Σ λ‖y‖² over all pairs, p being 1 where a user took an item, else 0.
 *
 * The confidence of a pair with value r is c = 1 + αr as published (`linear`), or c = αr as the `implicit` library counts (`scaled`; there values of 1
 * with α = 1 weigh no more than what nobody took); pairs without interaction have c = 1. The penalty λ is the same for all rows as published, and as
 * `implicit` has it; `frequencyExponent` ν > 0 makes it λ (n + m/α)^ν for a row of n interactions beside m rows of the other side, as iALS++ scales it
 * (its weight of what is not observed is 1/α here; ν = 1 suits most data).
 *
 * Sides are solved in turn: by some steps of conjugate gradients from where a row stands, or exactly by Cholesky in doubles. In 32 bits, on all threads,
 * the same bits at any number of them. O(n f + (users + items) f²) a step of an iteration. New users are folded in exactly.
 * Source: Hu, Koren & Volinsky (2008), ICDM; Takács, Pilászy & Tikk (2011), RecSys; Rendle, Krichene, Zhang & Koren (2022), RecSys, section 3.
 * Oracle: implicit.als.AlternatingLeastSquares.
 */
export const als = recommender({
  name: "als",
  params: () =>
    z.strictObject({
      factors: z
        .number()
        .int()
        .min(1)
        .max(1024)
        .default(64)
        .meta({ title: "Factors", description: "Length of the vectors.", search: "log" }),
      regularization: z.number().min(0).max(1e6).default(0.01).meta({ title: "L2 penalty λ", search: "log" }),
      alpha: z
        .number()
        .positive()
        .max(1e6)
        .default(1)
        .meta({ title: "Confidence α", description: "How much more an interaction counts than its absence.", search: "log" }),
      confidence: z.enum(["linear", "scaled"]).default("linear").meta({
        title: "Confidence",
        description: "linear: 1 + α value, as published; scaled: α value, as the implicit library counts.",
      }),
      frequencyExponent: z.number().min(0).max(1).default(0).meta({
        title: "Frequency exponent ν",
        description: "0: the same penalty for all; 1: in proportion to how much there is of a row.",
      }),
      iterations: z.number().int().min(1).max(1000).default(15).meta({ title: "Iterations", search: "log" }),
      solver: z
        .enum(["conjugate", "cholesky"])
        .default("conjugate")
        .meta({ title: "Solver", description: "Conjugate gradients, or exact and slower." }),
      cgSteps: z.number().int().min(1).max(100).default(3).meta({ title: "Steps of conjugate gradients" }),
      seed: z.number().int().min(0).default(42).meta({ title: "Seed" }),
    }),
  fit(x, params, context): AlsState {
    const draw = (name: string, rows: number): Float32Array => startingFactors(rows, params.factors, params.seed, name);
    const start = { users: draw("als/users", countOf(x.users)), items: draw("als/items", countOf(x.items)) };
    return factorise(x, countOf(x.items), params, start, context);
  },
  scorer: (known, state, params) => alsScorer(known, state, params),
  check({ users: own, items: other, factors }, users, items) {
    if (!(Number.isInteger(factors) && factors > 0 && areVectors(own, users, factors) && areVectors(other, items, factors)))
      throw new StoreError(`loadModel: als' factors must be finite, ${users} and ${items} rows of them`);
  },
});

/** Uniform on 0 … 0.01, as `implicit` begins. */
function startingFactors(rows: number, factors: number, seed: number, name: string): Float32Array {
  const words = new Uint32Array(rows * factors);
  random(seed, name).fill(words);
  return Float32Array.from(words, (word) => ((word >>> 8) / 16_777_216) * 0.01);
}

/** The factorisation from given vectors: users first, then items, `iterations` times. */
export function factorise(
  users: { readonly offsets: Int32Array; readonly codes: Int32Array; readonly values: Float64Array },
  itemCount: number,
  params: AlsParams,
  start: { readonly users: Float32Array; readonly items: Float32Array },
  context: FitContext,
): AlsState {
  const { factors, iterations, alpha, confidence, solver, cgSteps } = params;
  const items = transposed(users, itemCount);
  const excess = confidence === "linear" ? (value: number) => alpha * value : (value: number) => alpha * value - 1;
  const plan = openAls(users, items, factors, solver === "conjugate" ? cgSteps : 0, context.threads, excess);
  for (const [s, own] of [start.users, start.items].entries()) widen(own, factors, factorsOf(plan, plan.sides[s]!), plan.width);
  fillPenalties(plan, params);
  const crew = context.crew(alsCrew, plan);
  try {
    for (let iteration = 1; iteration <= iterations; iteration++) {
      solveSide(plan, 0, crew, context);
      solveSide(plan, 1, crew, context);
      context.checkpoint(iteration, iterations);
    }
  } finally {
    crew.end();
  }
  const [own, other] = plan.sides.map((side) => narrow(factorsOf(plan, side), factors, plan.width));
  return { users: own!, items: other!, factors };
}

/** Pieces that are handed out at once, so that an abort is noticed in time. */
const piecesAtOnce = 32;

function solveSide(plan: AlsPlan, side: 0 | 1, crew: Crew, { checkpoint }: FitContext): void {
  const { sides, memory, first } = plan;
  const offset = new Int32Array(memory.buffer, first, 1);
  const run = (operation: number, pieces: number): void => {
    for (let from = 0; from < pieces; from += piecesAtOnce) {
      offset[0] = from;
      crew.run(operation, Math.min(piecesAtOnce, pieces - from));
      checkpoint();
    }
  };
  const other = side === 0 ? 1 : 0;
  run(alsWork.multiply + other, sides[other].grams);
  sumGrams(plan, sides[other].grams);
  run(alsWork.solve + side, sides[side].begin.length - 1);
}

/** The pieces' products summed in their order, both triangles. */
function sumGrams({ memory, width, gram, gram64, partials }: AlsPlan, pieces: number): void {
  const size = width * width;
  const parts = new Float32Array(memory.buffer, partials, pieces * size);
  const sums = new Float64Array(memory.buffer, gram64, size).fill(0);
  for (let piece = 0; piece < pieces; piece++) for (let at = 0; at < size; at++) sums[at]! += parts[piece * size + at]!;
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) sums[j * width + i] = sums[i * width + j]!;
  new Float32Array(memory.buffer, gram, size).set(sums);
}

function fillPenalties({ memory, sides, width }: AlsPlan, params: AlsParams): void {
  for (const [s, side] of sides.entries()) {
    const offsets = new Int32Array(memory.buffer, side.offsets, side.rows + 1);
    const penalties = new Float32Array(memory.buffer, side.penalties, side.rows);
    const others = sides[1 - s]!.rows;
    for (let row = 0; row < side.rows; row++) penalties[row] = penaltyOf(params, offsets[row + 1]! - offsets[row]!, others);
    // what only fills a row up to the width must not make its matrix singular
    if (params.regularization === 0 && width > params.factors) for (let row = 0; row < side.rows; row++) penalties[row] = 1e-12;
  }
}

function widen(rows: Float32Array, factors: number, out: Float32Array, width: number): void {
  for (let at = 0, to = 0; at < rows.length; at += factors, to += width) out.set(rows.subarray(at, at + factors), to);
}

function narrow(rows: Float32Array, factors: number, width: number): Float32Array {
  const out = new Float32Array((rows.length / width) * factors);
  for (let at = 0, to = 0; at < rows.length; at += width, to += factors) out.set(rows.subarray(at, at + factors), to);
  return out;
}
