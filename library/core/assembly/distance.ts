// Nearest rows by brute force: lower bounds of the distances in 32 bits, exact distances in 64 bits for the rows that pass them.

/** Rows that lie beside each other in the packed matrix: two vectors of four. */
const groupRows: i32 = 8;
/** Queries that lie beside each other. */
const tileQueries: i32 = 6;
/** Groups that stay in the cache while all queries pass over them: about 128 kB. */
const blockBytes: i32 = 131072;

/** Σ (xⱼ − yⱼ)², Σ |xⱼ − yⱼ| or 1 − Σ xⱼ yⱼ of two rows of d doubles, in the order of the columns. */
@inline function exact(metric: i32, x: usize, y: usize, d: i32): f64 {
  let sum: f64 = 0;
  const bytes = <usize>d << 3;
  if (metric == 0) {
    for (let at: usize = 0; at < bytes; at += 8) {
      const off = load<f64>(x + at) - load<f64>(y + at);
      sum += off * off;
    }
    return sum;
  }
  if (metric == 1) {
    for (let at: usize = 0; at < bytes; at += 8) sum += abs(load<f64>(x + at) - load<f64>(y + at));
    return sum;
  }
  for (let at: usize = 0; at < bytes; at += 8) sum += load<f64>(x + at) * load<f64>(y + at);
  return max(0, 1 - sum);
}

/** Puts a row at its place among a query's k nearest, behind those as near. */
function insert(distance: f64, row: i32, k: i32, distances: usize, rows: usize): void {
  let place = k - 1;
  while (place > 0 && load<f64>(distances + (<usize>(place - 1) << 3)) > distance) {
    store<f64>(distances + (<usize>place << 3), load<f64>(distances + (<usize>(place - 1) << 3)));
    store<i32>(rows + (<usize>place << 2), load<i32>(rows + (<usize>(place - 1) << 2)));
    place--;
  }
  store<f64>(distances + (<usize>place << 3), distance);
  store<i32>(rows + (<usize>place << 2), row);
}

/** Looks at the rows of a group whose bit in `far` is not set. */
function consider(
  metric: i32, x: usize, n: i32, d: i32, query: usize, group: i32, far: i32,
  factor: f64, offset: f64, threshold: usize, k: i32, distances: usize, rows: usize,
): void {
  const worst = distances + (<usize>(k - 1) << 3);
  for (let near = ~far & 0xff; near != 0; near &= near - 1) {
    const row = group * groupRows + ctz(near);
    if (row >= n) return;
    const distance = exact(metric, query, x + ((<usize>row * <usize>d) << 3), d);
    if (!(distance < load<f64>(worst))) continue;
    insert(distance, row, k, distances, rows);
    const bound = factor * load<f64>(worst) + offset;
    store<f32>(threshold, <f32>(bound + abs(bound) * 2.4e-7)); // rounded up
  }
}

/** One column's part in the bound of four rows: minus the product, or plus the absolute difference. */
@inline function step(metric: i32, bound: v128, query: v128, row: v128): v128 {
  if (metric == 1) return f32x4.add(bound, f32x4.abs(f32x4.sub(query, row)));
  return f32x4.relaxed_nmadd(query, row, bound);
}

/** One bit for each of eight comparisons. */
@inline function bits(left: v128, right: v128): i32 {
  return i32x4.bitmask(left) | (i32x4.bitmask(right) << 4);
}

/** Gives a query's rows of a group to `consider`, unless all are too far. */
@inline function look(
  far: i32, q: i32, count: i32, metric: i32, x: usize, n: i32, d: i32, queries: usize, group: i32,
  factor: f64, offsets: usize, thresholds: usize, k: i32, distances: usize, rows: usize,
): void {
  if (far == 0xff || q >= count) return;
  const at = <usize>q;
  const list = at * <usize>k;
  consider(
    metric, x, n, d, queries + ((at * <usize>d) << 3), group, far,
    factor, load<f64>(offsets + (at << 3)), thresholds + (at << 2), k, distances + (list << 3), rows + (list << 2),
  );
}

