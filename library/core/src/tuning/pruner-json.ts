import { ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { hyperbandPruner } from "./hyperband-pruner.ts";
import { patientPruner } from "./patient-pruner.ts";
import { medianPruner, percentilePruner } from "./percentile-pruner.ts";
import { nopPruner, type Pruner } from "./pruner.ts";
import { successiveHalvingPruner } from "./successive-halving-pruner.ts";
import { thresholdPruner } from "./threshold-pruner.ts";
import { wilcoxonPruner } from "./wilcoxon-pruner.ts";

/** A pruner as jobs and HTTP name it: "median", or { name: "median", startupTrials: 5 }. */
export type PrunerJson = string | ({ readonly name: string } & Readonly<Record<string, unknown>>);

const makers: Readonly<Record<string, (options: never) => Pruner>> = {
  median: medianPruner,
  percentile: percentilePruner,
  successive_halving: successiveHalvingPruner,
  hyperband: hyperbandPruner,
  threshold: thresholdPruner,
  wilcoxon: wilcoxonPruner,
  nop: nopPruner,
  patient: ({ pruner, ...options }: { readonly pruner?: PrunerJson; readonly patience: number }) =>
    patientPruner(pruner === undefined ? undefined : prunerFromJson(pruner), options),
};

/** Names of pruners. */
export const prunerNames = Object.keys(makers);

/** A pruner of its name and options; a pruner is given back. Throws ParamsError. */
export function prunerFromJson(json: Pruner | PrunerJson): Pruner {
  if (typeof json === "object" && typeof (json as Pruner).shouldPrune === "function") return json as Pruner;
  const { name, ...options } = typeof json === "string" ? { name: json } : (json as { readonly name: string });
  if (!Object.hasOwn(makers, name)) throw new ParamsError(`no pruner "${name}"${suggest(String(name), prunerNames)}`);
  return makers[name]!(options as never);
}
