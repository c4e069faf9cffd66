import { z } from "zod";
import { DataError, LimitError, StoreError } from "../base/errors.ts";
import { invertPlan, matrixOf, openSweep } from "./ease-inverse.ts";
import { countOf } from "./ids.ts";
import { type SparseRows, transposed } from "./interactions.ts";
import { recommender } from "./recommender.ts";
import type { KnownInteractions } from "./recommender-model.ts";
import type { History, Scorer } from "./scorer.ts";

/** What EASE learns: P = (XᵀX + λI)⁻¹, whole, or through the smaller (XXᵀ + λI)⁻¹ where there are fewer users than items. */
export interface EaseState {
  /** Which inverse is kept. */
  readonly kept: "items" | "users";
  /** Its side. */
  readonly size: number;
  /** The inverse (size × size, row-major). */
  readonly inverse: Float64Array;
  /** Diagonal of P, one an item. */
  readonly diagonal: Float64Array;
}

/** 4 GiB: the largest inverse that is kept. */
const sizeMost = 23_000;

/**
 * EASE: item weights B with a zero diagonal that minimise ‖X − XB‖² + λ‖B‖², in closed form: Bᵢⱼ = −Pᵢⱼ / Pⱼⱼ, P = (XᵀX + λI)⁻¹. A user's scores
 * are x B, so that new users are folded in exactly. Where there are fewer users than items, P is never written down: P = (I − Xᵀ (XXᵀ + λI)⁻¹ X) / λ.
 * O(min(users, items)³) time and 8 min(users, items)² bytes. Throws LimitError where that is beyond 4 GiB (`kCore` makes the matrix smaller).
 * Source: Steck (2019), "Embarrassingly shallow autoencoders for sparse data", WWW. Oracle: numpy.linalg.inv.
 */
export const ease = recommender({
  name: "ease",
  params: () =>
    z.strictObject({
      regularization: z
        .number()
        .positive()
        .max(1e9)
        .default(500)
        .meta({ title: "L2 penalty λ", description: "More for sparse data.", search: "log" }),
    }),
  fit(x, { regularization }, context): EaseState {
    const users = countOf(x.users);
    const items = countOf(x.items);
    const kept = users < items ? "users" : "items";
    const size = Math.min(users, items);
    if (size > sizeMost)
      throw new LimitError(
        `ease.fit: ${users} users × ${items} items need an inverse of side ${size}, at most ${sizeMost}; make them fewer with kCore`,
      );
    const byItem = transposed(x, items);
    const plan = openSweep(size);
    const inverse = matrixOf(plan);
    addGram(kept === "users" ? byItem : x, inverse, size, context.checkpoint);
    for (let k = 0; k < size; k++) inverse[k * size + k]! += regularization;
    if (!invertPlan(plan, context))
      throw new DataError(
        "ease.fit: the matrix of co-occurrences is singular to working precision; take a larger regularization",
      );
    const diagonal = Float64Array.from({ length: items }, (_, j) =>
      kept === "items" ? inverse[j * size + j]! : (1 - quadratic(byItem, j, inverse, size)) / regularization,
    );
    return { kept, size, inverse, diagonal };
  },
  scorer: (known, state, { regularization }) =>
    state.kept === "items" ? itemScorer(state) : userScorer(known, state, regularization),
  check({ kept, size, inverse, diagonal }, users, items) {
    const isWhole = (kept === "items" && size === items) || (kept === "users" && size === users);
    if (!isWhole || !(inverse instanceof Float64Array && inverse.length === size * size && inverse.every(Number.isFinite)))
      throw new StoreError("loadModel: ease's inverse must be a finite square of the number of items, or of users");
    if (!(diagonal instanceof Float64Array && diagonal.length === items && diagonal.every((each) => each > 0 && each < Infinity)))
      throw new StoreError(`loadModel: ease's diagonal must be ${items} numbers > 0`);
  },
});

