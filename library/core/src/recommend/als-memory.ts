import { type CrewMember, defineCrew } from "../base/crew.ts";
import { type FactorKernels, factorWidth } from "../numeric/factor-kernels.ts";
import { type KernelMemory, kernels, Layout, openMemory, type Pointer } from "../numeric/wasm.ts";
import type { SparseRows } from "./interactions.ts";

/** One of the two sides of a factorisation: rows that are solved while the other side's stay. */
interface Side {
  readonly rows: number;
  readonly factors: Pointer;
  readonly offsets: Pointer;
  readonly codes: Pointer;
  /** c − 1 of each interaction. */
  readonly excess: Pointer;
  readonly penalties: Pointer;
  /** Rows begin[b] … begin[b + 1] − 1 are solved as one piece of about equal work. */
  readonly begin: Int32Array;
  /** Pieces of `gramRows` rows whose products are summed in order. */
  readonly grams: number;
}

/** Where everything of a factorisation lies, in one memory that all threads see. */
export interface AlsPlan {
  readonly memory: KernelMemory;
  readonly width: number;
  /** Steps of conjugate gradients; 0: solve exactly. */
  readonly steps: number;
  readonly sides: readonly [Side, Side];
  /** Sum of the other side's products, in floats and in doubles. */
  readonly gram: Pointer;
  readonly gram64: Pointer;
  readonly partials: Pointer;
  /** Number of the first piece of a run. */
  readonly first: Pointer;
  /** How many threads have a scratch already. */
  readonly taken: Pointer;
  readonly scratch: Pointer;
  readonly scratchBytes: number;
}

/** Operations of the crew: solve the pieces of side 0 or 1, multiply the rows of side 0 or 1. */
export const alsWork = { solve: 0, multiply: 2 } as const;

/** Name of the crew. */
export const alsCrew = "als";

/** Most pieces of partial products. */
const gramsMost = 256;
/** Multiplications of a piece of rows: about a millisecond. */
const pieceWork = 4_000_000;

/** Rows of a piece of products. */
function gramRowsOf(rows: number): number {
  return Math.max(1024, Math.ceil(rows / gramsMost));
}

/** Opens the memory of a fit. `excess` gives c − 1 of a value. Throws LimitError beyond 4 GiB. */
export function openAls(
  users: SparseRows,
  items: SparseRows,
  factors: number,
  steps: number,
  threads: number,
  excess: (value: number) => number,
): AlsPlan {
  const width = factorWidth(factors);
  const layout = new Layout();
  const side = ({ offsets, codes }: SparseRows): Side => {
    const rows = offsets.length - 1;
    return {
      rows,
      factors: layout.reserve(4 * rows * width),
      offsets: layout.reserve(4 * (rows + 1)),
      codes: layout.reserve(4 * codes.length),
      excess: layout.reserve(4 * codes.length),
      penalties: layout.reserve(4 * rows),
      begin: piecesOf(offsets, width, steps),
      grams: Math.ceil(rows / gramRowsOf(rows)),
    };
  };
  const sides = [side(users), side(items)] as const;
  const scratchBytes = 128 * Math.ceil(Math.max(12 * width, 8 * width * (width + 1)) / 128);
  const places = {
    gram: layout.reserve(4 * width * width),
    gram64: layout.reserve(8 * width * width),
    partials: layout.reserve(4 * width * width * Math.max(sides[0].grams, sides[1].grams)),
    first: layout.reserve(4),
    taken: layout.reserve(4),
    scratch: layout.reserve(scratchBytes * threads),
  };
  const memory = openMemory("als.fit", layout, users.offsets.length - 1);
  for (const [s, rows] of [users, items].entries()) {
    const { offsets, codes, excess: much } = sides[s]!;
    new Int32Array(memory.buffer, offsets, rows.offsets.length).set(rows.offsets);
    new Int32Array(memory.buffer, codes, rows.codes.length).set(rows.codes);
    const out = new Float32Array(memory.buffer, much, rows.codes.length);
    for (let k = 0; k < out.length; k++) out[k] = excess(rows.values[k]!);
  }
  return { memory, width, steps, sides, scratchBytes, ...places };
}

/** Beginnings of pieces of about equal work, and the end. */
function piecesOf(offsets: Int32Array, width: number, steps: number): Int32Array {
  const ofCode = steps > 0 ? 2 * width * (steps + 1) : (width * width) / 2;
  const ofRow = steps > 0 ? width * width * (steps + 1) : width * width * width;
  const begin = [0];
  let work = 0;
  for (let row = 0; row < offsets.length - 1; row++) {
    work += ofRow + ofCode * (offsets[row + 1]! - offsets[row]!);
    if (work < pieceWork) continue;
    begin.push(row + 1);
    work = 0;
  }
  if (begin.at(-1) !== offsets.length - 1) begin.push(offsets.length - 1);
  return Int32Array.from(begin);
}

/** A side's rows (rows × width). */
export function factorsOf({ memory, width }: AlsPlan, { factors, rows }: Side): Float32Array {
  return new Float32Array(memory.buffer, factors, rows * width);
}

defineCrew(alsCrew, (plan: AlsPlan): CrewMember => {
  const { memory, width, steps, sides, gram, gram64, partials, first, taken, scratch, scratchBytes } = plan;
  const kernel = kernels<FactorKernels>(memory);
  const own = scratch + scratchBytes * Atomics.add(new Int32Array(memory.buffer, taken, 1), 0, 1);
  const offset = new Int32Array(memory.buffer, first, 1);
  const solve = (side: Side, other: Side, piece: number): void => {
    const from = side.begin[piece]!;
    const to = side.begin[piece + 1]!;
    const rows = [from, to, side.offsets, side.codes, side.excess, other.factors, side.factors] as const;
    if (steps > 0) kernel.conjugateFactors(...rows, gram, side.penalties, width, steps, own);
    else kernel.exactFactors(...rows, gram64, side.penalties, width, own);
  };
  const multiply = ({ rows, factors }: Side, piece: number): void => {
    const size = gramRowsOf(rows);
    const from = piece * size;
    kernel.factorGram(factors + 4 * from * width, Math.min(size, rows - from), width, partials + 4 * piece * width * width);
  };
  return (operation, piece) => {
    const number = piece + offset[0]!;
    if (operation >= alsWork.multiply) multiply(sides[operation - alsWork.multiply]!, number);
    else solve(sides[operation]!, sides[1 - operation]!, number);
  };
});
