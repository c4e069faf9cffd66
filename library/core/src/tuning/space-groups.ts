import type { Distribution } from "./distribution.ts";
import type { History } from "./history.ts";

/**
 * Divides the parameters seen so far into groups that always appear together: those of one branch of a conditional space.
 * Names within a group in alphabetical order. Oracle: optuna.search_space.group_decomposed.
 */
export function spaceGroups(history: History): readonly Readonly<Record<string, Distribution>>[] {
  const known = cache.get(history);
  if (known?.version === history.version) return known.groups;
  let groups: readonly Readonly<Record<string, Distribution>>[] = [];
  const patterns = new Map<string, Readonly<Record<string, Distribution>>>();
  for (const state of ["completed", "pruned"] as const)
    for (const { distributions } of history.ended(state))
      patterns.set(Object.keys(distributions).sort().join("\n"), distributions);
  for (const distributions of patterns.values()) groups = refine(groups, distributions);
  cache.set(history, { version: history.version, groups });
  return groups;
}

const cache = new WeakMap<
  History,
  { readonly version: number; readonly groups: readonly Readonly<Record<string, Distribution>>[] }
>();

/** Splits each group into what the trial has of it and what not; the rest of the trial is a group of its own. */
function refine(
  groups: readonly Readonly<Record<string, Distribution>>[],
  distributions: Readonly<Record<string, Distribution>>,
): readonly Readonly<Record<string, Distribution>>[] {
  const left = new Set(Object.keys(distributions));
  const refined = groups.flatMap((group) => {
    const names = Object.keys(group);
    const parts = [names.filter((name) => left.has(name)), names.filter((name) => !left.has(name))];
    for (const name of names) left.delete(name);
    return [pick(distributions, parts[0]!), pick(group, parts[1]!)];
  });
  return [...refined, pick(distributions, [...left])].filter((group) => Object.keys(group).length > 0);
}

function pick(from: Readonly<Record<string, Distribution>>, names: readonly string[]): Record<string, Distribution> {
  return Object.fromEntries(names.toSorted().map((name) => [name, from[name]!]));
}
