import { familyOf, mean, median } from "./feature.ts";
import type { Moment } from "./moment.ts";
import { runOf } from "./strength-features.ts";

const sizes = (changes: readonly number[]): number[] => changes.filter((change) => change !== 0).map(Math.abs);

/** How the load usually moves: how often, how far, and what followed the like of now. */
export const stepFeatures = familyOf("steps", "changes of the top load", [
  ["run", "sessions", "sessions in a row at w1", "all", runOf],
  [
    "same_5",
    "1",
    "share of unchanged",
    "5 changes",
    ({ changes }) => mean(changes.slice(0, 5).map((change) => Number(change === 0))),
  ],
  [
    "same_all",
    "1",
    "(unchanged + 1) / (changes + 2)",
    "all",
    ({ changes }) => (changes.filter((c) => c === 0).length + 1) / (changes.length + 2),
  ],
  [
    "raised_5",
    "1",
    "share of raised",
    "5 changes",
    ({ changes }) => mean(changes.slice(0, 5).map((change) => Number(change > 0))),
  ],
  ["step_8", "1", "median |change|, changed ones", "8 changes", ({ changes }) => median(sizes(changes).slice(0, 8))],
  ["rise_8", "1", "median rise", "8 changes", ({ changes }) => median(changes.slice(0, 8).filter((change) => change > 0))],
  ["size_5", "1", "mean |change|", "5 changes", ({ changes }) => mean(changes.slice(0, 5).map(Math.abs))],
  ["after_same_load", "1", "Σ next change / (n + 2), after w1", "all", (m) => shrunk(after(m, (k) => m.tops[k] === m.tops[0]))],
  ["after_same_median", "1", "median next change, after w1", "all", (m) => median(after(m, (k) => m.tops[k] === m.tops[0]))],
  [
    "after_same_step",
    "1",
    "Σ next change / (n + 2), after w1 and the same last change",
    "all",
    (m) => shrunk(after(m, (k) => m.tops[k] === m.tops[0] && signAt(m, k) === signAt(m, 0))),
  ],
  ["after_same_reps", "1", "Σ next change / (n + 2), after r1", "all", (m) => shrunk(after(m, (k) => m.reps[k] === m.reps[0]))],
  [
    "usual_change",
    "1",
    "Σ change, within ± 0.4, / (n + 5)",
    "all",
    ({ changes }) => changes.reduce((sum, c) => sum + clip(c), 0) / (changes.length + 5),
  ],
]);

const signAt = ({ changes }: Moment, k: number): number => Math.sign(changes[k] ?? 0);

/** Changes that followed earlier sessions of a kind. */
function after({ changes }: Moment, isLike: (k: number) => boolean): number[] {
  return changes.flatMap((change, k) => (isLike(k + 1) ? [clip(change)] : []));
}

function shrunk(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / (values.length + 2);
}

function clip(change: number): number {
  return Math.max(-0.4, Math.min(0.4, change));
}
