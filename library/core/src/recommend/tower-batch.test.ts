import { expect, test } from "vitest";
import { random } from "../numeric/random.ts";
import { batchSoftmax, openBatch } from "./tower-batch.ts";

test.each([
  [10, 4],
  [13, 9],
])("slopes of a batch of %i rows of %i factors are those of small steps", (size, factors) => {
  const stream = random(size, "tower-batch");
  const items = 20;
  const own = Array.from({ length: size }, (_, u) => [u, (u + 3) % items, 19].toSorted((a, b) => a - b));
  const x = {
    offsets: Int32Array.from({ length: size + 1 }, (_, u) => 3 * u),
    codes: Int32Array.from(own.flat()),
    values: new Float64Array(3 * size).fill(1),
  };
  const userOf = Int32Array.from({ length: 3 * size }, (_, pair) => Math.floor(pair / 3));
  const pairs = Int32Array.from({ length: size }, (_, row) => 3 * row + (row % 3));
  const rarity = Float64Array.from({ length: items }, () => stream.float());
  const data = { x, userOf, rarity, temperature: 0.3 };
  const batch = openBatch(size, factors);
  for (const half of [batch.users, batch.items]) for (let k = 0; k < half.raw.length; k++) half.raw[k] = stream.normal();
  const plain = (): number => {
    const unit = (raw: Float64Array, row: number) => {
      const vector = raw.subarray(row * factors, (row + 1) * factors);
      return vector.map((value) => value / Math.sqrt(vector.reduce((sum, each) => sum + each * each, 0)));
    };
    let loss = 0;
    for (let row = 0; row < size; row++) {
      const user = unit(batch.users.raw, row);
      const logit = (c: number) =>
        unit(batch.items.raw, c).reduce((sum, value, j) => sum + value * user[j]!, 0) / 0.3 + rarity[x.codes[pairs[c]!]!]!;
      const rivals = [...pairs.keys()].filter((c) => c === row || !own[row]!.includes(x.codes[pairs[c]!]!));
      loss += Math.log(rivals.reduce((sum, c) => sum + Math.exp(logit(c)), 0)) - logit(row);
    }
    return loss;
  };
  expect(batchSoftmax(batch, pairs, data)).toBeCloseTo(plain(), 4);
  for (const half of [batch.users, batch.items])
    for (let k = 0; k < half.raw.length; k += 7) {
      const value = half.raw[k]!;
      half.raw[k] = value + 1e-5;
      const above = plain();
      half.raw[k] = value - 1e-5;
      const below = plain();
      half.raw[k] = value;
      expect(Math.abs((above - below) / 2e-5 - half.slopes[k]!)).toBeLessThan(1e-3);
    }
});
