import { expect } from "vitest";

/** An oracle's parameters under our names: `max_depth` is `maxDepth`. */
export const ownParams = (params: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(params).map(([key, value]) => [key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()), value]),
  );

/** As many numbers as the oracle's, each within 1e-9 of it. */
export function expectNear(got: Iterable<number>, wanted: readonly number[]): void {
  const values = [...got];
  expect(values.length).toBe(wanted.length);
  for (const [k, value] of values.entries()) expect(Math.abs(value - wanted[k]!)).toBeLessThan(1e-9);
}

/** The mean of a score over seeds lies within three standard errors of the difference from the oracle's, whose spread is taken. */
export function expectWithinSpread(ours: readonly number[], theirs: readonly number[], score?: string): void {
  const error = deviation(theirs) * Math.sqrt(1 / ours.length + 1 / theirs.length);
  expect(Math.abs(mean(ours) - mean(theirs)), score).toBeLessThan(3 * error);
}

/** The same for several scores by their names. */
export function expectAllWithinSpread(
  ours: readonly Readonly<Record<string, number>>[],
  theirs: Readonly<Record<string, readonly number[]>>,
): void {
  for (const [score, wanted] of Object.entries(theirs))
    expectWithinSpread(
      ours.map((each) => each[score]!),
      wanted,
      score,
    );
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const deviation = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0) / (values.length - 1));
