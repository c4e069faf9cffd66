import { type Matrix, sharedFloat64 } from "assay";
import { type Family, families } from "./feature.ts";
import { workoutFeatures } from "./features.ts";

/** What a family of features moves the forecast by. */
export interface Factor {
  readonly name: Family | "usual" | "bounds" | "plates";
  /** In words. */
  readonly title: string;
  /** In the unit of the load; all factors and the last load add up to the forecast. */
  readonly change: number;
  /** Of the sum of all |change|. */
  readonly share: number;
}

const titles: Readonly<Record<Factor["name"], string>> = {
  usual: "what usually follows",
  loads: "the loads so far",
  strength: "strength and repetitions",
  volume: "volume of the last session",
  steps: "how the load usually moves",
  calendar: "time since, habit and season",
  fatigue: "load of all training lately",
  bounds: "safety bounds",
  plates: "rounding to plates",
};

const ofFamily: Readonly<Record<Family, readonly number[]>> = Object.fromEntries(
  families.map((family) => [family, [...workoutFeatures.keys()].filter((j) => workoutFeatures[j]!.family === family)]),
) as unknown as Record<Family, number[]>;

/** The row of features (d) with those of each coalition of families as they are, all others usual (2^families × d). */
export function coalitions(row: Float64Array, usual: Float64Array): Matrix {
  const count = 2 ** families.length;
  const data = sharedFloat64(count * row.length);
  for (let coalition = 0; coalition < count; coalition++) {
    data.set(usual, coalition * row.length);
    for (const [k, family] of families.entries())
      if (coalition & (1 << k)) for (const j of ofFamily[family]) data[coalition * row.length + j] = row[j]!;
  }
  return { rows: count, columns: row.length, data };
}

/**
 * Shapley values of the families of features: exact, from the forecasts of all 64 coalitions (`loads`, as `coalitions` orders them); they add up to the
 * difference of the forecast from what usually follows. Source: Shapley (1953).
 */
export function familyFactors(loads: Float64Array, last: number): { readonly name: Factor["name"]; readonly change: number }[] {
  const n = families.length;
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  const bits = (mask: number): number => (mask === 0 ? 0 : (mask & 1) + bits(mask >> 1));
  const changes = families.map((name, k) => {
    let change = 0;
    for (let mask = 0; mask < loads.length; mask++) {
      if (mask & (1 << k)) continue;
      const size = bits(mask);
      change += ((factorial(size) * factorial(n - size - 1)) / factorial(n)) * (loads[mask | (1 << k)]! - loads[mask]!);
    }
    return { name, change };
  });
  return [{ name: "usual" as const, change: loads[0]! - last }, ...changes];
}

/** Factors with words and shares, the largest first. */
export function namedFactors(changes: readonly { readonly name: Factor["name"]; readonly change: number }[]): Factor[] {
  const total = changes.reduce((sum, { change }) => sum + Math.abs(change), 0);
  return changes
    .map(({ name, change }) => ({ name, title: titles[name], change, share: total > 0 ? Math.abs(change) / total : 0 }))
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
}
