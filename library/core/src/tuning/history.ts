import { sameDistribution } from "./contains.ts";
import type { Distribution } from "./distribution.ts";
import type { Direction, EndState, TrialRecord } from "./storage.ts";

/** What samplers and pruners see of a study. */
export interface History {
  /** Name of the study. */
  readonly name: string;
  readonly directions: readonly Direction[];
  /** Grows whenever a trial ends: what was computed of ended trials holds until then. */
  readonly version: number;
  /** Ended trials of a state, by number. */
  ended(state: EndState): readonly TrialRecord[];
  /** Trials under way here or elsewhere, as far as is known. */
  running(): Iterable<TrialRecord>;
  /** The best completed trial of a study of one direction. */
  best(): TrialRecord | undefined;
  /** Parameters that every completed and pruned trial has, with a distribution that never changed. */
  shared(): Readonly<Record<string, Distribution>>;
}

/** A history that records are put into. */
export interface WritableHistory extends History {
  /** Grows with every record that is put in. */
  readonly revision: number;
  /** The record of a number. */
  get(number: number): TrialRecord | undefined;
  /** Takes a new record, or a newer one of the same trial: O(1), O(n) where an ended trial comes late. */
  put(trial: TrialRecord): void;
  /** Every record, by number. */
  all(): readonly TrialRecord[];
}

/** What is known of a study's trials in this process. */
export function history(name: string, directions: readonly Direction[]): WritableHistory {
  const byNumber: TrialRecord[] = [];
  const ended: Record<EndState, TrialRecord[]> = { completed: [], pruned: [], failed: [] };
  const running = new Map<number, TrialRecord>();
  let version = 0;
  let revision = 0;
  let best: TrialRecord | undefined;
  let shared: Record<string, Distribution> | undefined;

  const end = (trial: TrialRecord): void => {
    insert(ended[trial.state as EndState], trial);
    version++;
    if (trial.state === "completed" && (!best || isBetter(trial, best, directions[0]!))) best = trial;
    if (trial.state !== "failed") shared = shared ? intersect(shared, trial.distributions) : { ...trial.distributions };
  };

  return {
    name,
    directions,
    get version() {
      return version;
    },
    get revision() {
      return revision;
    },
    ended: (state) => ended[state],
    running: () => running.values(),
    best: () => best,
    shared: () => shared ?? {},
    get: (number) => byNumber[number],
    all: () => byNumber.filter((trial) => trial !== undefined),
    put(trial) {
      const former = byNumber[trial.number];
      if (former && isEnded(former)) return; // an end is final
      byNumber[trial.number] = trial;
      revision++;
      if (trial.state === "running") running.set(trial.number, trial);
      else running.delete(trial.number);
      if (isEnded(trial)) end(trial);
    },
  };
}

function isEnded({ state }: TrialRecord): boolean {
  return state === "completed" || state === "pruned" || state === "failed";
}

/** Whether a's value is better than b's; of equal ones the earlier trial. */
function isBetter(a: TrialRecord, b: TrialRecord, direction: Direction): boolean {
  const sign = direction === "minimize" ? 1 : -1;
  const [left, right] = [sign * a.values![0]!, sign * b.values![0]!];
  return left < right || (left === right && a.number < b.number);
}

/** Keeps a list in the order of numbers; trials end nearly in that order. */
function insert(list: TrialRecord[], trial: TrialRecord): void {
  let at = list.length;
  while (at > 0 && list[at - 1]!.number > trial.number) at--;
  list.splice(at, 0, trial);
}

function intersect(
  shared: Readonly<Record<string, Distribution>>,
  distributions: Readonly<Record<string, Distribution>>,
): Record<string, Distribution> {
  const kept: Record<string, Distribution> = {};
  for (const name of Object.keys(shared)) {
    const other = Object.hasOwn(distributions, name) ? distributions[name] : undefined;
    if (other && sameDistribution(shared[name]!, other)) kept[name] = shared[name]!;
  }
  return kept;
}
