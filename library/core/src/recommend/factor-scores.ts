import { cosines } from "./cosines.ts";
import { findNeighbours } from "./factor-neighbours.ts";
import type { Factors, Scorer } from "./scorer.ts";

/** Scores by products of vectors; items are alike by the cosine of theirs. */
export function factorScorer(factors: Factors): Scorer {
  const { items, dimensions, vectorOf } = factors;
  return {
    scores: (history) => products(items, vectorOf(history)),
    similar: (item) => cosines(items, dimensions, item),
    nearest: findNeighbours(items, dimensions),
    factors,
  };
}

/** Whether an array of a model file is so many vectors of finite numbers. */
export function areVectors(array: Float32Array, rows: number, width: number): boolean {
  return array instanceof Float32Array && array.length === rows * width && array.every(Number.isFinite);
}

/** Product of every row with a vector. O(rows f). */
export function products(rows: Float32Array, vector: Float32Array): Float64Array {
  const f = vector.length;
  const scores = new Float64Array(rows.length / f);
  for (let row = 0, at = 0; row < scores.length; row++) {
    let sum = 0;
    for (let j = 0; j < f; j++, at++) sum += rows[at]! * vector[j]!;
    scores[row] = sum;
  }
  return scores;
}
