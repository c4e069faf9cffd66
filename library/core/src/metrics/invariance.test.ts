import { describe, expect, test } from "vitest";
import { random } from "../numeric/random.ts";
import { allMetrics, type Metric, type Scored } from "./registry.ts";

/** What may leave a metric as it is. Every metric is also blind to the order of rows and to the scale of weights. */
type Invariance =
  /** Other names for the classes, in another order. */
  | "relabel"
  /** Two classes in exchanged roles. */
  | "swap"
  /** A rising function of all scores. */
  | "monotone"
  /** Truth and prediction exchanged. */
  | "exchange"
  /** A constant added to truth and prediction. */
  | "shift"
  /** Truth and prediction multiplied by a constant. */
  | "scale";

/** One row a metric: all that leaves it as it is. What is not listed must change it. */
const table: Readonly<Record<string, readonly Invariance[]>> = {
  accuracy: ["relabel", "swap", "exchange"],
  balanced_accuracy: ["relabel", "swap"],
  f1_macro: ["relabel", "swap", "exchange"],
  f1_weighted: ["relabel", "swap"],
  precision_macro: ["relabel", "swap"],
  recall_macro: ["relabel", "swap"],
  mcc: ["relabel", "swap", "exchange"],
  f1: ["relabel", "exchange"],
  precision: ["relabel"],
  recall: ["relabel"],
  jaccard: ["relabel", "exchange"],
  f1_micro: ["relabel", "swap", "exchange"],
  precision_micro: ["relabel", "swap", "exchange"],
  recall_micro: ["relabel", "swap", "exchange"],
  precision_weighted: ["relabel", "swap"],
  recall_weighted: ["relabel", "swap", "exchange"],
  f2_macro: ["relabel", "swap"],
  jaccard_macro: ["relabel", "swap", "exchange"],
  jaccard_weighted: ["relabel", "swap"],
  cohen_kappa: ["relabel", "swap", "exchange"],
  hamming_loss: ["relabel", "swap", "exchange"],
  roc_auc: ["relabel", "swap", "monotone"],
  average_precision: ["relabel", "monotone"],
  log_loss: ["relabel", "swap"],
  brier: ["relabel", "swap"],
  roc_auc_weighted: ["relabel", "swap", "monotone"],
  roc_auc_ovo: ["relabel", "swap", "monotone"],
  average_precision_weighted: ["relabel", "monotone"],
  ks: ["relabel", "swap", "monotone"],
  d2_log_loss: ["relabel", "swap"],
  d2_brier: ["relabel", "swap"],
  top_2_accuracy: ["relabel", "swap", "monotone"],
  expected_calibration_error: ["relabel", "swap"],
  r2: ["shift", "scale"],
  rmse: ["shift", "exchange"],
  mae: ["shift", "exchange"],
  mse: ["shift", "exchange"],
  mape: ["scale"],
  median_absolute_error: ["shift", "exchange"],
  explained_variance: ["shift", "scale"],
  max_error: ["shift", "exchange"],
  d2_absolute_error: ["shift", "scale"],
  msle: ["exchange"],
  rmsle: ["exchange"],
  poisson_deviance: [],
  gamma_deviance: ["scale"],
  d2_poisson: ["scale"],
  d2_gamma: ["scale"],
  ndcg: ["monotone"],
  "ndcg@10": ["monotone"],
  "ndcg@5": ["monotone"],
  map: ["monotone"],
  mrr: ["monotone"],
};

const metrics = [...allMetrics("classification"), ...allMetrics("regression"), ...allMetrics("ranking")];
const n = 90;

/** Rows of k classes: labels, predictions that are often right, and probabilities, whichever of these a metric reads. */
function labelled(k: number): Scored {
  const draw = random(k, "invariance");
  const classes = ["a", "b", "c"].slice(0, k);
  const proba = Array.from({ length: n }, () => {
    const row = classes.map(() => draw.float() + 0.02);
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((share) => share / total);
  });
  const yTrue = proba.map((row) => (draw.float() < 0.6 ? classes[row.indexOf(Math.max(...row))]! : classes[draw.int(k)]!));
  const yPred = yTrue.map((label) => (draw.float() < 0.6 ? label : classes[Math.min(draw.int(k), draw.int(k))]!));
  return { yTrue, yPred, proba: proba.flat(), classes };
}

function numbers(): Scored {
  const draw = random(3, "invariance");
  const yTrue = Array.from({ length: n }, () => 0.2 + 5 * draw.float());
  return { yTrue, yPred: yTrue.map((value) => value * (0.6 + draw.float())) };
}

/** Queries of six rows, scores with ties. */
function queries(): Scored {
  const draw = random(4, "invariance");
  const yTrue = Array.from({ length: n }, () => draw.int(4));
  return { yTrue, yPred: yTrue.map((grade) => grade + draw.int(5)), groups: yTrue.map((_, i) => Math.floor(i / 6)) };
}

function rowsFor(metric: Metric, k = 3): Scored {
  return metric.task === "ranking" ? queries() : metric.task === "regression" ? numbers() : labelled(k);
}

/** Rows picked by number, with everything that belongs to them. */
function pick({ yTrue, yPred, proba, classes, weights, groups }: Scored, rows: readonly number[]): Scored {
  const k = classes?.length ?? 0;
  return {
    yTrue: rows.map((i) => yTrue[i]!),
    yPred: rows.map((i) => yPred[i]!),
    ...(proba && { proba: rows.flatMap((i) => Array.from({ length: k }, (_, c) => proba[i * k + c]!)) }),
    ...(classes && { classes }),
    ...(weights && { weights: rows.map((i) => weights[i]!) }),
    ...(groups && { groups: rows.map((i) => groups[i]!) }),
  };
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-10 * Math.max(1, Math.abs(a), Math.abs(b));
}