/** Six queries beside eight rows: twelve sums, two vectors of rows and one query's value fill the sixteen registers. */
@inline function scan(
  metric: i32, x: usize, packed: usize, constants: usize, n: i32, d: i32,
  queries: usize, tiles: usize, offsets: usize, thresholds: usize, count: i32, factor: f64,
  k: i32, distances: usize, rows: usize,
): void {
  const groups = (n + groupRows - 1) / groupRows;
  const groupBytes = <usize>d << 5;
  const tileBytes = <usize>d * 4 * tileQueries;
  const block = max(1, blockBytes / <i32>groupBytes);
  for (let first = 0; first < groups; first += block) {
    const end = min(groups, first + block);
    for (let q = 0, tile = tiles; q < count; q += tileQueries, tile += tileBytes) {
      const limit = thresholds + (<usize>q << 2);
      for (let group = first; group < end; group++) {
        let row = packed + <usize>group * groupBytes;
        const constant = constants + (<usize>group << 5);
        let a0 = v128.load(constant), a1 = v128.load(constant, 16);
        let b0 = a0, b1 = a1, c0 = a0, c1 = a1, e0 = a0, e1 = a1, f0 = a0, f1 = a1, g0 = a0, g1 = a1;
        for (let query = tile, last = tile + tileBytes; query < last; query += 4 * tileQueries, row += 32) {
          const left = v128.load(row), right = v128.load(row, 16);
          let value = v128.load32_splat(query);
          a0 = step(metric, a0, value, left);
          a1 = step(metric, a1, value, right);
          value = v128.load32_splat(query, 4);
          b0 = step(metric, b0, value, left);
          b1 = step(metric, b1, value, right);
          value = v128.load32_splat(query, 8);
          c0 = step(metric, c0, value, left);
          c1 = step(metric, c1, value, right);
          value = v128.load32_splat(query, 12);
          e0 = step(metric, e0, value, left);
          e1 = step(metric, e1, value, right);
          value = v128.load32_splat(query, 16);
          f0 = step(metric, f0, value, left);
          f1 = step(metric, f1, value, right);
          value = v128.load32_splat(query, 20);
          g0 = step(metric, g0, value, left);
          g1 = step(metric, g1, value, right);
        }
        let top = v128.load32_splat(limit);
        a0 = f32x4.gt(a0, top);
        a1 = f32x4.gt(a1, top);
        top = v128.load32_splat(limit, 4);
        b0 = f32x4.gt(b0, top);
        b1 = f32x4.gt(b1, top);
        top = v128.load32_splat(limit, 8);
        c0 = f32x4.gt(c0, top);
        c1 = f32x4.gt(c1, top);
        top = v128.load32_splat(limit, 12);
        e0 = f32x4.gt(e0, top);
        e1 = f32x4.gt(e1, top);
        top = v128.load32_splat(limit, 16);
        f0 = f32x4.gt(f0, top);
        f1 = f32x4.gt(f1, top);
        top = v128.load32_splat(limit, 20);
        g0 = f32x4.gt(g0, top);
        g1 = f32x4.gt(g1, top);
        const ab = v128.and(v128.and(a0, a1), v128.and(b0, b1));
        const ce = v128.and(v128.and(c0, c1), v128.and(e0, e1));
        const fg = v128.and(v128.and(f0, f1), v128.and(g0, g1));
        if (i32x4.all_true(v128.and(ab, v128.and(ce, fg)))) continue;
        look(bits(a0, a1), q, count, metric, x, n, d, queries, group, factor, offsets, thresholds, k, distances, rows);
        look(bits(b0, b1), q + 1, count, metric, x, n, d, queries, group, factor, offsets, thresholds, k, distances, rows);
        look(bits(c0, c1), q + 2, count, metric, x, n, d, queries, group, factor, offsets, thresholds, k, distances, rows);
        look(bits(e0, e1), q + 3, count, metric, x, n, d, queries, group, factor, offsets, thresholds, k, distances, rows);
        look(bits(f0, f1), q + 4, count, metric, x, n, d, queries, group, factor, offsets, thresholds, k, distances, rows);
        look(bits(g0, g1), q + 5, count, metric, x, n, d, queries, group, factor, offsets, thresholds, k, distances, rows);
      }
    }
  }
}

/**
 * The k nearest of n rows for each of `count` queries, nearest first, of equals the lower row; exact, O(n d) a query.
 * `x`: rows as doubles (n × d). `packed`: the rows in 32 bits, groups of 8 column by column. `constants`: one float a row, in the groups'
 * order, at which its bound begins. `queries`: doubles (count × d); `tiles`: floats, groups of 6 queries column by column. The bound of a row
 * is constant − Σ qⱼ xⱼ (metric 0: squared Euclidean, 2: cosine of unit rows) or constant + Σ |qⱼ − xⱼ| (1: Manhattan). A row whose bound exceeds
 * factor · worst + offset cannot be nearer than the worst of the k; `offsets` holds a double a query, `thresholds` a float a query,
 * at the start infinite, −infinite for the queries that only fill the last group. `distances` (count × k doubles) begin infinite.
 */
export function nearestRows(
  metric: i32, x: usize, packed: usize, constants: usize, n: i32, d: i32,
  queries: usize, tiles: usize, offsets: usize, thresholds: usize, count: i32, factor: f64,
  k: i32, distances: usize, rows: usize,
): void {
  if (metric == 0) scan(0, x, packed, constants, n, d, queries, tiles, offsets, thresholds, count, factor, k, distances, rows);
  else if (metric == 1) scan(1, x, packed, constants, n, d, queries, tiles, offsets, thresholds, count, factor, k, distances, rows);
  else scan(2, x, packed, constants, n, d, queries, tiles, offsets, thresholds, count, factor, k, distances, rows);
}
