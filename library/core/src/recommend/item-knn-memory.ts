import { defineWork } from "../base/worker.ts";
import type { NeighbourKernels } from "../numeric/neighbour-kernels.ts";
import { type KernelMemory, kernels, Layout, openMemory, type Pointer } from "../numeric/wasm.ts";
import type { SparseRows } from "./interactions.ts";

/** Where everything of a comparison of items lies, in one memory that all threads see. */
interface ItemKnnPlan {
  readonly memory: KernelMemory;
  readonly most: number;
  readonly shrinkage: number;
  /** Items begin[p] … begin[p + 1] − 1 are compared as one piece of about equal work. */
  readonly begin: Int32Array;
  /** Rows of items and of users: offsets, codes, weights. */
  readonly sides: readonly [SidePlace, SidePlace];
  /** How many threads have a scratch already. */
  readonly taken: Pointer;
  /** Of the first thread; the others' lie `scratchBytes` behind each other. */
  readonly scratch: Readonly<Record<"sums" | "touched" | "scores" | "sizes" | "codes" | "values", Pointer>>;
  readonly scratchBytes: number;
}

/** Rows in a kernel memory. */
interface SidePlace {
  readonly offsets: Pointer;
  readonly codes: Pointer;
  readonly weights: Pointer;
}

/** Name of the work. */
export const itemKnnWork = "item-knn";

/** Additions of a piece: about 5 ms. */
const pieceWork = 2_000_000;
const piecesMost = 2000;
/** Entries of a piece's lists at most, where that is no single item. */
const entriesMost = 1 << 17;

/** Opens the memory of a fit. Throws LimitError beyond 4 GiB. */
export function openItemKnn(
  byItem: SparseRows,
  byUser: SparseRows,
  { nNeighbors, shrinkage, threads }: { readonly nNeighbors: number; readonly shrinkage: number; readonly threads: number },
): ItemKnnPlan {
  const items = byItem.offsets.length - 1;
  const most = Math.min(nNeighbors, Math.max(1, items - 1));
  const layout = new Layout();
  const side = ({ offsets, codes }: SparseRows): SidePlace => ({
    offsets: layout.reserve(4 * offsets.length),
    codes: layout.reserve(4 * codes.length),
    weights: layout.reserve(8 * codes.length),
  });
  const sides = [side(byItem), side(byUser)] as const;
  const taken = layout.reserve(4);
  const rowsMost = Math.max(1, Math.floor(entriesMost / most));
  const scratch = {
    sums: layout.reserve(16 * items),
    touched: layout.reserve(4 * items),
    scores: layout.reserve(8 * most),
    sizes: layout.reserve(4 * rowsMost),
    codes: layout.reserve(4 * rowsMost * most),
    values: layout.reserve(8 * rowsMost * most),
  };
  const scratchBytes = layout.sizeBytes - scratch.sums;
  if (threads > 1) layout.reserve(scratchBytes * (threads - 1));
  const memory = openMemory("item_knn.fit", layout);
  for (const [s, { offsets, codes, values }] of [byItem, byUser].entries()) {
    const place = sides[s]!;
    new Int32Array(memory.buffer, place.offsets, offsets.length).set(offsets);
    new Int32Array(memory.buffer, place.codes, codes.length).set(codes);
    new Float64Array(memory.buffer, place.weights, values.length).set(values);
  }
  return { memory, most, shrinkage, begin: piecesOf(byItem, byUser, rowsMost), sides, taken, scratch, scratchBytes };
}

/** Beginnings of pieces of about equal work, and the end. */
function piecesOf(byItem: SparseRows, byUser: SparseRows, rowsMost: number): Int32Array {
  const items = byItem.offsets.length - 1;
  const additions = new Float64Array(items);
  for (let item = 0; item < items; item++)
    for (let k = byItem.offsets[item]!; k < byItem.offsets[item + 1]!; k++)
      additions[item]! += byUser.offsets[byItem.codes[k]! + 1]! - byUser.offsets[byItem.codes[k]!]!;
  const most = Math.max(pieceWork, additions.reduce((a, b) => a + b, 0) / piecesMost);
  const begin = [0];
  let work = 0;
  for (let item = 0; item < items; item++) {
    work += additions[item]!;
    if (work < most && item + 1 - begin.at(-1)! < rowsMost) continue;
    begin.push(item + 1);
    work = 0;
  }
  if (begin.at(-1) !== items) begin.push(items);
  return Int32Array.from(begin);
}

defineWork(itemKnnWork, (plan: ItemKnnPlan) => {
  const { memory, most, shrinkage, begin, sides, taken, scratch, scratchBytes } = plan;
  const [items, users] = sides;
  const kernel = kernels<NeighbourKernels>(memory);
  const behind = scratchBytes * Atomics.add(new Int32Array(memory.buffer, taken, 1), 0, 1);
  const own = (place: keyof ItemKnnPlan["scratch"]): Pointer => scratch[place] + behind;
  return (piece): SparseRows => {
    const [from, to] = [begin[piece]!, begin[piece + 1]!];
    kernel.itemNeighbours(
      from,
      to,
      items.offsets,
      items.codes,
      items.weights,
      users.offsets,
      users.codes,
      users.weights,
      most,
      shrinkage,
      own("sums"),
      own("touched"),
      own("scores"),
      own("sizes"),
      own("codes"),
      own("values"),
    );
    const offsets = new Int32Array(to - from + 1);
    const sizes = new Int32Array(memory.buffer, own("sizes"), to - from);
    for (let row = 0; row < sizes.length; row++) offsets[row + 1] = offsets[row]! + sizes[row]!;
    return {
      offsets,
      codes: new Int32Array(memory.buffer, own("codes"), offsets.at(-1)!).slice(),
      values: new Float64Array(memory.buffer, own("values"), offsets.at(-1)!).slice(),
    };
  };
});
