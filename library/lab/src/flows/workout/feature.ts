import type { Moment } from "./moment.ts";

/** Families of features: what the adjustment factors are told by. */
export const families = ["loads", "strength", "volume", "steps", "calendar", "fatigue"] as const;
/** Name of a family of features. */
export type Family = (typeof families)[number];

/** A feature, declared once. */
export interface Feature {
  readonly name: string;
  readonly family: Family;
  /** "1" for shares and logarithms of ratios. */
  readonly unit: string;
  readonly formula: string;
  /** What it looks back on. */
  readonly window: string;
  /** Which part of the log it is made of. */
  readonly source: string;
  /** NaN where the log does not say. */
  readonly value: (moment: Moment) => number;
}

/** A row of a family's table: name, unit, formula, window, and how it is found. */
export type FeatureRow = readonly [string, string, string, string, (moment: Moment) => number];

/** Features of a family that are made of one source. */
export function familyOf(family: Family, source: string, rows: readonly FeatureRow[]): Feature[] {
  return rows.map(([name, unit, formula, window, value]) => ({ name, family, source, unit, formula, window, value }));
}

/** The middle of numbers, NaN ones left out; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const half = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!;
}

/** The mean of numbers, NaN ones left out; NaN for none. */
export function mean(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** The largest of numbers, NaN ones left out; NaN for none. */
export function most(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? Number.NaN : Math.max(...known);
}

/** The smallest of numbers, NaN ones left out; NaN for none. */
export function least(values: readonly number[]): number {
  return -most(values.map((value) => -value));
}

/** The spread of numbers (n in the denominator); NaN for fewer than two. */
export function spread(values: readonly number[]): number {
  const centre = mean(values);
  return values.length < 2 ? Number.NaN : Math.sqrt(mean(values.map((value) => (value - centre) * (value - centre))));
}

/** Values of the sessions of the last so many days. */
export function within(values: readonly number[], { days }: Moment, window: number): number[] {
  return values.filter((_, k) => days[k]! <= window);
}