/** Adds XᵀX of sparse rows, lower triangle and diagonal. O(Σ n²) for rows of n. */
function addGram({ offsets, codes, values }: SparseRows, sums: Float64Array, size: number, checkpoint: () => void): void {
  for (let u = 0; u < offsets.length - 1; u++) {
    for (let a = offsets[u]!; a < offsets[u + 1]!; a++) {
      const row = codes[a]! * size;
      for (let b = offsets[u]!; b <= a; b++) sums[row + codes[b]!]! += values[a]! * values[b]!;
    }
    if ((u & 63) === 0) checkpoint();
  }
}

/** xⱼᵀ K xⱼ of one row. */
function quadratic({ offsets, codes, values }: SparseRows, j: number, k: Float64Array, size: number): number {
  let sum = 0;
  for (let a = offsets[j]!; a < offsets[j + 1]!; a++)
    for (let b = offsets[j]!; b < offsets[j + 1]!; b++) sum += values[a]! * values[b]! * k[codes[a]! * size + codes[b]!]!;
  return sum;
}

function itemScorer({ inverse, diagonal, size }: EaseState): Scorer {
  return {
    scores({ codes, values }) {
      const sums = new Float64Array(size);
      for (let k = 0; k < codes.length; k++) addRow(inverse, codes[k]!, values[k]!, sums);
      for (let j = 0; j < size; j++) sums[j]! /= -diagonal[j]!;
      for (let k = 0; k < codes.length; k++) sums[codes[k]!]! += values[k]!; // the diagonal of B is 0
      return sums;
    },
    similar: (item) => Float64Array.from(diagonal, (each, j) => (j === item ? 0 : -inverse[item * size + j]! / each)),
    shares: ({ codes, values }, item) =>
      Float64Array.from(codes, (code, k) => (code === item ? 0 : (-values[k]! * inverse[code * size + item]!) / diagonal[item]!)),
  };
}

function addRow(matrix: Float64Array, row: number, factor: number, sums: Float64Array): void {
  const n = sums.length;
  for (let j = 0, at = row * n; j < n; j++, at++) sums[j]! += factor * matrix[at]!;
}

/** Through the users: x P = (x − (x Xᵀ) K X) / λ. */
function userScorer(known: KnownInteractions, { inverse, diagonal, size }: EaseState, lambda: number): Scorer {
  const items = diagonal.length;
  const byItem = transposed(known, items);
  /** (x Xᵀ) K: what each user of the fit says. */
  const voices = ({ codes, values }: Pick<History, "codes" | "values">): Float64Array => {
    const common = new Float64Array(size);
    for (let k = 0; k < codes.length; k++)
      for (let at = byItem.offsets[codes[k]!]!; at < byItem.offsets[codes[k]! + 1]!; at++)
        common[byItem.codes[at]!]! += values[k]! * byItem.values[at]!;
    const said = new Float64Array(size);
    for (let u = 0; u < size; u++) if (common[u] !== 0) addRow(inverse, u, common[u]!, said);
    return said;
  };
  const projected = (history: Pick<History, "codes" | "values">): Float64Array => {
    const said = voices(history);
    const sums = new Float64Array(items);
    const { offsets, codes, values } = known;
    for (let u = 0; u < size; u++)
      for (let at = offsets[u]!; at < offsets[u + 1]!; at++) sums[codes[at]!]! -= said[u]! * values[at]!;
    for (let k = 0; k < history.codes.length; k++) sums[history.codes[k]!]! += history.values[k]!;
    for (let j = 0; j < items; j++) sums[j]! /= lambda;
    return sums;
  };
  const one = (item: number) => ({ codes: Int32Array.of(item), values: Float64Array.of(1) });
  return {
    scores(history) {
      const sums = projected(history);
      for (let j = 0; j < items; j++) sums[j]! /= -diagonal[j]!;
      for (let k = 0; k < history.codes.length; k++) sums[history.codes[k]!]! += history.values[k]!;
      return sums;
    },
    similar(item) {
      const row = projected(one(item));
      return row.map((value, j) => (j === item ? 0 : -value / diagonal[j]!));
    },
    shares({ codes, values }, item) {
      const row = projected(one(item)); // P is symmetric
      return Float64Array.from(codes, (code, k) => (code === item ? 0 : (-values[k]! * row[code]!) / diagonal[item]!));
    },
  };
}
