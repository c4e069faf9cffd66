// Alternating least squares on implicit feedback: rows of factors are `width` floats, a multiple of 8, filled with 0.

@inline function total(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3);
}

@inline function rowOf(base: usize, index: i32, bytes: usize): usize {
  return base + <usize>index * bytes;
}

@inline function dot(a: usize, b: usize, bytes: usize): f32 {
  let left = f32x4.splat(0), right = left;
  for (let at: usize = 0; at < bytes; at += 32) {
    left = f32x4.relaxed_madd(v128.load(a + at), v128.load(b + at), left);
    right = f32x4.relaxed_madd(v128.load(a + at, 16), v128.load(b + at, 16), right);
  }
  return total(f32x4.add(left, right));
}

/** out += factor · row. */
@inline function add(out: usize, factor: f32, row: usize, bytes: usize): void {
  const scale = f32x4.splat(factor);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(out + at, f32x4.relaxed_madd(scale, v128.load(row + at), v128.load(out + at)));
}

/**
 * out (width × width) = Σ y yᵀ over `count` rows, in tiles of 4 × 8 of which those above the diagonal are left out: the lower triangle is whole.
 * O(count width² / 2).
 */
export function factorGram(rows: usize, count: i32, width: i32, out: usize): void {
  const bytes = <usize>width << 2;
  const end = rows + <usize>count * bytes;
  for (let i = 0; i < width; i += 4)
    for (let j = 0; j < i + 4; j += 8) {
      const a = <usize>i << 2, b = <usize>j << 2;
      let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
      for (let row = rows; row < end; row += bytes) {
        const left = v128.load(row + b), right = v128.load(row + b, 16);
        let value = v128.load32_splat(row + a);
        a0 = f32x4.relaxed_madd(value, left, a0);
        a1 = f32x4.relaxed_madd(value, right, a1);
        value = v128.load32_splat(row + a, 4);
        b0 = f32x4.relaxed_madd(value, left, b0);
        b1 = f32x4.relaxed_madd(value, right, b1);
        value = v128.load32_splat(row + a, 8);
        c0 = f32x4.relaxed_madd(value, left, c0);
        c1 = f32x4.relaxed_madd(value, right, c1);
        value = v128.load32_splat(row + a, 12);
        d0 = f32x4.relaxed_madd(value, left, d0);
        d1 = f32x4.relaxed_madd(value, right, d1);
      }
      const to = rowOf(out, i, bytes) + b;
      v128.store(to, a0);
      v128.store(to, a1, 16);
      v128.store(to + bytes, b0);
      v128.store(to + bytes, b1, 16);
      v128.store(to + 2 * bytes, c0);
      v128.store(to + 2 * bytes, c1, 16);
      v128.store(to + 3 * bytes, d0);
      v128.store(to + 3 * bytes, d1, 16);
    }
}

/** out = (gram + penalty I) x: 32 sums at a time stay in registers. */
@inline function gramProduct(gram: usize, penalty: f32, x: usize, out: usize, bytes: usize): void {
  const scale = f32x4.splat(penalty);
  let b: usize = 0;
  for (; b + 128 <= bytes; b += 128) {
    let s0 = f32x4.mul(scale, v128.load(x + b)), s1 = f32x4.mul(scale, v128.load(x + b, 16));
    let s2 = f32x4.mul(scale, v128.load(x + b, 32)), s3 = f32x4.mul(scale, v128.load(x + b, 48));
    let s4 = f32x4.mul(scale, v128.load(x + b, 64)), s5 = f32x4.mul(scale, v128.load(x + b, 80));
    let s6 = f32x4.mul(scale, v128.load(x + b, 96)), s7 = f32x4.mul(scale, v128.load(x + b, 112));
    for (let k: usize = 0, row = gram + b; k < bytes; k += 4, row += bytes) {
      const value = v128.load32_splat(x + k);
      s0 = f32x4.relaxed_madd(value, v128.load(row), s0);
      s1 = f32x4.relaxed_madd(value, v128.load(row, 16), s1);
      s2 = f32x4.relaxed_madd(value, v128.load(row, 32), s2);
      s3 = f32x4.relaxed_madd(value, v128.load(row, 48), s3);
      s4 = f32x4.relaxed_madd(value, v128.load(row, 64), s4);
      s5 = f32x4.relaxed_madd(value, v128.load(row, 80), s5);
      s6 = f32x4.relaxed_madd(value, v128.load(row, 96), s6);
      s7 = f32x4.relaxed_madd(value, v128.load(row, 112), s7);
    }
    v128.store(out + b, s0);
    v128.store(out + b, s1, 16);
    v128.store(out + b, s2, 32);
    v128.store(out + b, s3, 48);
    v128.store(out + b, s4, 64);
    v128.store(out + b, s5, 80);
    v128.store(out + b, s6, 96);
    v128.store(out + b, s7, 112);
  }
  for (; b < bytes; b += 32) {
    let s0 = f32x4.mul(scale, v128.load(x + b)), s1 = f32x4.mul(scale, v128.load(x + b, 16));
    for (let k: usize = 0, row = gram + b; k < bytes; k += 4, row += bytes) {
      const value = v128.load32_splat(x + k);
      s0 = f32x4.relaxed_madd(value, v128.load(row), s0);
      s1 = f32x4.relaxed_madd(value, v128.load(row, 16), s1);
    }
    v128.store(out + b, s0);
    v128.store(out + b, s1, 16);
  }
}

