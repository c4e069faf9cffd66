import type { Crew } from "../../base/crew.ts";
import type { Random } from "../../numeric/random.ts";
import { build, operation } from "./crew.ts";
import { answerOf, bare, columnKinds, fallOf, type GrownNode, type GrowSettings, type Split, type Units } from "./grown-tree.ts";
import { bestBytes, mostSearchPieces, type Workspace } from "./workspace.ts";

/** Rows below which one thread parts a leaf. */
const partAlone = 16_384;
/** Rows below which threads share a leaf by columns rather than rows. */
const countByColumns = 4096;

/** Grows trees over a crew's shared memory. */
export class Grower {
  readonly #at: Workspace;
  readonly #crew: Crew;
  readonly #settings: GrowSettings;
  readonly #told: Float64Array;
  readonly #numbers: Float64Array;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #slotBytes: number;
  readonly #slots: number;
  readonly #checkpoint: () => void;
  #counts = 0;
  #units: Units = { g: 1, h: 1, gradients: 0 };
  #allowed: Uint8Array = new Uint8Array(0);
  #draw!: Random;
  #free: number[] = [];

  constructor(workspace: Workspace, buffer: SharedArrayBuffer, crew: Crew, settings: GrowSettings, checkpoint: () => void) {
    this.#at = workspace;
    this.#crew = crew;
    this.#settings = settings;
    this.#checkpoint = checkpoint;
    this.#numbers = new Float64Array(buffer);
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
    this.#told = this.#numbers.subarray(workspace.told / 8, workspace.told / 8 + 64);
    this.#slotBytes = this.#words[workspace.offsets / 4 + workspace.columns]!;
    this.#slots = Math.min(settings.numLeaves + 1, Math.floor(workspace.histogramBytes / this.#slotBytes));
    new Int8Array(buffer).set(settings.signs, workspace.signs);
  }

