/**
 * Crowding distance of each point of a front: the sum over losses of the gap between its neighbours, in widths of that loss; infinite at
 * the ends. Source: Deb et al. (2002), section III B. O(m n log n).
 */
export function crowdingDistances(losses: readonly (readonly number[])[]): Float64Array {
  const distances = new Float64Array(losses.length);
  for (let m = 0; m < (losses[0]?.length ?? 0); m++) {
    const order = losses.map((_, k) => k).sort((a, b) => losses[a]![m]! - losses[b]![m]! || a - b);
    const values = order.map((k) => losses[k]![m]!);
    if (values[0] === values.at(-1)) continue;
    const finite = values.filter(Number.isFinite);
    const width = (finite.at(-1) ?? 0) - (finite[0] ?? 0) || 1;
    for (const [at, k] of order.entries()) {
      const [below, above] = [values[at - 1] ?? -Infinity, values[at + 1] ?? Infinity];
      distances[k]! += below === above ? 0 : (above - below) / width;
    }
  }
  return distances;
}
