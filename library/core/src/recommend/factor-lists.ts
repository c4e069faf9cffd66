import { type CrewMember, defineCrew } from "../base/crew.ts";
import { crewOfPool } from "../base/pool.ts";
import { type FactorKernels, factorWidth } from "../numeric/factor-kernels.ts";
import { type KernelMemory, kernels, Layout, openMemory, type Pointer } from "../numeric/wasm.ts";
import { lengthOf } from "./cosines.ts";
import type { TopLists } from "./top-lists.ts";

/** Whose lists are asked: their vectors, one after the other, and what is hidden from each, ascending. */
interface ListQueries {
  readonly vectors: readonly Float32Array[];
  readonly hidden: readonly Int32Array[];
}

const tileUsers = 6;
const groupItems = 8;
/** Users of a piece of work. */
const chunkUsers = 42 * tileUsers;
/** Pieces that are handed out at once. */
const chunksMost = 64;
/** Entries of lists, and hidden codes, that have room at once. */
const entriesMost = 1 << 20;
/** Multiplications that are worth a thread: about 5 ms. */
const productsOfThread = 40_000_000;

/** Items in a kernel memory, with room for a round of users. */
export interface ListPlan {
  readonly memory: KernelMemory;
  readonly items: number;
  readonly width: number;
  readonly dimensions: number;
  readonly hiddenMost: number;
  readonly place: Readonly<
    Record<
      | "packed"
      | "order"
      | "lengths"
      | "tiles"
      | "norms"
      | "thresholds"
      | "scores"
      | "codes"
      | "allowed"
      | "offsets"
      | "hidden"
      | "values",
      Pointer
    >
  >;
}

/** One round as the crew sees it. */
interface Round {
  readonly plan: ListPlan;
  readonly users: number;
  readonly k: number;
  readonly isLimited: boolean;
}

/** Opens items (rows of `dimensions`) for questions; the memory is kept. */
export function openFactorLists(items: Float32Array, dimensions: number): ListPlan {
  const count = items.length / dimensions;
  const width = factorWidth(dimensions);
  const users = chunkUsers * chunksMost;
  const hiddenMost = Math.max(entriesMost, count);
  const groups = Math.ceil(count / groupItems);
  const layout = new Layout();
  const place: ListPlan["place"] = {
    packed: layout.reserve(4 * width * groupItems * groups),
    order: layout.reserve(4 * count),
    lengths: layout.reserve(4 * groups),
    tiles: layout.reserve(4 * width * users),
    norms: layout.reserve(4 * users),
    thresholds: layout.reserve(4 * users),
    scores: layout.reserve(4 * Math.max(entriesMost, count)),
    codes: layout.reserve(4 * Math.max(entriesMost, count)),
    allowed: layout.reserve(count),
    offsets: layout.reserve(8 * users),
    hidden: layout.reserve(4 * hiddenMost),
    values: layout.reserve(128 * chunksMost),
  };
  const memory = openMemory("recommend", layout);
  const packed = new Float32Array(memory.buffer, place.packed, width * groupItems * groups);
  const norms = Float64Array.from({ length: count }, (_, item) => lengthOf(items, item * dimensions, dimensions));
  const order = new Int32Array(memory.buffer, place.order, count);
  order.set(Int32Array.from(norms.keys()).sort((a, b) => norms[b]! - norms[a]! || a - b));
  for (const [at, item] of order.entries()) pack(items, item * dimensions, dimensions, packed, at, groupItems, width);
  const lengths = new Float32Array(memory.buffer, place.lengths, groups);
  for (let group = 0; group < groups; group++) lengths[group] = roundedUp(norms[order[group * groupItems]!]!, dimensions);
  return { memory, items: count, width, dimensions, hiddenMost, place };
}

/** A length so much longer that a product of two rows, rounded in 32 bits at each of its steps, is not beyond the product of theirs. */
function roundedUp(length: number, dimensions: number): number {
  return Math.max(length, 1e-15) * (1 + (dimensions + 8) * 2 ** -22);
}

/** A row among `size` that lie beside each other, value by value. */
function pack(
  from: Float32Array,
  at: number,
  dimensions: number,
  to: Float32Array,
  row: number,
  size: number,
  width: number,
): void {
  let place = Math.floor(row / size) * size * width + (row % size);
  for (let j = 0; j < dimensions; j++, place += size) to[place] = from[at + j]!;
}

/**
 * The k best items of each query: larger product first, of equals the lower code; in 32 bits, on all threads of the pool that are free, the same bits at any
 * number of them. `allowed`: 1 for the items that may be shown. Between rounds of about 0.1 s other work may run. O(items f) a query.
 */
