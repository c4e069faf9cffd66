// Items that the same users took: each item's row of A Aᵀ, sparse, and the nearest of it.

/** Bytes of an item's sum: its product (f64), and how many users took both (i32). */
const sumBytes: usize = 16;

@inline function code(codes: usize, place: i32): i32 {
  return load<i32>(codes + (<usize>place << 2));
}

/** Whether the first of two is the worse: less alike, or as alike with the higher code. */
@inline function isWorse(score: f64, item: i32, other: f64, otherItem: i32): bool {
  return score < other || (score == other && item > otherItem);
}

/** Puts an item into a heap of `size` places, the worst on top, from a place down. */
function sink(scores: usize, codes: usize, size: i32, from: i32, score: f64, item: i32): void {
  let place = from;
  for (let child = 2 * place + 1; child < size; child = 2 * place + 1) {
    let other = load<f64>(scores + (<usize>child << 3)), otherItem = code(codes, child);
    if (child + 1 < size) {
      const right = load<f64>(scores + (<usize>(child + 1) << 3)), rightItem = code(codes, child + 1);
      if (isWorse(right, rightItem, other, otherItem)) {
        child++;
        other = right;
        otherItem = rightItem;
      }
    }
    if (!isWorse(other, otherItem, score, item)) break;
    store<f64>(scores + (<usize>place << 3), other);
    store<i32>(codes + (<usize>place << 2), otherItem);
    place = child;
  }
  store<f64>(scores + (<usize>place << 3), score);
  store<i32>(codes + (<usize>place << 2), item);
}

/** Puts a code into a heap of `size` codes, the greatest on top, from a place down. */
@inline function sinkCode(codes: usize, size: i32, from: i32, item: i32): void {
  let place = from;
  for (let child = 2 * place + 1; child < size; child = 2 * place + 1) {
    if (child + 1 < size && code(codes, child + 1) > code(codes, child)) child++;
    if (code(codes, child) <= item) break;
    store<i32>(codes + (<usize>place << 2), code(codes, child));
    place = child;
  }
  store<i32>(codes + (<usize>place << 2), item);
}

function sortCodes(codes: usize, size: i32): void {
  for (let place = (size >> 1) - 1; place >= 0; place--) sinkCode(codes, size, place, code(codes, place));
  for (let last = size - 1; last > 0; last--) {
    const item = code(codes, last);
    store<i32>(codes + (<usize>last << 2), code(codes, 0));
    sinkCode(codes, last, 0, item);
  }
}

/** Σ over the users of an item of the products with each of their items, user by user; answers how many items that touches. */
function addUsers(
  begin: i32, end: i32, users: usize, weights: usize, userOffsets: usize, userItems: usize, userWeights: usize, sums: usize, touched: usize,
): i32 {
  let count = 0;
  for (let k = begin; k < end; k++) {
    const offset = userOffsets + (<usize>code(users, k) << 2);
    const weight = load<f64>(weights + (<usize>k << 3));
    for (let at = load<i32>(offset), last = load<i32>(offset, 4); at < last; at++) {
      const other = code(userItems, at);
      const sum = sums + <usize>other * sumBytes;
      const common = load<i32>(sum, 8);
      if (common == 0) {
        store<i32>(touched + (<usize>count << 2), other);
        count++;
      }
      store<f64>(sum, load<f64>(sum) + weight * load<f64>(userWeights + (<usize>at << 3)));
      store<i32>(sum, common + 1, 8);
    }
  }
  return count;
}

@inline function likeness(sum: usize, shrinkage: f64): f64 {
  const product = load<f64>(sum);
  if (shrinkage == 0) return product;
  const common = <f64>load<i32>(sum, 8);
  return (product * common) / (common + shrinkage);
}

/**
 * The `most` nearest of each item from … to − 1, ascending by code: of item i, `sizes[i − from]` codes and values, those of the next behind them. Of items as
 * alike the lower code stays. Rows of items (users, weights) and of users (items, weights) are ascending. `sums`: 16 bytes an item, all 0 before and after;
 * `touched`: 4 bytes an item; `scores`: 8 bytes for each of `most`. O(Σ over the items' users of their items + most log most).
 */
export function itemNeighbours(
  from: i32, to: i32, itemOffsets: usize, itemUsers: usize, itemWeights: usize, userOffsets: usize, userItems: usize, userWeights: usize,
  most: i32, shrinkage: f64, sums: usize, touched: usize, scores: usize, sizes: usize, codes: usize, values: usize,
): void {
  for (let item = from; item < to; item++) {
    const count = addUsers(
      code(itemOffsets, item), code(itemOffsets, item + 1), itemUsers, itemWeights, userOffsets, userItems, userWeights, sums, touched,
    );
    let size = 0;
    for (let k = 0; k < count; k++) {
      const other = code(touched, k);
      if (other == item) continue;
      const score = likeness(sums + <usize>other * sumBytes, shrinkage);
      if (!(score > -Infinity)) continue;
      if (size < most) {
        store<f64>(scores + (<usize>size << 3), score);
        store<i32>(codes + (<usize>size << 2), other);
        size++;
        if (size == most)
          for (let place = (size >> 1) - 1; place >= 0; place--)
            sink(scores, codes, size, place, load<f64>(scores + (<usize>place << 3)), code(codes, place));
      } else if (isWorse(load<f64>(scores), code(codes, 0), score, other)) sink(scores, codes, size, 0, score, other);
    }
    sortCodes(codes, size);
    for (let k = 0; k < size; k++)
      store<f64>(values + (<usize>k << 3), likeness(sums + <usize>code(codes, k) * sumBytes, shrinkage));
    for (let k = 0; k < count; k++) {
      const sum = sums + <usize>code(touched, k) * sumBytes;
      store<f64>(sum, 0);
      store<i32>(sum, 0, 8);
    }
    store<i32>(sizes + (<usize>(item - from) << 2), size);
    codes += <usize>size << 2;
    values += <usize>size << 3;
  }
}
