/** Coefficients of the quadratic law I(μ) = 1 − u1 (1 − μ) − u2 (1 − μ)². */
export interface LimbDarkening {
  readonly u1: number;
  readonly u2: number;
}

const temperatures = [3500, 4000, 4500, 5000, 5500, 6000, 6500, 7000, 8000, 10_000];
const gravities = [2, 3, 4, 5];
/** u1 and u2 at each temperature, by gravity. */
const linear = [
  [0.894, 0.831, 0.518, 0.357],
  [0.802, 0.808, 0.741, 0.366],
  [0.668, 0.679, 0.682, 0.642],
  [0.537, 0.549, 0.563, 0.57],
  [0.424, 0.429, 0.448, 0.455],
  [0.341, 0.344, 0.353, 0.359],
  [0.354, 0.285, 0.295, 0.296],
  [0.384, 0.277, 0.254, 0.258],
  [0.295, 0.298, 0.258, 0.196],
  [0.221, 0.202, 0.197, 0.195],
];
const quadratic = [
  [-0.105, -0.058, 0.234, 0.366],
  [-0.006, -0.022, 0.025, 0.339],
  [0.091, 0.077, 0.069, 0.1],
  [0.183, 0.173, 0.159, 0.151],
  [0.25, 0.251, 0.236, 0.232],
  [0.291, 0.295, 0.29, 0.288],
  [0.254, 0.32, 0.313, 0.313],
  [0.238, 0.308, 0.33, 0.324],
  [0.286, 0.281, 0.311, 0.35],
  [0.301, 0.298, 0.291, 0.287],
];

/**
 * Limb darkening of a star of this effective temperature (K) and surface gravity (log g, cgs), between 40 points of a published grid and
 * clamped outside (3,500–10,000 K, log g 2–5). Kepler's band, solar metallicity; the root mean square off the whole grid is 0.017 (u1) and
 * 0.014 (u2). TESS looks at redder light, whose own coefficients (Claret 2017) are not
 * in here: curves of its stars are drawn with Kepler's.
 * Source: Claret & Bloemen (2011), A&A 529, A75: ATLAS models, least-squares fits, turbulence 2 km/s.
 */
export function limbDarkening(steff: number, slogg: number): LimbDarkening {
  const row = place(temperatures, steff);
  const column = place(gravities, slogg);
  return { u1: between(linear, row, column), u2: between(quadratic, row, column) };
}

/** Where a value lies in a grid: the knot below and the share of the way to the next. */
function place(knots: readonly number[], value: number): { readonly below: number; readonly share: number } {
  const last = knots.length - 1;
  const clamped = Math.min(knots[last]!, Math.max(knots[0]!, value));
  const below = Math.min(
    last - 1,
    Math.max(
      0,
      knots.findLastIndex((knot) => knot <= clamped),
    ),
  );
  return { below, share: (clamped - knots[below]!) / (knots[below + 1]! - knots[below]!) };
}

type Place = ReturnType<typeof place>;

function between(grid: readonly (readonly number[])[], row: Place, column: Place): number {
  const along = (k: number): number => {
    const line = grid[k]!;
    return line[column.below]! * (1 - column.share) + line[column.below + 1]! * column.share;
  };
  return along(row.below) * (1 - row.share) + along(row.below + 1) * row.share;
}