export async function factorLists(
  plan: ListPlan,
  queries: ListQueries,
  k: number,
  allowed: Uint8Array | undefined,
): Promise<TopLists> {
  const count = queries.vectors.length;
  const found = { k, codes: new Int32Array(count * k).fill(-1), scores: new Float64Array(count * k).fill(Number.NaN) };
  const most = Math.max(chunkUsers, chunkUsers * Math.ceil(2e9 / (plan.items * plan.width * chunkUsers)));
  for (let from = 0; from < count; ) {
    from = answerRound(plan, queries, k, allowed, from, Math.min(count, from + most), found);
    if (from < count) await new Promise((resolve) => setImmediate(resolve));
  }
  return found;
}

/** The k best items of one query, at once. */
export function factorList(
  plan: ListPlan,
  vector: Float32Array,
  hidden: Int32Array,
  k: number,
  allowed: Uint8Array | undefined,
): TopLists {
  const size = Math.min(k, plan.items);
  const found = { k: size, codes: new Int32Array(size).fill(-1), scores: new Float64Array(size).fill(Number.NaN) };
  answerRound(plan, { vectors: [vector], hidden: [hidden] }, size, allowed, 0, 1, found);
  return found;
}

/** Answers queries from … as many as have room; says where the next round begins. */
function answerRound(
  plan: ListPlan,
  { vectors, hidden }: ListQueries,
  k: number,
  allowed: Uint8Array | undefined,
  from: number,
  to: number,
  found: TopLists,
): number {
  const { memory, place, width, dimensions, items, hiddenMost } = plan;
  const size = Math.min(k, items);
  const room = Math.min(to - from, chunkUsers * chunksMost, Math.floor(Math.max(entriesMost, items) / size));
  const tiles = new Float32Array(memory.buffer, place.tiles, width * tileUsers * Math.ceil(room / tileUsers)).fill(0);
  const norms = new Float32Array(memory.buffer, place.norms, room);
  const offsets = new Int32Array(memory.buffer, place.offsets, 2 * room);
  const codes = new Int32Array(memory.buffer, place.hidden, hiddenMost);
  let users = 0;
  let taken = 0;
  for (; users < room && taken + hidden[from + users]!.length <= hiddenMost; users++) {
    const vector = vectors[from + users]!;
    pack(vector, 0, dimensions, tiles, users, tileUsers, width);
    norms[users] = roundedUp(lengthOf(vector, 0, dimensions), dimensions);
    codes.set(hidden[from + users]!, taken);
    offsets[2 * users] = taken;
    taken += hidden[from + users]!.length;
    offsets[2 * users + 1] = taken;
  }
  if (allowed) new Uint8Array(memory.buffer, place.allowed, items).set(allowed);
  const round: Round = { plan, users, k: size, isLimited: allowed !== undefined };
  runRound(round);
  const [best, scores] = [
    new Int32Array(memory.buffer, place.codes, users * size),
    new Float32Array(memory.buffer, place.scores, users * size),
  ];
  for (let user = 0; user < users; user++)
    for (let rank = 0; rank < size; rank++) {
      const score = scores[user * size + rank]!;
      if (score === -Infinity) break;
      found.codes[(from + user) * k + rank] = best[user * size + rank]!;
      found.scores[(from + user) * k + rank] = score;
    }
  return from + users;
}

const listCrew = "best items";

/** A round that is worth no second thread wakes none. */
function runRound(round: Round): void {
  const { users, plan } = round;
  const chunks = Math.ceil(users / chunkUsers);
  const threads = Math.ceil((users * plan.items * plan.width) / productsOfThread);
  if (threads === 1) {
    const work = listing(round);
    for (let chunk = 0; chunk < chunks; chunk++) work(0, chunk);
    return;
  }
  const crew = crewOfPool(listCrew, round, threads);
  try {
    crew.run(0, chunks);
  } finally {
    crew.end();
  }
}

/** The kernels of a plan's memory, opened once a thread. */
const opened = new WeakMap<ListPlan, FactorKernels>();

function kernelsOf(plan: ListPlan): FactorKernels {
  let kernel = opened.get(plan);
  if (!kernel) opened.set(plan, (kernel = kernels<FactorKernels>(plan.memory)));
  return kernel;
}

function listing({ plan, users, k, isLimited }: Round): CrewMember {
  const { memory, place, items, width } = plan;
  const kernel = kernelsOf(plan);
  return (_, chunk) => {
    const from = chunk * chunkUsers;
    const count = Math.min(chunkUsers, users - from);
    const padded = tileUsers * Math.ceil(count / tileUsers);
    new Float32Array(memory.buffer, place.thresholds + 4 * from, padded).fill(Infinity).fill(-Infinity, 0, count);
    new Float32Array(memory.buffer, place.scores + 4 * from * k, count * k).fill(-Infinity);
    kernel.topItems(
      place.packed,
      items,
      place.order,
      place.lengths,
      width,
      place.tiles + 4 * from * width,
      place.norms + 4 * from,
      count,
      k,
      place.thresholds + 4 * from,
      place.scores + 4 * from * k,
      place.codes + 4 * from * k,
      isLimited ? place.allowed : 0,
      place.offsets + 8 * from,
      place.hidden,
      place.values + 128 * chunk,
    );
  };
}

defineCrew(listCrew, listing);
