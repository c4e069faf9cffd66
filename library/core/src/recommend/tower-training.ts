import type { FitContext } from "../base/contract.ts";
import { type Random, random } from "../numeric/random.ts";
import type { FeatureRows } from "./entity-features.ts";
import { countOf } from "./ids.ts";
import type { Interactions, SparseRows } from "./interactions.ts";
import { LearnedRows } from "./learned-rows.ts";
import { batchSoftmax, openBatch, type TowerBatch } from "./tower-batch.ts";

/** What two towers learn. */
export interface TowerState {
  /** Users × factors, of length 1. */
  readonly users: Float32Array;
  /** Items × factors, of length 1. */
  readonly items: Float32Array;
  /** What an item that a user took says of the user (items × factors). */
  readonly taken: Float32Array;
  readonly factors: number;
}

/** Parameters of two towers. */
export interface TwoTowerParams {
  readonly factors: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly temperature: number;
  readonly seed: number;
}

/** Of a user's other items at most so many speak in a step; they are drawn anew each time. */
const spokenMost = 50;

/** Learns both towers; each step is a batch of interactions. */
export function trainTowers(
  x: Interactions,
  features: { readonly users: FeatureRows; readonly items: FeatureRows },
  training: TwoTowerParams,
  { checkpoint }: FitContext,
): TowerState {
  const { factors, epochs, batchSize, learningRate, temperature, seed } = training;
  const items = countOf(x.items);
  const pairs = x.codes.length;
  const size = Math.min(batchSize, pairs);
  const rows = (name: string, count: number) => new LearnedRows(count, factors, learningRate, random(seed, `two-tower/${name}`));
  const parts = {
    taken: rows("taken", items),
    own: rows("items", items),
    ofUser: rows("user features", features.users.features),
    ofItem: rows("item features", features.items.features),
  };
  const userOf = new Int32Array(pairs);
  for (let u = 0; u < x.offsets.length - 1; u++) userOf.fill(u, x.offsets[u], x.offsets[u + 1]);
  const rarity = rarityOf(x, items);
  const batch = openBatch(size, factors);
  const stream = random(seed, "two-tower/order");
  const steps = epochs * Math.floor(pairs / size);
  for (let epoch = 0, step = 0; epoch < epochs; epoch++) {
    const order = stream.permutation(pairs);
    for (let from = 0; from + size <= pairs; from += size) {
      const chosen = order.subarray(from, from + size);
      const spoken = Array.from(chosen, (pair) => spokenOf(x, userOf[pair]!, x.codes[pair]!, stream));
      for (const [row, pair] of chosen.entries()) {
        sumUser(parts, spoken[row]!, features.users, userOf[pair]!, batch.users, row);
        sumItem(parts, features.items, x.codes[pair]!, batch.items, row);
      }
      const loss = batchSoftmax(batch, chosen, { x, userOf, rarity, temperature });
      for (const [row, pair] of chosen.entries()) {
        parts.taken.addEvenly(spoken[row]!, batch.users.slopes, row * factors);
        parts.ofUser.addWeighted(features.users, userOf[pair]!, batch.users.slopes, row * factors);
        parts.own.add(x.codes[pair]!, 1, batch.items.slopes, row * factors);
        parts.ofItem.addWeighted(features.items, x.codes[pair]!, batch.items.slopes, row * factors);
      }
      for (const each of Object.values(parts)) each.step();
      checkpoint(++step, steps, { loss: loss / size });
    }
  }
  return finished(x, features, parts, factors);
}

type Parts = Readonly<Record<"taken" | "own" | "ofUser" | "ofItem", LearnedRows>>;
type Half = TowerBatch["users"];

/** −log of the share of the interactions that an item has. */
function rarityOf({ codes }: SparseRows, items: number): Float64Array {
  const counts = new Float64Array(items);
  for (const code of codes) counts[code]!++;
  return counts.map((count) => -Math.log(Math.max(1, count) / codes.length));
}

/** A user's items but one; of many, some drawn. */
function spokenOf({ offsets, codes }: SparseRows, user: number, but: number, stream: Random): Int32Array {
  const others = codes.subarray(offsets[user], offsets[user + 1]).filter((code) => code !== but);
  if (others.length <= spokenMost) return others;
  for (let k = 0; k < spokenMost; k++) {
    const other = k + stream.int(others.length - k);
    [others[k], others[other]] = [others[other]!, others[k]!];
  }
  return others.subarray(0, spokenMost);
}

function sumUser(
  { taken, ofUser }: Parts,
  spoken: Int32Array,
  features: FeatureRows,
  user: number,
  half: Half,
  row: number,
): void {
  const out = half.raw.fill(0, row * taken.width, (row + 1) * taken.width);
  for (const code of spoken) taken.into(code, 1 / spoken.length, out, row * taken.width);
  for (let k = features.offsets[user]!; k < features.offsets[user + 1]!; k++)
    ofUser.into(features.codes[k]!, features.values[k]!, out, row * taken.width);
}

function sumItem({ own, ofItem }: Parts, features: FeatureRows, item: number, half: Half, row: number): void {
  const out = half.raw.fill(0, row * own.width, (row + 1) * own.width);
  own.into(item, 1, out, row * own.width);
  for (let k = features.offsets[item]!; k < features.offsets[item + 1]!; k++)
    ofItem.into(features.codes[k]!, features.values[k]!, out, row * own.width);
}

/** Vectors of all users and items, of length 1. */
function finished(
  x: Interactions,
  features: { readonly users: FeatureRows; readonly items: FeatureRows },
  parts: Parts,
  factors: number,
): TowerState {
  const whole = (count: number, sum: (row: number, half: Half) => void): Float32Array => {
    const half: Half = { raw: new Float64Array(count * factors), lengths: new Float64Array(0), slopes: new Float64Array(0) };
    for (let row = 0; row < count; row++) sum(row, half);
    const out = new Float32Array(count * factors);
    for (let row = 0; row < count; row++) {
      const vector = half.raw.subarray(row * factors, (row + 1) * factors);
      const length = Math.sqrt(vector.reduce((total, value) => total + value * value, 0)) || 1;
      for (let j = 0; j < factors; j++) out[row * factors + j] = vector[j]! / length;
    }
    return out;
  };
  return {
    users: whole(x.offsets.length - 1, (user, half) =>
      sumUser(parts, x.codes.subarray(x.offsets[user], x.offsets[user + 1]), features.users, user, half, user),
    ),
    items: whole(countOf(x.items), (item, half) => sumItem(parts, features.items, item, half, item)),
    taken: Float32Array.from(parts.taken.values),
    factors,
  };
}

/** Mean of some rows. */
export function meanVector(rows: Float32Array, factors: number, codes: Int32Array): Float64Array {
  const sums = new Float64Array(factors);
  for (const code of codes) for (let j = 0; j < factors; j++) sums[j]! += rows[code * factors + j]! / codes.length;
  return sums;
}
