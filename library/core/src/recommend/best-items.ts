/** The best items of a list. */
export interface BestItems {
  readonly codes: Int32Array;
  readonly scores: Float64Array;
}

/**
 * The k largest scores of the items that may be shown, largest first, of equals the lower code. `allowed` holds 1 for the items that may (all where
 * undefined), `hidden` the ascending codes of those that may not. Items of score −∞ or NaN are left out. O(items + k log items).
 */
export function bestItems(
  scores: ArrayLike<number>,
  k: number,
  allowed: Uint8Array | undefined,
  hidden: ArrayLike<number>,
): BestItems {
  const size = Math.min(k, scores.length);
  const codes = new Int32Array(size);
  const best = new Float64Array(size).fill(-Infinity);
  let count = 0;
  let next = 0;
  for (let item = 0; item < scores.length; item++) {
    while (next < hidden.length && hidden[next]! < item) next++;
    const score = scores[item]!;
    if (!(score > (count < size ? -Infinity : best[size - 1]!))) continue;
    if (hidden[next] === item || (allowed && allowed[item] === 0)) continue;
    let place = count < size ? count++ : size - 1;
    for (; place > 0 && best[place - 1]! < score; place--) {
      best[place] = best[place - 1]!;
      codes[place] = codes[place - 1]!;
    }
    best[place] = score;
    codes[place] = item;
  }
  return { codes: codes.subarray(0, count), scores: best.subarray(0, count) };
}
