/** Points that were measured, and how their axes run. */
interface Measured {
  x: readonly number[];
  y: readonly number[];
  /** What was measured at each. */
  z: readonly number[];
  /** Whether an axis stands by its logarithm: nearness is then of the logarithms. */
  isLogX?: boolean;
  isLogY?: boolean;
}

/** Values over a grid: `z[row][column]` at `y[row]` and `x[column]`; null where nothing was measured near. */
interface Ground {
  x: number[];
  y: number[];
  z: (number | null)[][];
}

/** Points of the grid along each axis. */
const gridSize = 41;
/** How far a measured point reaches, in shares of an axis. */
const reach = 0.22;
/** Points below which there is no ground. */
const pointsLeast = 5;

/**
 * The ground between measured points: at each point of a grid the mean of those within reach, by the weights ((R − d) / (R · d))² (Shepard's method as
 * Franke and Little made it local, 1980). It meets the points, never passes their highest and lowest, and ends where nothing was measured. Null for
 * fewer than five points, or where an axis has one value alone. Cost O(41² · points).
 */
export function groundOf({ x, y, z, isLogX = false, isLogY = false }: Measured): Ground | null {
  const [across, up] = [axisOf(x, isLogX), axisOf(y, isLogY)];
  if (z.length < pointsLeast || !across || !up) return null;
  const steps = Array.from({ length: gridSize }, (_, k) => k / (gridSize - 1));
  return {
    x: steps.map(across.valueAt),
    y: steps.map(up.valueAt),
    z: steps.map((v) => steps.map((u) => meanNear(across.shares, up.shares, z, u, v))),
  };
}

interface Axis {
  /** Where each point stands between the ends, 0 to 1. */
  shares: readonly number[];
  valueAt(share: number): number;
}

function axisOf(values: readonly number[], isLog: boolean): Axis | null {
  const placed = isLog ? values.map(Math.log10) : values;
  const low = Math.min(...placed);
  const span = Math.max(...placed) - low;
  if (!(span > 0) || !Number.isFinite(span)) return null;
  const valueAt = (share: number) => (isLog ? 10 ** (low + share * span) : low + share * span);
  return { shares: placed.map((value) => (value - low) / span), valueAt };
}

function meanNear(xs: readonly number[], ys: readonly number[], zs: readonly number[], u: number, v: number): number | null {
  let [sum, weights, hits, hitSum] = [0, 0, 0, 0];
  for (let k = 0; k < zs.length; k++) {
    const distance = Math.hypot(xs[k]! - u, ys[k]! - v);
    if (distance >= reach) continue;
    if (distance < 1e-9) {
      hits++;
      hitSum += zs[k]!;
      continue;
    }
    const root = (reach - distance) / (reach * distance);
    weights += root * root;
    sum += root * root * zs[k]!;
  }
  if (hits > 0) return hitSum / hits;
  return weights > 0 ? sum / weights : null;
}

/** The plotly trace of a ground, between the lowest and the highest that was measured; the points stand before it. */
export function contourTrace(ground: Ground, z: readonly number[], scale: Record<string, unknown>): Record<string, unknown> {
  return {
    type: "contour",
    ...ground,
    zmin: Math.min(...z),
    zmax: Math.max(...z),
    autocontour: true,
    ncontours: 12,
    contours: { coloring: "fill" },
    line: { width: 0.5 },
    opacity: 0.55,
    showscale: false,
    connectgaps: false,
    hoverinfo: "skip",
    ...scale,
  };
}
