// Random words. Source: Salmon et al. (2011), "Parallel random numbers: as easy as 1, 2, 3", SC11.

/**
 * Ten rounds of Philox4x32 for `blocks` counters from (c0, c1, c2, c3) on, c0 and c1 counting up as one number: four words each, into `out`.
 */
export function randomBlocks(out: usize, blocks: i32, k0: u32, k1: u32, c0: u32, c1: u32, c2: u32, c3: u32): void {
  let count = (<u64>c1 << 32) | <u64>c0;
  for (const end = out + ((<usize>blocks) << 4); out < end; out += 16) {
    let a = <u32>count;
    let b = <u32>(count >> 32);
    let c = c2;
    let d = c3;
    let low = k0;
    let high = k1;
    for (let round = 0; round < 10; round++) {
      const first: u64 = <u64>a * 0xd2511f53;
      const second: u64 = <u64>c * 0xcd9e8d57;
      a = <u32>(second >> 32) ^ b ^ low;
      b = <u32>second;
      c = <u32>(first >> 32) ^ d ^ high;
      d = <u32>first;
      low += 0x9e3779b9;
      high += 0xbb67ae85;
    }
    store<u32>(out, a);
    store<u32>(out, b, 4);
    store<u32>(out, c, 8);
    store<u32>(out, d, 12);
    count++;
  }
}
