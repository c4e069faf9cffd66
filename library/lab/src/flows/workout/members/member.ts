import type { Matrix } from "assay";
import type { TrainingRows } from "../training-rows.ts";

/** Names of the ensemble's six members, and of the baselines that are candidates beside them. */
export const memberNames = [
  "forest",
  "boosting",
  "two_stage",
  "ridge",
  "neighbors",
  "network",
  "last",
  "trend",
  "epley",
] as const;
/** Name of a member. */
export type MemberName = (typeof memberNames)[number];

/** How members are fitted. */
export interface MemberOptions {
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** A fitted member: ln(next top load / last) of rows of features (n). */
export interface Member {
  predict(x: Matrix): Float64Array;
  /** What `open` of its kind makes the member from again. */
  readonly state: MemberState;
}

/** A member as plain data: encoded models, and arrays. */
export interface MemberState {
  readonly models: readonly Uint8Array[];
  readonly arrays: Readonly<Record<string, Float64Array>>;
}

/** A kind of member. */
export interface MemberKind {
  fit(rows: TrainingRows, options: MemberOptions): Promise<Member>;
  open(state: MemberState): Member;
}
