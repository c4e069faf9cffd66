import { type CartKernels, growthFields } from "../numeric/cart-kernels.ts";
import type { philoxBlocks, Random } from "../numeric/random.ts";
import { type GrowingRoom, wordsOf } from "./rank-columns.ts";

/** A stream whose next words lie in a kernel memory: whoever draws, a kernel or a function here, they come in the same order. */
export interface RandomWords {
  /** Uniform on 0 … n − 1, as `Random.int`. */
  int(n: number): number;
  /** Uniform on [0, 1), 32 bits. */
  share(): number;
  /** Draws ahead as many words as there is room for; for a tree that draws none it only says that there are enough. */
  refill(): void;
}

/** The words of `random` in a room for d columns, none at first. `isDrawing` is false where the tree will draw nothing. */
export function randomWords(
  random: Random,
  kernels: CartKernels,
  u32: Uint32Array,
  { words, growth }: GrowingRoom,
  d: number,
  isDrawing: boolean,
): RandomWords {
  const next = growth / 4 + growthFields.indexOf("word");
  const end = growth / 4 + growthFields.indexOf("wordsEnd");
  u32[next] = 0;
  u32[end] = 0;
  const write: typeof philoxBlocks = (counter, key, out) =>
    kernels.randomBlocks(out.byteOffset, out.length / 4, key[0]!, key[1]!, counter[0]!, counter[1]!, counter[2]!, counter[3]!);
  const refill = (): void => {
    if (!isDrawing) {
      u32[end] = 0x7fffffff;
      return;
    }
    const first = words / 4;
    u32.copyWithin(first, first + u32[next]!, first + u32[end]!);
    const kept = u32[end]! - u32[next]!;
    random.fill(u32.subarray(first + kept, first + wordsOf(d)), write);
    u32[next] = 0;
    u32[end] = wordsOf(d);
  };
  const word = (): number => {
    if (u32[next] === u32[end]) refill();
    return u32[words / 4 + u32[next]!++]!;
  };
  return {
    int(n) {
      const limit = 4_294_967_296 - (4_294_967_296 % n);
      let value = word();
      while (value >= limit) value = word();
      return value % n;
    },
    share: () => word() / 4_294_967_296,
    refill,
  };
}
