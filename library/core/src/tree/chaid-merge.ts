import { LimitError } from "../base/errors.ts";
import type { Association, AssociationTest } from "./chaid-association.ts";
import { logBonferroni } from "./chaid-bonferroni.ts";

/** What a column offers at a node: its categories with their profiles, in order; missing values are the last category. */
export interface Categories {
  /** Codes of the categories that the node has; −1 for missing, last. */
  readonly codes: readonly number[];
  readonly profiles: readonly Float64Array[];
  /** Weight of each category. */
  readonly weights: readonly number[];
  /** Whether only neighbours may join (missing values any other). */
  readonly isOrdered: boolean;
}

/** When categories join. */
export interface MergeRules {
  readonly test: AssociationTest;
  /** Two groups join while their p-value is above. */
  readonly alphaMerge: number;
  /** Weight of a group, at least. */
  readonly minSamplesLeaf: number;
  readonly exhaustive: boolean;
  readonly bonferroni: boolean;
}

/** Categories in groups, and how much the groups differ. */
export interface Merged extends Association {
  /** Codes of each group. */
  readonly groups: readonly (readonly number[])[];
}

interface Group {
  codes: number[];
  readonly profile: Float64Array;
  weight: number;
  /** Of the groups after it the one that it differs from least, and ln p of that pair; −1 for none. */
  partner: number;
  logP: number;
}

const groupsMax = 2000;

/**
 * Joins the pair of groups that differ least until all differ, or, exhaustively, takes the best of all steps down to two; small groups join
 * what they differ from least. Undefined where one group is left. O(c²) tests, ordered O(c). Throws LimitError beyond 2000 unlike categories.
 * Source: Kass (1980), Applied Statistics 29(2); Biggs, de Ville & Suen (1991), J. Applied Statistics 18(1).
 */
export function mergeCategories(
  who: string,
  categories: Categories,
  rules: MergeRules,
  checkpoint: () => void,
): Merged | undefined {
  const { codes, isOrdered } = categories;
  const hasMissing = codes.at(-1) === -1;
  let groups = rules.exhaustive ? groupsOf(categories) : joinAlike(categories);
  if (groups.size < 2) return undefined;
  if (groups.size > groupsMax)
    throw new LimitError(`${who} has ${groups.size} categories, at most ${groupsMax}; join rare ones or leave it out`);
  const pairing: Pairing = { isOrdered, missing: hasMissing ? codes.length - 1 : -1, test: rules.test };
  const overall = (): Association => rules.test([...groups.values()].map(({ profile }) => profile));
  let best = { logP: rules.exhaustive ? overall().logP : Infinity, groups: groupCodes(groups) };
  for (const place of groups.keys()) {
    checkpoint();
    lookAhead(groups, place, pairing);
  }
  while (groups.size > 2) {
    checkpoint();
    const [place, { partner, logP }] = [...groups].reduce((most, each) => (each[1].logP > most[1].logP ? each : most));
    if (!rules.exhaustive && logP <= Math.log(rules.alphaMerge)) break;
    join(groups, place, partner, pairing);
    const now = rules.exhaustive ? overall().logP : Infinity;
    if (now < best.logP) best = { logP: now, groups: groupCodes(groups) };
  }
  if (rules.exhaustive) groups = groupsOf(categories, best.groups);
  joinSmall(groups, rules.minSamplesLeaf, pairing);
  if (groups.size < 2) return undefined;
  const { statistic, logP } = overall();
  const factor = rules.bonferroni ? logBonferroni(codes.length, groups.size, isOrdered, hasMissing, rules.exhaustive) : 0;
  return { statistic, logP: Math.min(0, logP + factor), groups: groupCodes(groups) };
}

interface Pairing {
  readonly isOrdered: boolean;
  /** Place of the missing values; −1 without. */
  readonly missing: number;
  readonly test: AssociationTest;
}

/** Groups by the place of their first category, ascending. */
type Groups = Map<number, Group>;

function groupCodes(groups: Groups): number[][] {
  return Array.from(groups.values(), ({ codes }) => [...codes]);
}

