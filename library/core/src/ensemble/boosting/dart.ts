import { random } from "../../numeric/random.ts";
import type { TreeList } from "./collect.ts";
import type { GrownNode } from "./grown-tree.ts";
import type { Scores, WalkedTree } from "./scores.ts";

/** Dropouts for boosting. Source: Rashmi & Gilad-Bachrach (2015), "DART: dropouts meet multiple additive regression trees". */
export interface DartSettings {
  readonly dropRate: number;
  readonly maxDrop: number;
  readonly skipDrop: number;
}

/** A tree that may be dropped: its number in the list, and what it counts now. */
interface Droppable extends WalkedTree {
  readonly tree: number;
  readonly output: number;
  factor: number;
}

/** Takes earlier iterations out of the scores while the next is learned, and puts them back with a smaller share. */
export class Dropouts {
  readonly #settings: DartSettings;
  readonly #seed: number;
  readonly #scores: Scores;
  readonly #trees: TreeList;
  readonly #kept: Droppable[][] = [];
  #dropped: Droppable[][] = [];

  constructor(settings: DartSettings, seed: number, scores: Scores, trees: TreeList) {
    this.#settings = settings;
    this.#seed = seed;
    this.#scores = scores;
    this.#trees = trees;
  }

  /** Draws the iterations to drop and takes them out; gives their number. */
  drop(iteration: number): number {
    const { skipDrop, dropRate, maxDrop } = this.#settings;
    const draw = random(this.#seed, `drop/${iteration}`);
    this.#dropped = draw.float() < skipDrop ? [] : this.#kept.filter(() => draw.float() < dropRate);
    draw.shuffle(this.#dropped);
    this.#dropped.length = Math.min(this.#dropped.length, maxDrop);
    for (const { output, factor, ...tree } of this.#dropped.flat()) this.#scores.addKept(tree, output, -factor);
    return this.#dropped.length;
  }

  /** Puts what was dropped back, with a share of what it counted. */
  restore(share: number): void {
    for (const tree of this.#dropped.flat()) {
      tree.factor *= share;
      this.#trees.scale(tree.tree, share);
      this.#scores.addKept(tree, tree.output, tree.factor);
    }
    this.#dropped = [];
  }

  /** Keeps the trees of an iteration, the last of the list, one an output. */
  keep(grown: readonly (readonly GrownNode[])[], factor: number): void {
    const first = this.#trees.roots.length - grown.length;
    this.#kept.push(grown.map((nodes, output) => ({ ...this.#scores.keep(nodes), tree: first + output, output, factor })));
  }
}
