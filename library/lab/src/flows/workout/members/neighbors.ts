import type { Member, MemberKind, MemberState } from "./member.ts";
import { type Scaling, scaled, scalingOf } from "./scaling.ts";
import { weightedMedian } from "./weighted-median.ts";

const count = 25;

/** The weighted median of the 25 sessions most like now, in scaled features. O(n d) a row. */
export const neighborsMember: MemberKind = {
  async fit({ x, y, last }) {
    const scaling = scalingOf(x);
    return open({ models: [], arrays: { ...scaling, rows: scaled(x, scaling).data, y, weights: last } });
  },
  open,
};

function open(state: MemberState): Member {
  const { centres, rows, y, weights } = state.arrays as Readonly<Record<"centres" | "rows" | "y" | "weights", Float64Array>>;
  const columns = centres.length;
  return {
    state,
    predict(x) {
      const { data } = scaled(x, state.arrays as unknown as Scaling);
      return Float64Array.from({ length: x.rows }, (_, i) => {
        const { distances, reach } = distancesTo(data.subarray(i * columns, (i + 1) * columns), rows, Math.min(count, y.length));
        const near: number[] = [];
        for (let row = 0; row < distances.length; row++) if (distances[row]! <= reach) near.push(row);
        near.sort((a, b) => y[a]! - y[b]! || a - b);
        return weightedMedian(
          near.map((row) => y[row]!),
          near.map((row) => weights[row]! / (distances[row]! + 0.001)),
        );
      });
    },
  };
}

/** Columns after which a row that is already too far is left. */
const block = 19;

/** Distances from a row to the rows (n), those beyond the k-th nearest left at Infinity, and how far the k-th is. O(n d). */
function distancesTo(row: Float64Array, rows: Float64Array, k: number) {
  const columns = row.length;
  const distances = new Float64Array(rows.length / columns);
  const least = new Float64Array(k).fill(Number.POSITIVE_INFINITY); // the k smallest squares so far, rising
  for (let place = 0; place < distances.length; place++) {
    const bound = least[k - 1]! * (1 + 1e-12); // two squares so near may have one root
    let sum = 0;
    for (let from = 0; from < columns && sum <= bound; from += block)
      for (let j = from, end = Math.min(columns, from + block); j < end; j++) {
        const difference = row[j]! - rows[place * columns + j]!;
        sum += difference * difference;
      }
    distances[place] = sum <= bound ? Math.sqrt(sum) : Number.POSITIVE_INFINITY;
    let at = k - 1;
    if (sum >= least[at]!) continue;
    for (; at > 0 && least[at - 1]! > sum; at--) least[at] = least[at - 1]!;
    least[at] = sum;
  }
  return { distances, reach: Math.sqrt(least[k - 1]!) };
}
