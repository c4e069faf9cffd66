import { random } from "../../numeric/random.ts";
import type { Units } from "./grown-tree.ts";
import type { Workspace } from "./workspace.ts";

/** Which rows each tree sees. */
export interface SamplingSettings {
  /** Share of the rows drawn without replacement; 1 takes all. */
  readonly subsample: number;
  /** Gradient-based one-side sampling: the share of rows kept for their large gradients, and the share drawn of the others. */
  readonly goss: { readonly topRate: number; readonly otherRate: number } | undefined;
  readonly learningRate: number;
  readonly seed: number;
}

/** Chooses the rows of each iteration. */
export class RowSampler {
  readonly #at: Workspace;
  readonly #settings: SamplingSettings;
  readonly #index: Uint32Array;
  readonly #gradients: Int32Array;
  readonly #all: Uint32Array;
  #chosen: Uint32Array;

  constructor(at: Workspace, buffer: SharedArrayBuffer, settings: SamplingSettings) {
    this.#at = at;
    this.#settings = settings;
    this.#index = new Uint32Array(buffer, at.index, at.rows);
    this.#gradients = new Int32Array(buffer, at.gradients, 2 * at.outputs * at.rows);
    this.#all = Uint32Array.from({ length: at.rows }, (_, i) => i);
    this.#chosen = this.#all;
  }

  /** Whether the trees of this iteration see every row. */
  get takesAll(): boolean {
    return this.#chosen === this.#all;
  }

  /** Draws the rows of an iteration; gives their number. */
  choose(iteration: number, units: readonly Units[]): number {
    const { subsample, goss, learningRate } = this.#settings;
    this.#chosen = this.#all;
    if (goss && iteration >= 1 / learningRate) this.#chosen = this.#bySlope(iteration, goss, units);
    else if (!goss && subsample < 1) this.#chosen = this.#byChance(iteration, Math.max(1, Math.floor(subsample * this.#at.rows)));
    return this.#chosen.length;
  }

  /** Puts the chosen rows into the index; to be done before each tree, which parts them. */
  fillIndex(): void {
    this.#index.set(this.#chosen);
  }

  /** So many rows, in order. Source: Knuth (1997), selection sampling. */
  #byChance(iteration: number, wanted: number): Uint32Array {
    const draw = random(this.#settings.seed, `rows/${iteration}`);
    const n = this.#at.rows;
    const chosen = new Uint32Array(wanted);
    for (let i = 0, k = 0; k < wanted; i++) if (draw.float() * (n - i) < wanted - k) chosen[k++] = i;
    return chosen;
  }

  /**
   * The rows whose |g h| is largest, and some of the others with their derivatives multiplied, so that sums stay what they were on average.
   * Source: Ke et al. (2017), LightGBM, algorithm 2.
   */
  #bySlope(
    iteration: number,
    { topRate, otherRate }: { topRate: number; otherRate: number },
    units: readonly Units[],
  ): Uint32Array {
    const n = this.#at.rows;
    const slopes = new Float64Array(n);
    for (const [k, unit] of units.entries()) {
      const from = 2 * k * n;
      const size = unit.g * unit.h;
      for (let i = 0; i < n; i++)
        slopes[i]! += Math.abs(this.#gradients[from + 2 * i]! * this.#gradients[from + 2 * i + 1]!) * size;
    }
    const top = Math.max(1, Math.floor(n * topRate));
    const threshold = slopes.slice().sort()[n - top]!;
    const draw = random(this.#settings.seed, `rows/${iteration}`);
    let room = top - slopes.reduce((count, slope) => count + (slope > threshold ? 1 : 0), 0);
    const others = n - top;
    const wanted = Math.min(others, Math.floor(n * otherRate));
    const chosen = new Uint32Array(top + wanted);
    const factor = others / Math.max(1, wanted);
    let seen = 0;
    let drawn = 0;
    let k = 0;
    for (let i = 0; i < n; i++) {
      const isTop = slopes[i]! > threshold || (slopes[i] === threshold && room-- > 0);
      if (isTop) chosen[k++] = i;
      else {
        if (draw.float() * (others - seen) < wanted - drawn) {
          drawn++;
          chosen[k++] = i;
          this.#multiply(i, factor);
        }
        seen++;
      }
    }
    return chosen.subarray(0, k);
  }

  #multiply(row: number, factor: number): void {
    for (let k = 0; k < this.#at.outputs; k++) {
      const place = 2 * (k * this.#at.rows + row);
      this.#gradients[place] = Math.round(this.#gradients[place]! * factor);
      this.#gradients[place + 1] = Math.round(this.#gradients[place + 1]! * factor);
    }
  }
}
