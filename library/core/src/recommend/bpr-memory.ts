import { type CrewMember, defineCrew } from "../base/crew.ts";
import { factorWidth, type RankingKernels } from "../numeric/factor-kernels.ts";
import { random } from "../numeric/random.ts";
import { type KernelMemory, kernels, Layout, openMemory, type Pointer } from "../numeric/wasm.ts";
import type { SparseRows } from "./interactions.ts";

/**
 * Where everything of a fit of BPR lies. Users and items are parted into as many blocks each; in a round every user block meets one item block, no two the
 * same: no row is touched by two threads, and the result does not depend on them. Items are parted anew in each epoch. Source: Gemulla et al. (2011), KDD.
 */
export interface BprPlan {
  readonly memory: KernelMemory;
  readonly width: number;
  readonly factors: number;
  readonly rate: number;
  readonly penalty: number;
  readonly seed: number;
  readonly items: number;
  /** Block b holds the users begin[b] … begin[b + 1] − 1. */
  readonly begin: Int32Array;
  readonly place: Readonly<Record<Place, Pointer>>;
  readonly pairs: number;
}
type Place =
  | "users"
  | "items"
  | "offsets"
  | "codes"
  | "pairUsers"
  | "pairItems"
  | "words"
  | "starts"
  | "pool"
  | "blockOf"
  | "counts"
  | "now";

/** Operations of the crew: order the pairs of a user block, or learn from those of it and the round's item block. */
export const bprWork = { arrange: 0, learn: 1 } as const;

/** Name of the crew. */
export const bprCrew = "bpr";

const blocksMost = 16;

/** Opens the memory of a fit. Throws LimitError beyond 4 GiB. */
export function openBpr(
  taken: SparseRows,
  items: number,
  options: { readonly factors: number; readonly learningRate: number; readonly regularization: number; readonly seed: number },
): BprPlan {
  const { offsets, codes } = taken;
  const users = offsets.length - 1;
  const pairs = codes.length;
  const { factors, learningRate: rate, regularization: penalty, seed } = options;
  const width = factorWidth(factors + 1);
  const blocks = Math.max(1, Math.min(blocksMost, Math.floor(users / 8), Math.floor(items / 8)));
  const layout = new Layout();
  const place: BprPlan["place"] = {
    users: layout.reserve(4 * users * width),
    items: layout.reserve(4 * items * width),
    offsets: layout.reserve(4 * (users + 1)),
    codes: layout.reserve(4 * pairs),
    pairUsers: layout.reserve(4 * pairs),
    pairItems: layout.reserve(4 * pairs),
    words: layout.reserve(4 * (pairs + 4 * blocks)),
    starts: layout.reserve(4 * blocks * (blocks + 1)),
    pool: layout.reserve(4 * items),
    blockOf: layout.reserve(4 * items),
    counts: layout.reserve(8 * blocks),
    now: layout.reserve(8),
  };
  const memory = openMemory("bpr.fit", layout, users);
  new Int32Array(memory.buffer, place.offsets, users + 1).set(offsets);
  new Int32Array(memory.buffer, place.codes, pairs).set(codes);
  return { memory, width, factors, rate, penalty, seed, items, begin: blocksOf(offsets, blocks), place, pairs };
}

/** Users in blocks of about as many pairs each. */
function blocksOf(offsets: Int32Array, blocks: number): Int32Array {
  const begin = new Int32Array(blocks + 1).fill(offsets.length - 1);
  begin[0] = 0;
  for (let user = 0, block = 1; user < offsets.length - 1 && block < blocks; user++)
    if (offsets[user + 1]! >= (block * offsets.at(-1)!) / blocks) begin[block++] = user + 1;
  return begin;
}

/** First item of a block in the epoch's order. */
export function poolStart(items: number, blocks: number, block: number): number {
  return Math.floor((block * items) / blocks);
}

defineCrew(bprCrew, (plan: BprPlan): CrewMember => {
  const { memory, width, factors, rate, penalty, seed, items, begin, place, pairs } = plan;
  const kernel = kernels<RankingKernels>(memory);
  const blocks = begin.length - 1;
  const view = (pointer: Pointer, length: number): Int32Array => new Int32Array(memory.buffer, pointer, length);
  const [offsets, codes, pairUsers, pairItems] = [
    view(place.offsets, begin[blocks]! + 1),
    view(place.codes, pairs),
    view(place.pairUsers, pairs),
    view(place.pairItems, pairs),
  ];
  const [blockOf, starts, now] = [view(place.blockOf, items), view(place.starts, blocks * (blocks + 1)), view(place.now, 2)];
  /** Random words of a user block, in room of its own. */
  const draw = (name: string, block: number, count: number): Uint32Array => {
    const words = new Uint32Array(memory.buffer, place.words + 4 * (offsets[begin[block]!]! + 4 * block), count);
    random(seed, `${name}/${now[0]}/${block}`).fill(words, (counter, key, out) =>
      kernel.randomBlocks(out.byteOffset, out.length / 4, key[0]!, key[1]!, counter[0]!, counter[1]!, counter[2]!, counter[3]!),
    );
    return words;
  };
  const arrange = (block: number): void => {
    const from = offsets[begin[block]!]!;
    const count = offsets[begin[block + 1]!]! - from;
    const order = Int32Array.from({ length: count }, (_, k) => from + k);
    const words = draw("bpr/order", block, count);
    for (let k = count - 1; k > 0; k--) {
      const other = Math.floor((words[k]! / 4_294_967_296) * (k + 1));
      [order[k], order[other]] = [order[other]!, order[k]!];
    }
    const owner = new Int32Array(count);
    for (let user = begin[block]!; user < begin[block + 1]!; user++)
      owner.fill(user, offsets[user]! - from, offsets[user + 1]! - from);
    const next = new Int32Array(blocks + 1);
    for (let k = from; k < from + count; k++) next[blockOf[codes[k]!]! + 1]!++;
    for (let b = 0; b < blocks; b++) next[b + 1]! += next[b]!;
    for (let b = 0; b <= blocks; b++) starts[block * (blocks + 1) + b] = from + next[b]!;
    for (const k of order) {
      const to = from + next[blockOf[codes[k]!]!]!++;
      pairUsers[to] = owner[k - from]!;
      pairItems[to] = codes[k]!;
    }
    draw("bpr/other", block, count);
  };
  const learn = (block: number): void => {
    const itemBlock = (block + now[1]!) % blocks;
    const from = starts[block * (blocks + 1) + itemBlock]!;
    const pool = poolStart(items, blocks, itemBlock);
    kernel.rankPairs(
      place.pairUsers + 4 * from,
      place.pairItems + 4 * from,
      place.words + 4 * (from + 4 * block),
      starts[block * (blocks + 1) + itemBlock + 1]! - from,
      place.pool + 4 * pool,
      poolStart(items, blocks, itemBlock + 1) - pool,
      place.offsets,
      place.codes,
      place.users,
      place.items,
      width,
      factors,
      rate,
      penalty,
      place.counts + 8 * block,
    );
  };
  return (operation, block) => (operation === bprWork.arrange ? arrange(block) : learn(block));
});
