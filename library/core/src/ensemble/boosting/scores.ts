import type { Crew } from "../../base/crew.ts";
import type { KernelMemory } from "../../numeric/wasm.ts";
import { operation } from "./crew.ts";
import type { GrownNode } from "./grown-tree.ts";
import type { Workspace } from "./workspace.ts";

/** A tree as the kernels walk it over binned rows. */
export interface WalkedTree {
  readonly nodes: Int32Array;
  readonly tables: Uint8Array;
  readonly values: Float64Array;
}

/** The scores of all rows while boosting goes on. */
export class Scores {
  readonly #at: Workspace;
  readonly #crew: Crew;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;

  constructor(at: Workspace, { buffer }: KernelMemory, crew: Crew) {
    this.#at = at;
    this.#crew = crew;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
    this.#numbers = new Float64Array(buffer);
  }

  /** Begins with a constant a score, or with the raw scores of a model (all rows × outputs) in the order given. */
  start(base: Float64Array, raw: Float64Array | undefined, order: Int32Array | undefined): void {
    const { rows, validationRows, outputs } = this.#at;
    for (let k = 0; k < outputs; k++) {
      const train = this.#at.scores / 8 + k * rows;
      const validation = this.#at.validationScores / 8 + k * validationRows;
      this.#numbers.fill(base[k]!, train, train + rows);
      this.#numbers.fill(base[k]!, validation, validation + validationRows);
      if (!raw) continue;
      for (let i = 0; i < rows + validationRows; i++) {
        const score = raw[(order ? order[i]! : i) * outputs + k]!;
        this.#numbers[i < rows ? train + i : validation + i - rows] = score;
      }
    }
  }

  /** Adds a tree just grown. `sawAll`: every row lies in the index, leaf by leaf; else rows walk the tree. */
  add(nodes: readonly GrownNode[], output: number, step: number, sawAll: boolean): void {
    if (sawAll) this.#addLeaves(nodes, output, step);
    if (sawAll && this.#at.validationRows === 0) return;
    this.#write(nodes);
    if (!sawAll) this.#walkRows(0, this.#at.rows, step, output);
    this.#walkRows(1, this.#at.validationRows, step, output);
  }

  /** Adds a factor times a tree that was kept. */
  addKept({ nodes, tables, values }: WalkedTree, output: number, factor: number): void {
    this.#words.set(nodes, this.#at.nodes / 4);
    this.#bytes.set(tables, this.#at.tables);
    this.#numbers.set(values, this.#at.values / 8);
    this.#walkRows(0, this.#at.rows, factor, output);
    this.#walkRows(1, this.#at.validationRows, factor, output);
  }

  /** A tree to be walked again later. */
  keep(nodes: readonly GrownNode[]): WalkedTree {
    this.#write(nodes);
    const { nodes: at, tables, values } = this.#at;
    return {
      nodes: this.#words.slice(at / 4, at / 4 + 2 * nodes.length),
      tables: this.#bytes.slice(tables, tables + 256 * nodes.length),
      values: this.#numbers.slice(values / 8, values / 8 + nodes.length),
    };
  }

  #addLeaves(nodes: readonly GrownNode[], output: number, step: number): void {
    const leaves = nodes.filter(({ split }) => !split);
    for (const [k, { start, rows, value }] of leaves.entries())
      this.#numbers.set([start, rows, value * step], this.#at.ranges / 8 + 3 * k);
    this.#numbers.set([leaves.length, output], this.#at.told / 8);
    this.#crew.run(operation.addLeaves, Math.ceil(this.#at.rows / this.#at.pieceRows));
  }

  #walkRows(validation: 0 | 1, rows: number, factor: number, output: number): void {
    if (rows === 0) return;
    this.#numbers.set([validation, factor, output], this.#at.told / 8);
    this.#crew.run(operation.addTree, Math.ceil(rows / this.#at.pieceRows));
  }

  #write(nodes: readonly GrownNode[]): void {
    for (const [k, { split, left, value }] of nodes.entries()) {
      this.#words.set([split ? split.column : -1, left], this.#at.nodes / 4 + 2 * k);
      this.#numbers[this.#at.values / 8 + k] = value;
      if (split) this.#bytes.set(split.table, this.#at.tables + 256 * k);
    }
  }
}