/** What an item's row is weighted with: at the start c − (c − 1) y·x, in a step (c − 1) y·p. */
@inline function coefficient(isStart: bool, excess: f32, product: f32): f32 {
  return isStart ? <f32>1 + excess - excess * product : excess * product;
}

/** out += Σ coefficient · y over a row's items, four at a time: each is read twice while it is in the cache. */
@inline function addItems(
  isStart: bool, begin: i32, end: i32, codes: usize, excess: usize, other: usize, x: usize, out: usize, bytes: usize,
): void {
  let k = begin;
  for (; k + 4 <= end; k += 4) {
    const code = codes + (<usize>k << 2), much = excess + (<usize>k << 2);
    const y0 = rowOf(other, load<i32>(code), bytes), y1 = rowOf(other, load<i32>(code, 4), bytes);
    const y2 = rowOf(other, load<i32>(code, 8), bytes), y3 = rowOf(other, load<i32>(code, 12), bytes);
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (let at: usize = 0; at < bytes; at += 16) {
      const value = v128.load(x + at);
      a = f32x4.relaxed_madd(value, v128.load(y0 + at), a);
      b = f32x4.relaxed_madd(value, v128.load(y1 + at), b);
      c = f32x4.relaxed_madd(value, v128.load(y2 + at), c);
      d = f32x4.relaxed_madd(value, v128.load(y3 + at), d);
    }
    const w0 = f32x4.splat(coefficient(isStart, load<f32>(much), total(a)));
    const w1 = f32x4.splat(coefficient(isStart, load<f32>(much, 4), total(b)));
    const w2 = f32x4.splat(coefficient(isStart, load<f32>(much, 8), total(c)));
    const w3 = f32x4.splat(coefficient(isStart, load<f32>(much, 12), total(d)));
    for (let at: usize = 0; at < bytes; at += 16) {
      const left = f32x4.relaxed_madd(w1, v128.load(y1 + at), f32x4.relaxed_madd(w0, v128.load(y0 + at), v128.load(out + at)));
      v128.store(out + at, f32x4.relaxed_madd(w3, v128.load(y3 + at), f32x4.relaxed_madd(w2, v128.load(y2 + at), left)));
    }
  }
  for (; k < end; k++) {
    const y = rowOf(other, load<i32>(codes + (<usize>k << 2)), bytes);
    add(out, coefficient(isStart, load<f32>(excess + (<usize>k << 2)), dot(y, x, bytes)), y, bytes);
  }
}

/**
 * Improves rows from … to − 1 of `own` by `steps` steps of conjugate gradients on (gram + penalty I + Σ (c − 1) y yᵀ) x = Σ c y, y the rows of `other`
 * that the row's codes name, c − 1 its `excess`. A row without codes becomes 0. `scratch`: 3 rows. O((codes + width) width) a step.
 * Source: Takács, Pilászy & Tikk (2011), "Applications of the conjugate gradient method for implicit feedback collaborative filtering", RecSys.
 */
