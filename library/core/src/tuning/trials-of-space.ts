import { applies } from "./check-space.ts";
import { contains } from "./contains.ts";
import type { Distribution, Space } from "./distribution.ts";
import type { AddedTrial, TrialRecord } from "./storage.ts";

/**
 * Completed and pruned trials of a study as trials for another one, as far as they have all parameters that the space asks for, and no
 * others. Their attribute `from` says where they come from.
 */
export function trialsOfSpace(study: string, trials: readonly TrialRecord[], space: Space): readonly AddedTrial[] {
  return trials.flatMap(({ state, params, values, intermediate, attributes, startedAt, endedAt, number }) => {
    if (state !== "completed" && state !== "pruned") return [];
    const asked = Object.entries(space).filter(([, entry]) => applies(entry, params));
    if (asked.length !== Object.keys(params).length) return [];
    if (!asked.every(([name, entry]) => Object.hasOwn(params, name) && contains(entry, params[name]))) return [];
    const distributions = Object.fromEntries(
      asked.map(([name, { when: _, ...distribution }]) => [name, distribution as Distribution]),
    );
    const origin = { ...attributes, from: { study, number } };
    return [{ state, params, distributions, values, intermediate, attributes: origin, startedAt, endedAt }];
  });
}
