import { compareLosses, dominates } from "./pareto.ts";

/** A point a little worse than the worst in every loss: what volumes are measured to. */
export function referencePoint(losses: readonly (readonly number[])[]): number[] {
  return losses[0]!.map((_, m) => {
    const worst = losses.reduce((most, point) => Math.max(most, point[m]!), -Infinity);
    return Math.max(1.1 * worst, 0.9 * worst) || 1e-12;
  });
}

/**
 * Volume between losses and a reference point that is worse than all of them: of what they dominate together.
 * O(n log n) for two losses, else by slices over the last: O(nᵐ⁻²) volumes of two. Infinite where the reference is.
 */
export function hypervolume(losses: readonly (readonly number[])[], reference: readonly number[]): number {
  if (!reference.every(Number.isFinite)) return Infinity;
  if (losses.length === 0) return 0;
  const m = reference.length;
  if (m === 1) return reference[0]! - losses.reduce((least, [loss]) => Math.min(least, loss!), Infinity);
  const sorted = [...losses].sort(compareLosses);
  if (m === 2) return volumeOfTwo(sorted, reference);
  return volumeBySlices(sorted, reference);
}

function volumeOfTwo(sorted: readonly (readonly number[])[], [right, top]: readonly number[]): number {
  let volume = 0;
  let lowest = top!;
  for (const [x, y] of sorted) {
    if (y! >= lowest) continue;
    volume += (right! - x!) * (lowest - y!);
    lowest = y!;
  }
  return Number.isNaN(volume) ? Infinity : volume;
}

/** Between one first loss and the next, the cross-section is the volume of the points so far without it. */
function volumeBySlices(sorted: readonly (readonly number[])[], reference: readonly number[]): number {
  let volume = 0;
  let section: number[][] = [];
  for (const [k, point] of sorted.entries()) {
    const rest = point.slice(1);
    if (!section.some((other) => compareLosses(other, rest) === 0 || dominates(other, rest)))
      section = [...section.filter((other) => !dominates(rest, other)), rest];
    const depth = (sorted[k + 1]?.[0] ?? reference[0]!) - point[0]!;
    if (depth > 0) volume += depth * hypervolume(section, reference.slice(1));
  }
  return Number.isNaN(volume) ? Infinity : volume;
}

/**
 * Places of `count` points that together dominate much: the one that adds most volume, again and again (at least 1 − 1/e of the most).
 * Equal points are taken once, and again only where there are too few. O(count n) volumes. Source: Guerreiro, Fonseca & Paquete (2016).
 */
export function chooseSpread(losses: readonly (readonly number[])[], count: number, reference: readonly number[]): number[] {
  const places = losses.map((_, k) => k);
  if (count >= losses.length) return places;
  const order = [...places].sort((a, b) => compareLosses(losses[a]!, losses[b]!) || a - b);
  const unique = order.filter((k, at) => at === 0 || compareLosses(losses[order[at - 1]!]!, losses[k]!) !== 0);
  if (unique.length <= count) {
    const again = places.filter((k) => !unique.includes(k));
    return [...unique, ...again.slice(0, count - unique.length)];
  }
  if (!reference.every(Number.isFinite)) return unique.slice(0, count);
  return greedy(losses, unique, count, reference);
}

function greedy(
  losses: readonly (readonly number[])[],
  candidates: readonly number[],
  count: number,
  reference: readonly number[],
): number[] {
  const chosen: number[] = [];
  const left = [...candidates];
  // what a point adds only shrinks as others are chosen, so an old gain is a bound
  const gains = left.map((k) => hypervolume([losses[k]!], reference));
  let volume = 0;
  while (chosen.length < count) {
    const selected = chosen.map((k) => losses[k]!);
    let best = -1;
    for (const at of gains.map((_, k) => k).sort((a, b) => gains[b]! - gains[a]! || a - b)) {
      if (best >= 0 && gains[at]! < gains[best]!) break;
      gains[at] = hypervolume([...selected, losses[left[at]!]!], reference) - volume;
      if (best < 0 || gains[at]! > gains[best]! || (gains[at] === gains[best] && at < best)) best = at;
    }
    volume += gains[best]!;
    chosen.push(left[best]!);
    left.splice(best, 1);
    gains.splice(best, 1);
  }
  return chosen;
}

/** What each point adds to the volume of the front: 0 for points that others dominate or equal. O(n) volumes. */
export function contributions(losses: readonly (readonly number[])[], reference: readonly number[]): Float64Array {
  const front = losses.filter((loss) => !losses.some((other) => dominates(other, loss)));
  const all = hypervolume(front, reference);
  if (all === Infinity) return new Float64Array(losses.length).fill(Infinity);
  return Float64Array.from(losses, (loss) => {
    const at = front.indexOf(loss);
    return at < 0 ? 0 : all - hypervolume(front.toSpliced(at, 1), reference);
  });
}
