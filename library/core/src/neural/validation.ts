import { ParamsError } from "../base/errors.ts";
import type { Random } from "../numeric/random.ts";
import { chunkRows, forward, type Network, realsAt, strideBytes } from "./network.ts";
import type { TrainingData, TrainingParams } from "./training.ts";

/** Row numbers to learn from and to judge by; every class gives its share. */
export function splitRows({ x, y, output }: TrainingData, { earlyStopping, validationFraction }: TrainingParams, stream: Random) {
  const all = Uint32Array.from({ length: x.rows }, (_, i) => i);
  if (!earlyStopping) return { known: all, held: new Uint32Array(0) };
  const mixed = all.slice();
  shuffleRows(mixed, stream);
  const seen = new Map<number, number>();
  const sizes = new Map<number, number>();
  const kindOf = (i: number): number => (output === "identity" ? 0 : y[i]!);
  for (const i of mixed) sizes.set(kindOf(i), (sizes.get(kindOf(i)) ?? 0) + 1);
  const isHeld = new Uint8Array(x.rows);
  for (const i of mixed) {
    const place = seen.get(kindOf(i)) ?? 0;
    seen.set(kindOf(i), place + 1);
    if (place < Math.round(validationFraction * sizes.get(kindOf(i))!)) isHeld[i] = 1;
  }
  const held = all.filter((i) => isHeld[i] === 1);
  const known = all.filter((i) => isHeld[i] === 0);
  if (held.length < 2 || known.length === 0)
    throw new ParamsError(
      `neural_network: validationFraction must leave 2 rows to judge by and 1 to learn from, got ${validationFraction} of ${x.rows} rows`,
    );
  return { known, held };
}

/** Accuracy, or R², of the network on the rows from order[from] on, by weight. */
export function score(network: Network, { y, weights, output }: TrainingData, order: Uint32Array, from: number): number {
  const first = network.layers[0]!;
  const last = network.layers.at(-1)!;
  const stride = strideBytes(network, last.outputs) / (network.bits / 8);
  const z = realsAt(network, last.exit, chunkRows * stride);
  const held = order.subarray(from);
  let total = 0;
  let right = 0;
  let mean = 0;
  for (const row of held) {
    total += weights?.[row] ?? 1;
    mean += (weights?.[row] ?? 1) * y[row]!;
  }
  mean /= total;
  let error = 0;
  let spread = 0;
  for (let at = 0; at < held.length; at += chunkRows) {
    const chunk = held.subarray(at, at + chunkRows);
    const numbers = network.order + 4 * (from + at);
    network.kernel.gatherRows(network.rows, strideBytes(network, first.inputs), numbers, chunk.length, first.entry);
    forward(network, chunk.length);
    for (const [i, row] of chunk.entries()) {
      const weight = weights?.[row] ?? 1;
      const own = z.subarray(i * stride, i * stride + last.outputs);
      if (output === "identity") {
        error += weight * (own[0]! - y[row]!) * (own[0]! - y[row]!);
        spread += weight * (y[row]! - mean) * (y[row]! - mean);
      } else if (y[row] === (output === "logistic" ? Number(own[0]! > 0) : own.indexOf(Math.max(...own)))) right += weight;
    }
  }
  return output === "identity" ? (spread > 0 ? 1 - error / spread : 0) : right / total;
}

/** Shuffles row numbers in place. */
export function shuffleRows(rows: Uint32Array, stream: Random): void {
  for (let i = rows.length - 1; i > 0; i--) {
    const j = stream.int(i + 1);
    const other = rows[i]!;
    rows[i] = rows[j]!;
    rows[j] = other;
  }
}
