/** Whether a code is among the ascending ones at begin … end − 1. */
@inline export function holds(codes: usize, begin: i32, end: i32, code: i32): bool {
  let low = begin, high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<i32>(codes + (<usize>middle << 2)) < code) low = middle + 1;
    else high = middle;
  }
  return low < end && load<i32>(codes + (<usize>low << 2)) == code;
}
