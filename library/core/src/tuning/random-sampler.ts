import { random } from "../numeric/random.ts";
import { checkSeed } from "./check-options.ts";
import type { Sampler } from "./sampler.ts";
import { uniform } from "./uniform.ts";

/** Options of `randomSampler`. */
export interface RandomSamplerOptions {
  /** Default 42. */
  readonly seed?: number;
}

/**
 * Draws every parameter evenly from its distribution, blind to what earlier trials gave. The value depends on the seed, the trial's number
 * and the parameter's name only. Source: Bergstra & Bengio (2012), JMLR 13. Oracle: optuna.samplers.RandomSampler.
 */
export function randomSampler({ seed = 42 }: RandomSamplerOptions = {}): Sampler {
  checkSeed("randomSampler", seed);
  return {
    name: "random",
    options: { seed },
    suggest: (_history, { number }, name, distribution) => uniform(distribution, random(seed, `random/${number}/${name}`)),
  };
}
