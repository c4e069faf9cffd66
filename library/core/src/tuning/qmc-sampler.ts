import { checkKeys } from "../base/check-keys.ts";
import { random } from "../numeric/random.ts";
import { checkSeed } from "./check-options.ts";
import { decode, isSingle } from "./contains.ts";
import type { Sampler } from "./sampler.ts";
import { fromUnit, uniform } from "./uniform.ts";

/** Options of `qmcSampler`. */
export interface QmcOptions {
  /** Default 42. */
  readonly seed?: number;
}

/**
 * Spreads trials more evenly than chance: the Halton sequence, shifted at random once. The first trial is drawn evenly, for its parameters
 * name the dimensions; conditional parameters are drawn evenly. Sources: Halton (1960); Cranley & Patterson (1976) for the shift.
 */
export function qmcSampler(options: QmcOptions = {}): Sampler {
  checkKeys("qmcSampler", options, ["seed"]);
  const { seed = 42 } = options;
  checkSeed("qmcSampler", seed);

  return {
    name: "qmc",
    options: { seed },
    together(history, { number }) {
      const names = Object.entries(history.shared()).filter(([, distribution]) => !isSingle(distribution));
      const dimensions = names.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, primes.length);
      const params = dimensions.map(([name, distribution], j) => {
        const shift = random(seed, `qmc/${name}`).float();
        return [name, decode(distribution, fromUnit(distribution, (radicalInverse(number, primes[j]!) + shift) % 1))] as const;
      });
      return { params: Object.fromEntries(params) };
    },
    suggest: (_history, { number }, name, distribution) => uniform(distribution, random(seed, `random/${number}/${name}`)),
  };
}

const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71];

/** The digits of n in a base, mirrored behind the point. */
function radicalInverse(n: number, base: number): number {
  let value = 0;
  for (let left = n, place = 1 / base; left > 0; left = Math.floor(left / base), place /= base) value += (left % base) * place;
  return value;
}
