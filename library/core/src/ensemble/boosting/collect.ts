import type { ColumnBins } from "./bins.ts";
import { type BoostedTrees, nodeFlag } from "./boosted-trees.ts";
import type { GrownNode, Units } from "./grown-tree.ts";

/** The arrays of boosted trees while they grow. */
export class TreeList {
  readonly roots: number[] = [];
  readonly output: number[] = [];
  readonly #feature: number[] = [];
  readonly #threshold: number[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #flags: number[] = [];
  readonly #value: number[] = [];
  readonly #weight: number[] = [];
  readonly #count: number[] = [];
  readonly #gain: number[] = [];
  readonly #setOffsets: number[] = [0];
  readonly #setBits: number[] = [];

  /** Begins with the trees of a model that is to go on. */
  constructor(former?: BoostedTrees) {
    if (!former) return;
    const copy = (to: number[], from: ArrayLike<number>): void => {
      for (let k = 0; k < from.length; k++) to[k] = from[k]!;
    };
    copy(this.roots, former.roots);
    copy(this.output, former.output);
    copy(this.#feature, former.feature);
    copy(this.#threshold, former.threshold);
    copy(this.#left, former.left);
    copy(this.#right, former.right);
    copy(this.#flags, former.flags);
    copy(this.#value, former.value);
    copy(this.#weight, former.weight);
    copy(this.#count, former.count);
    copy(this.#gain, former.gain);
    copy(this.#setOffsets, former.setOffsets);
    copy(this.#setBits, former.setBits);
  }

  /** Appends a tree; `factor` is the step size its values are taken with. */
  add(nodes: readonly GrownNode[], output: number, factor: number, units: Units, bins: readonly ColumnBins[]): void {
    const root = this.#feature.length;
    this.roots.push(root);
    this.output.push(output);
    for (const node of nodes) {
      const { split } = node;
      this.#value.push(node.value * factor);
      this.#weight.push(node.h * units.h);
      this.#count.push(node.rows);
      this.#feature.push(split ? split.column : -1);
      this.#gain.push(split ? split.gain : 0);
      this.#left.push(split ? root + node.left : -1);
      this.#right.push(split ? root + node.right : -1);
      if (!split) {
        this.#threshold.push(0);
        this.#flags.push(0);
        continue;
      }
      const column = bins[split.column]!;
      if (column.kind === "number") {
        this.#threshold.push(column.uppers[split.bin]!);
        this.#flags.push(split.missingLeft ? nodeFlag.missingLeft : 0);
      } else {
        this.#threshold.push(this.#addSet(split.table, column.categories));
        this.#flags.push(nodeFlag.category);
      }
    }
  }

  #addSet(table: Uint8Array, categories: Int32Array): number {
    const chosen = Array.from(categories).filter((_, bin) => table[bin] === 1);
    const begin = this.#setBits.length;
    for (let word = 0; word <= Math.max(...chosen) >> 5; word++) this.#setBits.push(0);
    for (const category of chosen) this.#setBits[begin + (category >> 5)]! |= 1 << (category & 31);
    this.#setOffsets.push(this.#setBits.length);
    return this.#setOffsets.length - 2;
  }

  /** Multiplies the values of a tree. */
  scale(tree: number, factor: number): void {
    for (let k = this.roots[tree]!; k < (this.roots[tree + 1] ?? this.#feature.length); k++) this.#value[k]! *= factor;
  }

  /** The first `trees` trees as a model's state. */
  state(trees: number, rest: Pick<BoostedTrees, "objective" | "link" | "scale" | "outputs" | "base">): BoostedTrees {
    const nodes = this.roots[trees] ?? this.#feature.length;
    const float = (values: readonly number[]): Float64Array => Float64Array.from(values.slice(0, nodes));
    const int = (values: readonly number[]): Int32Array => Int32Array.from(values.slice(0, nodes));
    return {
      ...rest,
      average: false,
      single: false,
      roots: Int32Array.from(this.roots.slice(0, trees)),
      output: Int32Array.from(this.output.slice(0, trees)),
      feature: int(this.#feature),
      threshold: float(this.#threshold),
      left: int(this.#left),
      right: int(this.#right),
      flags: Uint8Array.from(this.#flags.slice(0, nodes)),
      value: float(this.#value),
      weight: float(this.#weight),
      count: float(this.#count),
      gain: float(this.#gain),
      setOffsets: Int32Array.from(this.#setOffsets),
      setBits: Uint32Array.from(this.#setBits),
    };
  }
}
