import type { Fitted } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import type { Verdict } from "./judge.ts";

/** How much one row adds to a metric that is a mean over rows. */
interface RowLoss {
  readonly title: string;
  readonly task: "classification" | "regression";
  readonly needsProba: boolean;
  of(verdict: Verdict, y: Float64Array, i: number): number;
}

const tiny = Number.EPSILON;
const off = ({ predicted }: Verdict, y: Float64Array, i: number): number => predicted[i]! - y[i]!;

/** Losses by the name of the metric that is their mean (accuracy: 1 − their mean; rmse: its square). */
const losses: Readonly<Record<string, RowLoss>> = {
  accuracy: {
    title: "error rate",
    task: "classification",
    needsProba: false,
    of: ({ predicted }, y, i) => (predicted[i] === y[i] ? 0 : 1),
  },
  log_loss: {
    title: "log loss",
    task: "classification",
    needsProba: true,
    of: ({ proba }, y, i) => -Math.log(Math.min(1 - tiny, Math.max(tiny, proba!.data[i * proba!.columns + y[i]!]!))),
  },
  brier: {
    title: "Brier score",
    task: "classification",
    needsProba: true,
    of({ proba }, y, i) {
      const { columns, data } = proba!;
      let sum = 0;
      for (let k = columns === 2 ? 1 : 0; k < columns; k++) {
        const miss = data[i * columns + k]! - (y[i] === k ? 1 : 0);
        sum += miss * miss;
      }
      return sum;
    },
  },
  mae: { title: "absolute error", task: "regression", needsProba: false, of: (verdict, y, i) => Math.abs(off(verdict, y, i)) },
  mse: {
    title: "squared error",
    task: "regression",
    needsProba: false,
    of: (verdict, y, i) => off(verdict, y, i) * off(verdict, y, i),
  },
};

/** The loss of each row, and what its mean is called. */
export interface RowLosses {
  readonly metric: string;
  readonly title: string;
  /** Loss of each row (n). */
  readonly values: Float64Array;
  /** Whether every loss is 0 or 1. */
  readonly binary: boolean;
}

/** Name of the usual loss of a task. */
export function usualLoss({ task }: Fitted): string {
  return task === "classification" ? "accuracy" : "mae";
}

/** Name of a loss that fits the model. Throws ParamsError for a metric that is no mean over rows, or that the model cannot be judged by. */
export function checkLoss(who: string, model: Fitted, metric: string, hasProba: boolean): string {
  const task = model.task === "classification" ? "classification" : "regression";
  const name = metric === "rmse" ? "mse" : metric;
  const known = Object.keys(losses).filter((each) => losses[each]!.task === task);
  if (!known.includes(name))
    throw new ParamsError(`${who}: metric must be a mean over rows, got "${metric}"${suggest(metric, known)}`);
  if (losses[name]!.needsProba && !hasProba)
    throw new ParamsError(`${who}: metric "${metric}" needs probabilities, ${model.name} has none`);
  return name;
}

/** Losses of rows by a name that `checkLoss` gave. O(n). */
export function rowLosses(metric: string, verdict: Verdict, y: Float64Array): RowLosses {
  const { title, of } = losses[metric]!;
  return { metric, title, values: Float64Array.from(y, (_, i) => of(verdict, y, i)), binary: metric === "accuracy" };
}