/** Every category a group, or the groups of these codes. */
function groupsOf(
  { codes, profiles, weights }: Categories,
  given: readonly (readonly number[])[] = codes.map((code) => [code]),
): Groups {
  const groups: Groups = new Map();
  for (const members of given) {
    const [first, ...rest] = members.map((code) => codes.indexOf(code));
    const profile = profiles[first!]!.slice();
    groups.set(first!, { codes: [codes[first!]!], profile, weight: weights[first!]!, partner: -1, logP: -Infinity });
    for (const place of rest)
      absorb(groups.get(first!)!, { codes: [codes[place]!], profile: profiles[place]!, weight: weights[place]! });
  }
  return groups;
}

/** As `groupsOf`, with unordered categories of equal or one-class profiles joined: nothing differs less than they do. O(c k). */
function joinAlike(categories: Categories): Groups {
  const { codes, profiles, isOrdered } = categories;
  if (isOrdered) return groupsOf(categories);
  const alike = new Map<string, number[]>();
  codes.forEach((code, place) => {
    const profile = profiles[place]!;
    const seen = profile.findIndex((value) => value !== 0);
    const isOne = profile.every((value, k) => value === 0 || k === seen);
    const key = isOne ? `only ${seen}` : profile.join(" ");
    const members = alike.get(key);
    if (members) members.push(code);
    else alike.set(key, [code]);
  });
  return groupsOf(categories, [...alike.values()]);
}

function absorb(group: Group, other: Pick<Group, "codes" | "profile" | "weight">): void {
  group.codes.push(...other.codes);
  group.weight += other.weight;
  for (let k = 0; k < group.profile.length; k++) group.profile[k]! += other.profile[k]!;
}

/** Whether two groups may join; `order` lists the groups. */
function mayJoin(a: number, b: number, order: readonly number[], { isOrdered, missing }: Pairing): boolean {
  return !isOrdered || a === missing || b === missing || Math.abs(order.indexOf(a) - order.indexOf(b)) === 1;
}

function pairLogP(groups: Groups, a: number, b: number, { test }: Pairing): number {
  return test([groups.get(a)!.profile, groups.get(b)!.profile]).logP;
}

/** Finds a group's partner anew. */
function lookAhead(groups: Groups, place: number, pairing: Pairing, order: readonly number[] = [...groups.keys()]): void {
  const at = order.indexOf(place);
  const after = pairing.isOrdered
    ? new Set([order[at + 1], groups.has(pairing.missing) ? order.at(-1) : undefined])
    : order.slice(at + 1);
  Object.assign(groups.get(place)!, { partner: -1, logP: -Infinity });
  for (const other of after) if (other !== undefined && other > place) consider(groups, place, other, pairing);
}

function consider(groups: Groups, place: number, other: number, pairing: Pairing): void {
  const group = groups.get(place)!;
  const logP = pairLogP(groups, place, other, pairing);
  if (group.partner < 0 || logP > group.logP) Object.assign(group, { partner: other, logP });
}

/** Joins group b to a, which stands before it, and mends the partners. */
function join(groups: Groups, a: number, b: number, pairing: Pairing): void {
  const order = [...groups.keys()].filter((place) => place !== b);
  const before = order[order.indexOf(a) - 1];
  absorb(groups.get(a)!, groups.get(b)!);
  groups.delete(b);
  for (const [place, { partner }] of groups)
    if (place === a || partner === a || partner === b || (pairing.isOrdered && place === before))
      lookAhead(groups, place, pairing, order);
    else if (!pairing.isOrdered && place < a) consider(groups, place, a, pairing);
}

/** Groups below the least weight join what they differ from least, the smallest first. */
function joinSmall(groups: Groups, least: number, pairing: Pairing): void {
  while (groups.size > 1) {
    const [place, { weight }] = [...groups].reduce((smallest, each) => (each[1].weight < smallest[1].weight ? each : smallest));
    if (weight >= least) return;
    const order = [...groups.keys()];
    let best: readonly [number, number] = [-1, -Infinity];
    for (const other of order) {
      if (other === place || !mayJoin(place, other, order, pairing)) continue;
      const logP = pairLogP(groups, place, other, pairing);
      if (best[0] < 0 || logP > best[1]) best = [other, logP];
    }
    join(groups, Math.min(place, best[0]), Math.max(place, best[0]), pairing);
  }
}
