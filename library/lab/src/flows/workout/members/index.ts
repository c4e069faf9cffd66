import { workoutFeatures } from "../features.ts";
import { boostingMember } from "./boosting.ts";
import { forestMember } from "./forest.ts";
import { type Member, type MemberKind, type MemberName, memberNames } from "./member.ts";
import { neighborsMember } from "./neighbors.ts";
import { networkMember } from "./network.ts";
import { ridgeMember } from "./ridge.ts";
import { twoStageMember } from "./two-stage.ts";

export { type Member, type MemberName, type MemberOptions, type MemberState, memberNames } from "./member.ts";

/** A baseline as a candidate of the blend: what a feature says, 0 where it is missing; without one "the same as last time". */
function baselineMember(feature?: string): MemberKind {
  const column = workoutFeatures.findIndex(({ name }) => name === feature);
  const member: Member = {
    state: { models: [], arrays: {} },
    predict: ({ rows, columns, data }) =>
      Float64Array.from({ length: rows }, (_, i) => (column < 0 ? 0 : data[i * columns + column]! || 0)),
  };
  return { fit: async () => member, open: () => member };
}

/** Each kind of member by its name. */
export const memberKinds: Readonly<Record<MemberName, MemberKind>> = {
  forest: forestMember,
  boosting: boostingMember,
  two_stage: twoStageMember,
  ridge: ridgeMember,
  neighbors: neighborsMember,
  network: networkMember,
  last: baselineMember(),
  trend: baselineMember("trend_5"),
  epley: baselineMember("usual_reps_load"),
};

/** A number for each member. */
export type PerMember<T> = Readonly<Record<MemberName, T>>;

/** A record with an entry for each member, made one by one. */
export function perMember<T>(make: (name: MemberName) => T): PerMember<T> {
  return Object.fromEntries(memberNames.map((name) => [name, make(name)])) as Record<MemberName, T>;
}
