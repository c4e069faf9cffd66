// Gradients of pooling along one axis, channels last, four channels at once.

/**
 * dx of maximum pooling without overlap: each window's gradient goes to the first place that holds its largest value. `windows` windows of `size` places,
 * `step` places apart, in rows of `length` places of `channels` (a multiple of 4) values; y holds the largest values. Places beyond the windows get 0.
 */
export function maxPoolSlopes(
  x: usize, y: usize, dy: usize, dx: usize, length: i32, channels: i32, windows: i32, size: i32, step: i32,
): void {
  const place = <usize>channels << 2;
  for (let window = 0; window < windows; window++) {
    const first = window * step;
    const count = min(size, length - first), next = min(step, length - first);
    const begin = <usize>first * place;
    for (let c: usize = 0; c < place; c += 16) {
      const top = v128.load(y + c), slope = v128.load(dy + c);
      let open = i32x4.splat(-1);
      let at = begin + c;
      for (let k = 0; k < count; k++, at += place) {
        const here = v128.and(f32x4.eq(v128.load(x + at), top), open);
        v128.store(dx + at, v128.and(slope, here));
        open = v128.andnot(open, here);
      }
      for (let k = count; k < next; k++, at += place) v128.store(dx + at, f32x4.splat(0));
    }
    y += place;
    dy += place;
  }
  const done = min(windows * step, length);
  memory.fill(dx + <usize>done * place, 0, <usize>(length - done) * place);
}
