import type { FindNeighbours } from "./factor-neighbours.ts";

/** What somebody took, ascending by code. */
export interface History {
  /** Code of the user; −1 for one who was not at the fit. */
  readonly user: number;
  readonly codes: Int32Array;
  readonly values: Float64Array;
}

/** Scores that are products of vectors. */
export interface Factors {
  readonly dimensions: number;
  /** Items × dimensions. */
  readonly items: Float32Array;
  /** Users × dimensions. */
  readonly users: Float32Array;
  /** The vector of somebody: that of the fit, or one by what they took. */
  vectorOf(history: History): Float32Array;
}

/** What an algorithm answers once it is fitted. */
export interface Scorer {
  /** Scores of all items. */
  scores(history: History): Float64Array;
  /** How alike all items are to one. */
  similar?(item: number): Float64Array;
  /** The k items most alike to one that may be shown, where the algorithm finds them without all scores. */
  readonly nearest?: FindNeighbours;
  /** The share of each of the history's items in an item's score. */
  shares?(history: History, item: number): Float64Array;
  /** Where a score is the product of two vectors; lists are then made by a kernel. */
  readonly factors?: Factors;
}
