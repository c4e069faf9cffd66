import { ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { gridSampler } from "./grid-sampler.ts";
import { nsga2 } from "./nsga2-sampler.ts";
import { qmcSampler } from "./qmc-sampler.ts";
import { randomSampler } from "./random-sampler.ts";
import type { Sampler } from "./sampler.ts";
import { tpe } from "./tpe-sampler.ts";

/** A sampler as jobs and HTTP name it: "tpe", or { name: "tpe", seed: 7 }. */
export type SamplerJson = string | ({ readonly name: string } & Readonly<Record<string, unknown>>);

const makers: Readonly<Record<string, (options: never) => Sampler>> = {
  tpe,
  random: randomSampler,
  grid: gridSampler,
  qmc: qmcSampler,
  nsga2,
  optuna: tpe,
  random_search: randomSampler,
  grid_search: gridSampler,
};

/** Names of samplers, the usual ones first; "optuna", "random_search" and "grid_search" are taken too. */
export const samplerNames = ["tpe", "random", "grid", "qmc", "nsga2"] as const;

/** A sampler of its name and options; a sampler is given back. A grid takes `space`. Throws ParamsError. */
export function samplerFromJson(json: Sampler | SamplerJson): Sampler {
  if (typeof json === "object" && typeof (json as Sampler).suggest === "function") return json as Sampler;
  const { name, ...options } = typeof json === "string" ? { name: json } : (json as { readonly name: string });
  if (!Object.hasOwn(makers, name)) throw new ParamsError(`no sampler "${name}"${suggest(String(name), [...samplerNames])}`);
  return makers[name]!(options as never);
}
