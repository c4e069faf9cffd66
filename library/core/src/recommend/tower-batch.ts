import type { NeuralKernels } from "../numeric/neural-kernels.ts";
import { type KernelMemory, kernels, Layout, openMemory, type Pointer } from "../numeric/wasm.ts";
import type { SparseRows } from "./interactions.ts";

/** One side of a batch (rows × factors). */
interface Half {
  /** Sums before they are brought to length 1. */
  readonly raw: Float64Array;
  readonly lengths: Float64Array;
  /** Slopes of the loss, by `raw`. */
  readonly slopes: Float64Array;
}

/** A batch of users and the items that they took, with a kernel memory for the products of all with all. */
export interface TowerBatch {
  readonly size: number;
  readonly factors: number;
  readonly users: Half;
  readonly items: Half;
  readonly memory: KernelMemory;
  readonly kernel: NeuralKernels;
  readonly place: Readonly<
    Record<"users" | "items" | "itemPanels" | "itemColumns" | "products" | "userSlopes" | "itemSlopes" | "zeros", Pointer>
  >;
  /** Bytes of a row of products, and of one of factors. */
  readonly wide: number;
  readonly narrow: number;
}

const panel = 8;

/** Opens the memory of batches of so many rows. */
export function openBatch(size: number, factors: number): TowerBatch {
  const half = (): Half => ({
    raw: new Float64Array(size * factors),
    lengths: new Float64Array(size),
    slopes: new Float64Array(size * factors),
  });
  const [across, down] = [panel * Math.ceil(size / panel), panel * Math.ceil(factors / panel)];
  const rows = 6 * Math.ceil(size / 6);
  const layout = new Layout();
  const place: TowerBatch["place"] = {
    users: layout.reserve(4 * rows * down),
    items: layout.reserve(4 * rows * down),
    itemPanels: layout.reserve(4 * across * factors),
    itemColumns: layout.reserve(4 * size * down),
    products: layout.reserve(4 * rows * across),
    userSlopes: layout.reserve(4 * rows * down),
    itemSlopes: layout.reserve(4 * (size + 6) * down),
    zeros: layout.reserve(4 * Math.max(across, down)),
  };
  const memory = openMemory("two_tower.fit", layout);
  return {
    size,
    factors,
    users: half(),
    items: half(),
    memory,
    kernel: kernels<NeuralKernels>(memory),
    place,
    wide: 4 * across,
    narrow: 4 * down,
  };
}

/** What a batch is of. */
interface BatchData {
  readonly x: SparseRows;
  readonly userOf: Int32Array;
  readonly rarity: Float64Array;
  readonly temperature: number;
}

/**
 * The loss of a batch, −Σ log softmax of u·v / temperature + rarity at the row's own item, and its slopes by the sums of both sides. Items that a user took
 * do not compete for them.
 */
export function batchSoftmax(batch: TowerBatch, pairs: Int32Array, { x, userOf, rarity, temperature }: BatchData): number {
  const { size, factors, memory, kernel, place, wide, narrow } = batch;
  const floats = (pointer: Pointer, count: number): Float32Array => new Float32Array(memory.buffer, pointer, count);
  const [across, down] = [wide / 4, narrow / 4];
  const users = floats(place.users, size * down);
  const items = floats(place.items, size * down);
  toUnits(batch.users, size, factors, users, down);
  toUnits(batch.items, size, factors, items, down);
  toPanels((row, j) => items[row * down + j]!, factors, size, floats(place.itemPanels, across * factors), true);
  kernel.denseAffine32(place.users, narrow, size, factors, place.itemPanels, across / panel, place.zeros, place.products, wide);
  const products = floats(place.products, size * across);
  const isTaken = new Uint8Array(rarity.length);
  let loss = 0;
  for (const [row, pair] of pairs.entries())
    loss += softmaxRow(
      products.subarray(row * across, row * across + size),
      row,
      userOf[pair]!,
      pairs,
      x,
      rarity,
      temperature,
      isTaken,
    );
  toPanels((row, j) => items[row * down + j]!, factors, size, floats(place.itemColumns, size * down), false);
  kernel.denseAffine32(place.products, wide, size, size, place.itemColumns, down / panel, place.zeros, place.userSlopes, narrow);
  const userSlopes = floats(place.userSlopes, size * down);
  slopesOf(batch.users, users, (row, j) => userSlopes[row * down + j]!, size, factors, down);
  const itemSlopes = floats(place.itemSlopes, size * down).fill(0);
  kernel.denseOuter32(place.products, wide, place.users, narrow, size, size, down / panel, place.itemSlopes);
  slopesOf(
    batch.items,
    items,
    (row, j) => itemSlopes[(Math.floor(j / panel) * size + row) * panel + (j % panel)]!,
    size,
    factors,
    down,
  );
  return loss;
}

/** Rows to length 1, as floats. */
function toUnits({ raw, lengths }: Half, size: number, factors: number, out: Float32Array, down: number): void {
  for (let row = 0; row < size; row++) {
    let squares = 0;
    for (let j = 0; j < factors; j++) squares += raw[row * factors + j]! * raw[row * factors + j]!;
    const length = Math.sqrt(squares) || 1;
    lengths[row] = length;
    for (let j = 0; j < factors; j++) out[row * down + j] = raw[row * factors + j]! / length;
  }
}

/** A matrix (size × factors) in panels of 8 columns, or its transpose. */
function toPanels(
  at: (row: number, j: number) => number,
  factors: number,
  size: number,
  out: Float32Array,
  isTransposed: boolean,
): void {
  const [inner, columns] = isTransposed ? [factors, size] : [size, factors];
  for (let c = 0; c < columns; c++)
    for (let k = 0; k < inner; k++)
      out[(Math.floor(c / panel) * inner + k) * panel + (c % panel)] = isTransposed ? at(c, k) : at(k, c);
}

/** A row of products becomes its slopes by the products; answers the row's loss. */
function softmaxRow(
  row: Float32Array,
  own: number,
  user: number,
  pairs: Int32Array,
  { offsets, codes }: SparseRows,
  rarity: Float64Array,
  temperature: number,
  isTaken: Uint8Array,
): number {
  for (let k = offsets[user]!; k < offsets[user + 1]!; k++) isTaken[codes[k]!] = 1;
  let largest = -Infinity;
  for (let c = 0; c < row.length; c++) {
    const item = codes[pairs[c]!]!;
    const competes = c === own || isTaken[item] === 0;
    row[c] = competes ? row[c]! / temperature + rarity[item]! : -Infinity;
    if (row[c]! > largest) largest = row[c]!;
  }
  for (let k = offsets[user]!; k < offsets[user + 1]!; k++) isTaken[codes[k]!] = 0;
  const wanted = row[own]!;
  let total = 0;
  for (let c = 0; c < row.length; c++) {
    row[c] = Math.exp(row[c]! - largest);
    total += row[c]!;
  }
  for (let c = 0; c < row.length; c++) row[c] = (row[c]! / total - (c === own ? 1 : 0)) / temperature;
  return largest + Math.log(total) - wanted;
}

/** Slopes by vectors of length 1 become those by the sums: what only changes the length is taken off. */
function slopesOf(
  { lengths, slopes }: Half,
  units: Float32Array,
  at: (row: number, j: number) => number,
  size: number,
  factors: number,
  down: number,
): void {
  for (let row = 0; row < size; row++) {
    let along = 0;
    for (let j = 0; j < factors; j++) along += at(row, j) * units[row * down + j]!;
    for (let j = 0; j < factors; j++) slopes[row * factors + j] = (at(row, j) - along * units[row * down + j]!) / lengths[row]!;
  }
}