export function conjugateFactors(
  from: i32, to: i32, offsets: usize, codes: usize, excess: usize, other: usize, own: usize,
  gram: usize, penalties: usize, width: i32, steps: i32, scratch: usize,
): void {
  const bytes = <usize>width << 2;
  const r = scratch, p = scratch + bytes, product = p + bytes;
  for (let row = from; row < to; row++) {
    const x = rowOf(own, row, bytes);
    const begin = load<i32>(offsets + (<usize>row << 2)), end = load<i32>(offsets + (<usize>row << 2), 4);
    if (begin == end) {
      memory.fill(x, 0, bytes);
      continue;
    }
    const penalty = load<f32>(penalties + (<usize>row << 2));
    gramProduct(gram, penalty, x, r, bytes);
    for (let at: usize = 0; at < bytes; at += 16) v128.store(r + at, f32x4.neg(v128.load(r + at)));
    addItems(true, begin, end, codes, excess, other, x, r, bytes);
    memory.copy(p, r, bytes);
    let rest = dot(r, r, bytes);
    if (rest < 1e-20) continue;
    for (let step = 0; step < steps; step++) {
      gramProduct(gram, penalty, p, product, bytes);
      addItems(false, begin, end, codes, excess, other, p, product, bytes);
      const rate = rest / dot(p, product, bytes);
      add(x, rate, p, bytes);
      add(r, -rate, product, bytes);
      const next = dot(r, r, bytes);
      if (next < 1e-20) break;
      const keep = f32x4.splat(next / rest);
      for (let at: usize = 0; at < bytes; at += 16)
        v128.store(p + at, f32x4.relaxed_madd(keep, v128.load(p + at), v128.load(r + at)));
      rest = next;
    }
  }
}

@inline function at64(base: usize, index: i32): usize {
  return base + (<usize>index << 3);
}

/** a (row-major, lower triangle) = L Lᵀ in place, then x of L Lᵀ x = b in place of b. */
@inline function solve(a: usize, b: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const row = at64(a, i * n);
    for (let j = 0; j <= i; j++) {
      const other = at64(a, j * n);
      let sums = f64x2.splat(0);
      let k = 0;
      for (; k + 2 <= j; k += 2) sums = f64x2.add(sums, f64x2.mul(v128.load(at64(row, k)), v128.load(at64(other, k))));
      let value = load<f64>(at64(row, j)) - (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1));
      if (k < j) value -= load<f64>(at64(row, k)) * load<f64>(at64(other, k));
      store<f64>(at64(row, j), i == j ? sqrt(value) : value / load<f64>(at64(other, j)));
    }
    let value = load<f64>(at64(b, i));
    for (let k = 0; k < i; k++) value -= load<f64>(at64(row, k)) * load<f64>(at64(b, k));
    store<f64>(at64(b, i), value / load<f64>(at64(row, i)));
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = load<f64>(at64(b, i)) / load<f64>(at64(a, i * n + i));
    store<f64>(at64(b, i), value);
    for (let k = 0; k < i; k++) store<f64>(at64(b, k), load<f64>(at64(b, k)) - value * load<f64>(at64(a, i * n + k)));
  }
}

/**
 * Solves for rows from … to − 1 of `own` what `conjugateFactors` improves, exactly, in doubles: `gram` and `scratch` (width × width + width) hold doubles.
 * O(codes width² + width³ / 6) a row. Source: Hu, Koren & Volinsky (2008), "Collaborative filtering for implicit feedback datasets", ICDM.
 */
export function exactFactors(
  from: i32, to: i32, offsets: usize, codes: usize, excess: usize, other: usize, own: usize,
  gram: usize, penalties: usize, width: i32, scratch: usize,
): void {
  const bytes = <usize>width << 2;
  const b = at64(scratch, width * width);
  for (let row = from; row < to; row++) {
    const x = rowOf(own, row, bytes);
    const begin = load<i32>(offsets + (<usize>row << 2)), end = load<i32>(offsets + (<usize>row << 2), 4);
    if (begin == end) {
      memory.fill(x, 0, bytes);
      continue;
    }
    const penalty = <f64>load<f32>(penalties + (<usize>row << 2));
    memory.copy(scratch, gram, <usize>(width * width) << 3);
    memory.fill(b, 0, <usize>width << 3);
    for (let i = 0; i < width; i++) {
      const place = at64(scratch, i * width + i);
      store<f64>(place, load<f64>(place) + penalty);
    }
    for (let k = begin; k < end; k++) {
      const y = rowOf(other, load<i32>(codes + (<usize>k << 2)), bytes);
      const much = <f64>load<f32>(excess + (<usize>k << 2));
      for (let i = 0; i < width; i++) {
        const value = <f64>load<f32>(y + (<usize>i << 2));
        store<f64>(at64(b, i), load<f64>(at64(b, i)) + (1 + much) * value);
        const scale = f64x2.splat(much * value);
        for (let j = 0; j <= i; j += 2) {
          const place = at64(scratch, i * width + j);
          const pair = f64x2.promote_low_f32x4(v128.load64_zero(y + (<usize>j << 2)));
          v128.store(place, f64x2.add(v128.load(place), f64x2.mul(scale, pair)));
        }
      }
    }
    solve(scratch, b, width);
    for (let i = 0; i < width; i++) store<f32>(x + (<usize>i << 2), <f32>load<f64>(at64(b, i)));
  }
}
