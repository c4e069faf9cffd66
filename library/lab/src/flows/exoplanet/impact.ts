/** Centimetres of a solar radius. */
const solarRadius = 6.957e10;
const secondsPerDay = 86_400;

/**
 * Impact of a transit on a circular orbit, from its timing and the star: the star's density gives the orbit's size, and a path across the
 * star that is shorter than its diameter has passed off the centre. 0 where the transit takes longer than any orbit allows.
 * Source: Kepler's third law; Seager & Mallén-Ornelas (2003), ApJ 585, 1038.
 */
export function impactOf(periodDays: number, durationHours: number, depthPpm: number, srad: number, slogg: number): number {
  const seconds = periodDays * secondsPerDay;
  const gravity = Math.exp(Math.LN10 * slogg);
  const axis = Math.cbrt((gravity * seconds * seconds) / (4 * Math.PI * Math.PI * srad * solarRadius));
  const edge = 1 + Math.sqrt(Math.min(1, depthPpm / 1e6));
  const sine = Math.sin((Math.PI * durationHours) / 24 / periodDays);
  const square = (edge * edge - axis * axis * sine * sine) / (1 - sine * sine);
  return Math.sqrt(Math.max(0, square));
}
