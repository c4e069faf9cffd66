import type { Random } from "../numeric/random.ts";
import type { SparseRows } from "./interactions.ts";

/** Keeps the first steps of a value from being endless. */
const epsilon = 1e-8;

/**
 * Rows that learn by AdaGrad, each only when it was part of a batch. Source: Duchi, Hazan & Singer (2011), JMLR 12.
 */
export class LearnedRows {
  readonly width: number;
  /** Rows × width. */
  readonly values: Float64Array;
  readonly #squares: Float64Array;
  readonly #slopes: Float64Array;
  readonly #rate: number;
  readonly #isTouched: Uint8Array;
  #touched: number[] = [];

  constructor(rows: number, width: number, rate: number, stream: Random) {
    this.width = width;
    this.values = Float64Array.from({ length: rows * width }, () => stream.normal() / Math.sqrt(width) / 10);
    this.#squares = new Float64Array(rows * width);
    this.#slopes = new Float64Array(rows * width);
    this.#isTouched = new Uint8Array(rows);
    this.#rate = rate;
  }

  /** out[at …] += weight · row. */
  into(row: number, weight: number, out: Float64Array, at: number): void {
    const { width, values } = this;
    for (let j = 0, from = row * width; j < width; j++) out[at + j]! += weight * values[from + j]!;
  }

  /** Adds weight · slopes[at …] to the slope of a row. */
  add(row: number, weight: number, slopes: Float64Array, at: number): void {
    if (this.#isTouched[row] === 0) {
      this.#isTouched[row] = 1;
      this.#touched.push(row);
    }
    for (let j = 0, to = row * this.width; j < this.width; j++) this.#slopes[to + j]! += weight * slopes[at + j]!;
  }

  /** Adds the slope of their mean to each of these rows. */
  addEvenly(rows: Int32Array, slopes: Float64Array, at: number): void {
    for (const row of rows) this.add(row, 1 / rows.length, slopes, at);
  }

  /** Adds the slope of a weighted sum to each of its rows. */
  addWeighted({ offsets, codes, values }: SparseRows, of: number, slopes: Float64Array, at: number): void {
    for (let k = offsets[of]!; k < offsets[of + 1]!; k++) this.add(codes[k]!, values[k]!, slopes, at);
  }

  /** A step against the slopes of the rows that were touched. */
  step(): void {
    for (const row of this.#touched) {
      this.#isTouched[row] = 0;
      for (let at = row * this.width, end = at + this.width; at < end; at++) {
        const slope = this.#slopes[at]!;
        this.#squares[at]! += slope * slope;
        this.values[at]! -= (this.#rate * slope) / (Math.sqrt(this.#squares[at]!) + epsilon);
        this.#slopes[at] = 0;
      }
    }
    this.#touched = [];
  }
}