/** Weights of 0, 1, 2 and 3; of queries the same for all rows of one. */
function wholeWeights(metric: Metric): number[] {
  const draw = random(5, "weights");
  const drawn = Array.from({ length: n }, () => draw.int(4));
  return drawn.map((_, i) => drawn[metric.task === "ranking" ? 6 * Math.floor(i / 6) : i]!);
}

test("the table has a row for every metric of the registry", () =>
  expect(Object.keys(table).sort()).toEqual(metrics.map(({ name }) => name).sort()));

describe.each(metrics.map((metric) => [metric.name, metric] as const))("%s", (name, metric) => {
  const rows = rowsFor(metric);
  const weights = Array.from({ length: n }, (_, i) => (metric.task === "ranking" ? 1 + (Math.floor(i / 6) % 3) : 0.5 + (i % 7)));

  test("does not depend on the order of rows", () => {
    const order = [...random(6, "order").permutation(n)];
    const given = { ...rows, weights };
    expect(close(metric.compute(pick(given, order)), metric.compute(given))).toBe(true);
  });

  test("does not depend on the scale of weights, and equal weights are none", () => {
    const scaled = metric.compute({ ...rows, weights: weights.map((weight) => 8 * weight) });
    expect(close(scaled, metric.compute({ ...rows, weights }))).toBe(true);
    expect(close(metric.compute({ ...rows, weights: weights.map(() => 3) }), metric.compute(rows))).toBe(true);
  });

  test("a weight of 0 is absence, a weight of 2 is two rows", () => {
    const whole = wholeWeights(metric);
    const weighted = metric.compute({ ...rows, weights: whole });
    // a query that counts twice is there twice, under another name
    const copies = whole.flatMap((weight, i) => Array.from({ length: weight }, (_, copy) => [i, copy] as const));
    const expanded = pick(
      rows,
      copies.map(([i]) => i),
    );
    const groups = rows.groups && copies.map(([i, copy]) => `${rows.groups![i]}/${copy}`);
    expect(close(weighted, metric.compute({ ...expanded, ...(groups && { groups }) }))).toBe(true);
  });

  test("rows read once give the same under each weights", () => {
    const prepared = metric.prepare(rows);
    expect(prepared(weights)).toBe(metric.compute({ ...rows, weights }));
    expect(prepared()).toBe(metric.compute(rows));
  });

  test("lies in its range, and is at its best where every answer is right", () => {
    const [low, high] = metric.range;
    for (const k of [2, 3]) {
      const value = metric.compute(rowsFor(metric, k));
      expect(value).toBeGreaterThanOrEqual(low);
      expect(value).toBeLessThanOrEqual(high);
      const given = rowsFor(metric, k);
      const proba =
        given.classes && Array.from(given.yTrue).flatMap((label) => given.classes!.map((each) => Number(each === label)));
      const best = metric.compute({ ...given, yPred: given.yTrue, proba });
      expect(close(best, metric.greaterIsBetter ? high : low)).toBe(true);
      if (value !== best) expect(best > value).toBe(metric.greaterIsBetter);
    }
  });

  const changes: Readonly<Record<Invariance, () => readonly [Scored, Scored]>> = {
    relabel: () => {
      const names: Readonly<Record<string, string>> = { a: "z", b: "y", c: "x" };
      const proba = Array.from({ length: n }, (_, i) => [2, 1, 0].map((c) => rows.proba![3 * i + c]!)).flat();
      const renamed = (list: ArrayLike<unknown>) => Array.from(list, (label) => names[String(label)]!);
      return [rows, { yTrue: renamed(rows.yTrue), yPred: renamed(rows.yPred), proba, classes: ["x", "y", "z"] }];
    },
    swap: () => {
      const two = labelled(2);
      const exchanged = (list: ArrayLike<unknown>) => Array.from(list, (label) => (label === "a" ? "b" : "a"));
      const proba = Array.from({ length: 2 * n }, (_, at) => two.proba![at ^ 1]!);
      return [two, { yTrue: exchanged(two.yTrue), yPred: exchanged(two.yPred), proba, classes: two.classes }];
    },
    monotone: () =>
      metric.task === "ranking"
        ? [rows, { ...rows, yPred: Array.from(rows.yPred, (score) => Math.exp(Number(score))) }]
        : [rows, { ...rows, proba: Array.from(rows.proba!, (share) => share * share) }],
    exchange: () => [rows, { ...rows, yTrue: rows.yPred, yPred: rows.yTrue }],
    shift: () => [rows, moved(rows, (value) => value + 7)],
    scale: () => [rows, moved(rows, (value) => 4 * value)],
  };
  const asked: readonly Invariance[] =
    metric.task === "ranking"
      ? ["monotone"]
      : metric.task === "regression"
        ? ["exchange", "shift", "scale"]
        : metric.needsProba
          ? ["relabel", "swap", "monotone"]
          : ["relabel", "swap", "exchange"];
  test.each(asked)("%s: as the table says", (change) => {
    const [before, after] = changes[change]();
    expect(close(metric.compute(before), metric.compute(after))).toBe(table[name]!.includes(change));
  });
});

function moved(rows: Scored, to: (value: number) => number): Scored {
  const each = (list: ArrayLike<unknown>) => Array.from(list, (value) => to(Number(value)));
  return { ...rows, yTrue: each(rows.yTrue), yPred: each(rows.yPred) };
}
