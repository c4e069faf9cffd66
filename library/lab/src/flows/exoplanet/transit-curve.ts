import { DataError } from "assay";
import { limbDarkening } from "./limb-darkening.ts";
import { transitFlux } from "./transit-flux.ts";

/** What a transit curve is drawn from. */
export interface TransitSignal {
  readonly periodDays: number;
  /** From first to last contact. */
  readonly durationHours: number;
  /** Light that is missing in the middle, parts per million. */
  readonly depthPpm: number;
  /** Distance of the planet's path from the star's centre, in stellar radii. */
  readonly impact: number;
  /** Effective temperature of the star, K. */
  readonly steff: number;
  /** Surface gravity of the star, log g in cgs. */
  readonly slogg: number;
}

/** Points of a curve. */
export const curvePoints = 2001;
const middle = (curvePoints - 1) / 2;

/** Half a period is spread so that a phase of 2e-4 stands at half the way: in-transit points of a median signal 1,000, not 33. */
const spread = Math.asinh(0.5 / 2e-4);
/** Beyond this impact nothing of a planet's size stands before the star; larger values of fits are drawn as this one. */
const impactMost = 1.5;
const depthMost = 0.999;

const phases = Float64Array.from({ length: curvePoints }, (_, i) => {
  const x = (i - middle) / middle;
  return x === 0 ? 0 : (0.5 * Math.sinh(spread * x)) / Math.sinh(spread);
});
/** sin² 2πφ from the middle on, as far as the planet stands before the star (a quarter of the orbit). */
const heights = phases
  .subarray(middle)
  .map((phase) => (phase < 0.25 ? Math.sin(2 * Math.PI * phase) ** 2 : Number.POSITIVE_INFINITY));

/** The phases of a curve's points (2,001), −½ … ½ of a period, 0 the middle of the transit; dense there: ½ sinh(cx) / sinh(c), x even. */
export function transitPhases(): Float64Array {
  return phases.slice();
}

/** Light of a star over one period at `transitPhases()` (2,001), 1 out of transit. Throws DataError for a signal that no orbit can have. */
export function transitCurve(signal: TransitSignal): Float64Array {
  return transitCurves([signal], new Float64Array(curvePoints)) as Float64Array;
}

/**
 * The curves of many signals, one after the other (n × 2,001), written to `out` where it is given. O(n × points in transit): about 60 µs
 * a curve. The orbit is a circle whose size follows from duration and impact, so first and last contact are where the duration says, and the planet's
 * size is the one that gives the depth. Throws DataError naming the row for a signal that no orbit can have.
 */
export function transitCurves<A extends Float32Array | Float64Array = Float32Array>(
  signals: readonly TransitSignal[],
  out: A = new Float32Array(signals.length * curvePoints) as A,
): A {
  for (const [k, signal] of signals.entries()) {
    const shape = transitShape(signal, signals.length > 1 ? ` in row ${k}` : "");
    drawCurve(shape, out, k * curvePoints);
  }
  return out;
}

/** A transit in units of the star: what its curve is drawn from. */
export interface TransitShape {
  /** Radius of the planet, in stellar radii. */
  readonly radiusRatio: number;
  readonly impact: number;
  /** Share of the period from first to last contact. */
  readonly duty: number;
  /** Share of the period from second to third contact; 0 where the planet only grazes the star. */
  readonly fullDuty: number;
  readonly u1: number;
  readonly u2: number;
}

/** The transit that a signal tells of. Throws DataError for one that no orbit can have. */
export function transitShape(signal: TransitSignal, where = ""): TransitShape {
  const { periodDays, durationHours, depthPpm, steff, slogg } = signal;
  for (const name of ["periodDays", "durationHours", "depthPpm", "impact"] as const)
    if (!(signal[name] >= 0 && (signal[name] > 0 || name === "impact") && Number.isFinite(signal[name])))
      throw new DataError(`transit curve: ${name} must be ${name === "impact" ? "≥" : ">"} 0, got ${signal[name]}${where}`);
  const duty = durationHours / 24 / periodDays;
  if (duty >= 0.5)
    throw new DataError(`transit curve: a transit of ${durationHours} h is no part of a period of ${periodDays} days${where}`);
  const impact = Math.min(signal.impact, impactMost);
  const { u1, u2 } = limbDarkening(steff, slogg);
  const radiusRatio = radiusOf(Math.min(depthPpm / 1e6, depthMost), impact, u1, u2);
  const inner = (1 - radiusRatio) ** 2 - impact ** 2;
  const outer = (1 + radiusRatio) ** 2 - impact ** 2;
  const isGrazing = radiusRatio >= 1 || inner <= 0;
  const fullDuty = isGrazing ? 0 : Math.asin(Math.sin(Math.PI * duty) * Math.sqrt(inner / outer)) / Math.PI;
  return { radiusRatio, impact, duty, fullDuty, u1, u2 };
}

/** The planet's radius that takes this share of the light in the middle of the transit, by bisection. */
function radiusOf(depth: number, impact: number, u1: number, u2: number): number {
  let low = Math.max(0, impact - 1);
  let high = impact + 1;
  for (let k = 0; k < 48; k++) {
    const radius = 0.5 * (low + high);
    if (1 - transitFlux(impact, radius, u1, u2) < depth) low = radius;
    else high = radius;
  }
  return 0.5 * (low + high);
}

/**
 * z² = b² + ((1 + p)² − b²) sin² 2πφ / sin² πq, so that z = 1 + p at φ = ± q / 2.
 * Source: Seager & Mallén-Ornelas (2003), ApJ 585, 1038; Winn (2010), Exoplanets, eq. 14.
 */
function drawCurve({ radiusRatio, impact, duty, u1, u2 }: TransitShape, out: Float32Array | Float64Array, start: number): void {
  const edge = 1 + radiusRatio;
  const base = impact * impact;
  const sine = Math.sin(Math.PI * duty);
  const slope = (edge * edge - base) / (sine * sine);
  const most = edge * edge;
  const centre = start + middle;
  let i = 0;
  for (; i <= middle; i++) {
    const z2 = base + slope * heights[i]!;
    if (z2 >= most) break;
    const flux = transitFlux(Math.sqrt(z2), radiusRatio, u1, u2);
    out[centre + i] = flux;
    out[centre - i] = flux;
  }
  out.fill(1, centre + i, start + curvePoints);
  out.fill(1, start, centre - i + 1);
}