  /**
   * Grows a tree on the first `rows` rows of the index. `allowed`: 1 where the tree may use a column (d); `draw` picks the columns of each node.
   */
  grow(rows: number, units: Units, allowed: Uint8Array, draw: Random): GrownNode[] {
    this.#units = units;
    this.#allowed = allowed;
    this.#draw = draw;
    this.#free = Array.from({ length: this.#slots }, (_, k) => this.#at.histograms + k * this.#slotBytes);
    const root = this.#growRoot(rows);
    const nodes = [root];
    const leaves = [root];
    while (leaves.length < this.#settings.numLeaves) {
      const k = this.#next(leaves);
      if (k < 0) break;
      this.#checkpoint();
      const parent = leaves[k]!;
      const left = this.#child(parent, true, nodes);
      const right = this.#child(parent, false, nodes);
      this.#divide(parent, left, right);
      leaves[k] = left;
      leaves.push(right);
      if (leaves.length < this.#settings.numLeaves) this.#searchChildren(parent, left, right, leaves);
    }
    return nodes;
  }

  #growRoot(rows: number): GrownNode {
    const histogram = this.#free.pop()!;
    const empty = { depth: 0, start: 0, rows, low: -Infinity, high: Infinity, penalty: this.#settings.regLambda, path: [] };
    const how = this.#countRows(0, rows);
    this.#search({ ...bare, ...empty, histogram }, how, undefined, false, false);
    let g = 0;
    let h = 0;
    // every row lies in some bin of the first column
    for (let b = 0; b <= this.#bytes[this.#at.missingBins]!; b++) {
      g += this.#sum(histogram + 16 * b);
      h += this.#sum(histogram + 16 * b + 8);
    }
    const root: GrownNode = { ...bare, ...empty, histogram, g, h };
    root.value = answerOf(root, this.#settings, this.#units);
    if (this.#maySplit(root)) this.#search(root, build.none, undefined, true, false);
    return root;
  }

  /** The place in `leaves` of the leaf to split next; −1 when none gains. */
  #next(leaves: readonly GrownNode[]): number {
    let chosen: GrownNode | undefined;
    for (const leaf of leaves) {
      if (!leaf.best) continue;
      const isFirst =
        !chosen || (this.#settings.growth === "leaf" ? leaf.best.gain > chosen.best!.gain : leaf.depth < chosen.depth);
      if (isFirst) chosen = leaf;
    }
    return chosen ? leaves.indexOf(chosen) : -1;
  }

  #child(parent: GrownNode, isLeft: boolean, nodes: GrownNode[]): GrownNode {
    const split = parent.best!;
    const g = isLeft ? split.leftG : parent.g - split.leftG;
    const h = isLeft ? split.leftH : parent.h - split.leftH;
    const { depth, low, high } = parent;
    const path = this.#settings.interactions ? [...parent.path, split.column] : parent.path;
    const child: GrownNode = { ...bare, depth: depth + 1, g, h, low, high, penalty: split.penalty, path };
    child.value = answerOf(child, this.#settings, this.#units);
    if (isLeft) parent.left = nodes.length;
    else parent.right = nodes.length;
    nodes.push(child);
    return child;
  }

  /** Sends the parent's rows to the children, and bounds the children's answers where the column is monotone. */
  #divide(parent: GrownNode, left: GrownNode, right: GrownNode): void {
    const split = parent.best!;
    parent.split = split;
    parent.best = undefined;
    const some = this.#hasMissing(parent.histogram, split.column);
    left.rows = this.#part(parent, split);
    left.start = parent.start;
    right.start = parent.start + left.rows;
    right.rows = parent.rows - left.rows;
    if (!some && split.bin >= 0) {
      // nobody was missing here: at prediction the missing go where most went
      split.missingLeft = left.rows > right.rows;
      split.table[this.#bytes[this.#at.missingBins + split.column]!] = split.missingLeft ? 1 : 0;
    }
    const sign = split.bin < 0 ? 0 : this.#settings.signs[split.column]!;
    if (sign === 0) return;
    const middle = (left.value + right.value) / 2;
    const [below, above] = sign > 0 ? [left, right] : [right, left];
    below.high = Math.min(below.high, middle);
    above.low = Math.max(above.low, middle);
  }

  #hasMissing(histogram: number, column: number): boolean {
    if (histogram < 0) return true;
    const bin = this.#bytes[this.#at.missingBins + column]!;
    return this.#sum(histogram + this.#words[this.#at.offsets / 4 + column]! + 16 * bin + 8) !== 0;
  }

  /** Parts the rows of a node by its split; gives the number that went left. */
  #part({ start, rows }: GrownNode, { column, table }: Split): number {
    this.#bytes.set(table, this.#at.tables);
    const size = rows < partAlone ? rows : Math.max(4096, Math.ceil(rows / (4 * this.#crew.size)));
    const pieces = Math.ceil(rows / size);
    this.#told.set([column, start, rows, this.#at.tables, size]);
    this.#crew.run(operation.part, pieces);
    this.#crew.run(operation.settle, pieces);
    return this.#numbers.subarray(this.#at.answers / 8, this.#at.answers / 8 + pieces).reduce((sum, n) => sum + n, 0);
  }

  #searchChildren(parent: GrownNode, left: GrownNode, right: GrownNode, leaves: readonly GrownNode[]): void {
    const [small, large] = left.rows < right.rows ? [left, right] : [right, left];
    const [searchSmall, searchLarge] = [this.#maySplit(small), this.#maySplit(large)];
    const kept = parent.histogram;
    parent.histogram = -1;
    if (!searchSmall && !searchLarge) {
      if (kept >= 0) this.#free.push(kept);
      return;
    }
    if (kept >= 0) {
      large.histogram = kept;
      small.histogram = this.#slot(leaves, large);
      this.#search(small, this.#countRows(small.start, small.rows), large, searchSmall, searchLarge);
    } else
      for (const child of [small, large].filter((each) => this.#maySplit(each))) {
        child.histogram = this.#slot(leaves, undefined);
        this.#search(child, this.#countRows(child.start, child.rows), undefined, true, false);
      }
    for (const child of [small, large])
      if (!child.best && child.histogram >= 0) {
        this.#free.push(child.histogram);
        child.histogram = -1;
      }
  }

  /** A free histogram; when none is, the one of the leaf that gains least, which will be counted again. */
  #slot(leaves: readonly GrownNode[], spared: GrownNode | undefined): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const holders = leaves.filter((leaf) => leaf.histogram >= 0 && leaf !== spared);
    const least = holders.reduce((a, b) => ((b.best?.gain ?? 0) < (a.best?.gain ?? 0) ? b : a));
    const { histogram } = least;
    least.histogram = -1;
    return histogram;
  }

  /** Counts a leaf by rows into the threads' own histograms where that is worth it; says how the leaf's comes to be. */
  #countRows(start: number, rows: number): number {
    if (this.#crew.size === 1 || rows < countByColumns || !this.#at.privateHistograms) return build.count;
    const size = Math.max(1024, Math.min(16_384, 256 * Math.ceil(rows / (256 * 4 * this.#crew.size))));
    this.#told.set([start, rows, ++this.#counts, size, this.#units.gradients]);
    this.#crew.run(operation.countRows, Math.ceil(rows / size));
    return build.join;
  }

  /** Builds the histogram of `small`, takes it from that of `large`, and finds the best splits that are asked for. */
  #search(small: GrownNode, how: number, large: GrownNode | undefined, searchSmall: boolean, searchLarge: boolean): void {
    const d = this.#at.columns;
    const wanted = Math.ceil(d / this.#crew.size / 4) * 4;
    const width = Math.max(wanted, Math.ceil(d / mostSearchPieces / 4) * 4);
    const pieces = Math.ceil(d / width);
    if (searchSmall) this.#tellLeaf(small, 0);
    if (searchLarge) this.#tellLeaf(large!, 1);
    const { start, rows, histogram } = small;
    const flags = [searchSmall ? 1 : 0, searchLarge ? 1 : 0];
    this.#told.set([start, rows, histogram, how, large?.histogram ?? 0, ...flags, this.#counts, width, this.#units.gradients]);
    this.#crew.run(operation.search, pieces);
    if (searchSmall) small.best = this.#readBest(small, 0, pieces);
    if (searchLarge) large!.best = this.#readBest(large!, 1, pieces);
  }

  /** Writes what a search must know of a leaf: its sums, penalties, bounds, and the columns it may split on. */
  #tellLeaf(leaf: GrownNode, which: 0 | 1): void {
    const { g, h, rows, low, high } = leaf;
    const { minSamplesLeaf, minChildWeight, regAlpha, regLambda, maxDeltaStep, signs } = this.#settings;
    const units = this.#units;
    const least = Math.max(1, minChildWeight / units.h);
    const isBound = regAlpha > 0 || maxDeltaStep > 0 || low > -Infinity || high < Infinity || signs.some((sign) => sign !== 0);
    const facts = [
      g,
      h,
      units.g,
      units.h,
      least,
      regAlpha,
      regLambda,
      maxDeltaStep,
      low,
      high,
      isBound ? 1 : 0,
      rows,
      Math.max(1, minSamplesLeaf),
    ];
    this.#numbers.set(facts, this.#at.leafFacts / 8 + 14 * which);
    const { columns, kinds, someMissing } = this.#at;
    const some = this.#bytes.subarray(someMissing, someMissing + columns);
    this.#bytes.set(columnKinds(leaf, this.#settings, this.#allowed, some, this.#draw), kinds + which * columns);
  }

  /** The best split over all pieces, if it gains; of equal ones the lowest column's. */
  #readBest(leaf: GrownNode, which: 0 | 1, pieces: number): Split | undefined {
    let place = -1;
    let most = -Infinity;
    for (let piece = 0; piece < pieces; piece++) {
      const at = this.#at.best + bestBytes * (2 * piece + which);
      if (this.#numbers[at / 8]! > most) {
        most = this.#numbers[at / 8]!;
        place = at;
      }
    }
    const gain = most - fallOf(leaf, this.#settings, this.#units);
    if (place < 0 || !(gain > this.#settings.minSplitGain)) return undefined;
    const [, column, bin, missingLeft, leftG, leftH, penalty] = this.#numbers.subarray(place / 8, place / 8 + 7);
    const isSet = bin === -1;
    const table = new Uint8Array(256);
    if (isSet) table.set(this.#bytes.subarray(place + 64, place + 64 + 256));
    else {
      table.fill(1, 0, bin! + 1);
      table[this.#bytes[this.#at.missingBins + column!]!] = missingLeft!;
    }
    return {
      gain,
      column: column!,
      bin: bin!,
      missingLeft: missingLeft === 1,
      leftG: leftG!,
      leftH: leftH!,
      penalty: isSet ? penalty! : this.#settings.regLambda,
      table,
    };
  }

  /** A 64-bit sum as a double; exact below 2⁵³. */
  #sum(place: number): number {
    return this.#words[place / 4 + 1]! * 4_294_967_296 + (this.#words[place / 4]! >>> 0);
  }

  #maySplit({ depth, rows, h }: GrownNode): boolean {
    return depth < this.#settings.maxDepth && rows >= 2 * Math.max(1, this.#settings.minSamplesLeaf) && h > 0;
  }
}
