/** A locally weighted line through values at 1, 2, … n. */
export interface Loess {
  /** Values that each answer looks at; more than n looks at all, more evenly. */
  readonly span: number;
  /** 0 fits constants, 1 lines. */
  readonly degree: 0 | 1;
}

/**
 * Smooth values at all places 1 … n. A place whose near values all weigh nothing keeps its own. O(n · span).
 * Source: Cleveland, Cleveland, McRae & Terpenning (1990), Journal of Official Statistics 6(1), §2.
 */
export function smooth(values: Float64Array, loess: Loess, weights: Float64Array | undefined, out: Float64Array): void {
  const n = values.length;
  const width = Math.min(loess.span, n);
  const half = Math.floor((loess.span + 1) / 2);
  for (let i = 0; i < n; i++) {
    const begin = Math.max(0, Math.min(i + 1 - half, n - width));
    const value = smoothAt(values, i + 1, begin, begin + width, loess, weights);
    out[i] = Number.isNaN(value) ? values[i]! : value;
  }
}

const scratch = { near: new Float64Array(64) };

/** The smooth value at one place (from 1; 0 and n + 1 reach beyond) by values `begin` … `end` − 1; NaN where all weigh nothing. */
export function smoothAt(
  values: Float64Array,
  place: number,
  begin: number,
  end: number,
  { span, degree }: Loess,
  weights: Float64Array | undefined,
): number {
  const n = values.length;
  const reach = Math.max(place - begin - 1, end - place) + (span > n ? Math.floor((span - n) / 2) : 0);
  if (scratch.near.length < end - begin) scratch.near = new Float64Array(2 * (end - begin));
  const near = scratch.near;
  let total = 0;
  let centre = 0;
  for (let j = begin; j < end; j++) {
    const weight = tricube(Math.abs(j + 1 - place), reach) * (weights ? weights[j]! : 1);
    near[j - begin] = weight;
    total += weight;
    centre += weight * (j + 1);
  }
  if (!(total > 0)) return Number.NaN;
  centre /= total;
  const tilt = degree === 1 && reach > 0 ? slopeWeight(near, total, centre, place, begin, end, n) : 0;
  let value = 0;
  for (let j = begin; j < end; j++) value += (near[j - begin]! / total) * (tilt * (j + 1 - centre) + 1) * values[j]!;
  return value;
}

/** (1 − (distance / reach)³)³; 1 very near, 0 at the edge. */
function tricube(distance: number, reach: number): number {
  if (distance > 0.999 * reach) return 0;
  if (distance <= 0.001 * reach) return 1;
  const share = distance / reach;
  const rest = 1 - share * share * share;
  return rest * rest * rest;
}

/** How far the weights tilt to fit a line; 0 where the places are too close together for one. */
function slopeWeight(
  near: Float64Array,
  total: number,
  centre: number,
  place: number,
  begin: number,
  end: number,
  n: number,
): number {
  let spread = 0;
  for (let j = begin; j < end; j++) spread += (near[j - begin]! / total) * (j + 1 - centre) * (j + 1 - centre);
  return Math.sqrt(spread) > 0.001 * (n - 1) ? (place - centre) / spread : 0;
}
