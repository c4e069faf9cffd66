import { describe, expect, it } from "vitest";
import { table } from "../data/table.ts";
import { gradientBoostingClassifier, gradientBoostingRegressor } from "../ensemble/index.ts";
import { logisticRegression } from "../linear/index.ts";
import { crossValidate } from "../model-selection/index.ts";
import { pipeline, standardScaler } from "../preprocessing/index.ts";
import { decisionTreeClassifier, decisionTreeRegressor } from "../tree/index.ts";
import { memoryStorage } from "./memory-storage.ts";
import { medianPruner } from "./percentile-pruner.ts";
import { randomSampler } from "./random-sampler.ts";
import { tune } from "./tune.ts";
import { wilcoxonPruner } from "./wilcoxon-pruner.ts";

const rows = Array.from({ length: 120 }, (_, i) => i);
const a = rows.map((i) => (i * 37) % 101);
const b = rows.map((i) => (i * 53) % 89);
const kinds = rows.map((i) => (a[i]! + b[i]! + (i % 7) * 8 > 115 ? "far" : "near"));
const labelled = table({ a, b, kind: kinds });
const task = { target: "kind", features: ["a", "b"] };
const space = { maxDepth: { type: "int", low: 1, high: 6 }, minSamplesLeaf: { type: "int", low: 1, high: 9 } } as const;

describe("tune", () => {
  it("a trial's value is the mean of crossValidate on the same folds", async () => {
    const study = await tune(decisionTreeClassifier, labelled, { ...task, space, trials: 4, folds: 3, seed: 5 });
    for (const trial of study.trials) {
      const { mean } = await crossValidate(decisionTreeClassifier(trial.params), labelled, { ...task, folds: 3, seed: 5 });
      expect(trial.value).toBeCloseTo(mean["accuracy"]!, 12);
    }
  });

  it("gives the same trials at any number of threads", async () => {
    const run = (threads: number) =>
      tune(decisionTreeClassifier, labelled, { ...task, space, trials: 14, folds: 3, threads, pruner: medianPruner() });
    const [one, four] = [await run(1), await run(4)];
    const shown = (study: typeof one) => study.trials.map(({ params, value, state }) => ({ params, value, state }));
    expect(shown(four)).toEqual(shown(one));
  });

  it("the tuned estimator has the best parameters over its own", async () => {
    const study = await tune(decisionTreeClassifier({ criterion: "entropy" }), labelled, { ...task, space, trials: 3, folds: 2 });
    expect(study.estimator().params).toMatchObject({ criterion: "entropy", ...study.best.params });
  });

  it("reaches the steps of a pipeline by path", async () => {
    const steps = pipeline(standardScaler(), logisticRegression());
    const study = await tune(steps, labelled, {
      ...task,
      space: { "logistic_regression.c": { type: "float", low: 0.01, high: 10, log: true } },
      trials: 2,
      folds: 2,
    });
    const { steps: best } = study.estimator().params;
    expect(best[1]!.params["c"]).toBe(study.best.params["logistic_regression.c"]);
  });

  it("searches where people do when no space is given", async () => {
    const study = await tune("decision_tree", labelled, { ...task, trials: 2, folds: 2 });
    expect(Object.keys(study.trials[0]!.params)).toEqual(["maxDepth", "minSamplesSplit", "minSamplesLeaf", "ccpAlpha"]);
  });

  it("puts the steps that the columns need before the estimator where it is told to", async () => {
    const holes = table({ a: a.map((value, i) => (i % 10 === 0 ? null : value)), b, kind: kinds });
    const study = await tune("logistic_regression", holes, { ...task, trials: 2, folds: 2, preprocess: true });
    expect(study.trials.map(({ state }) => state)).toEqual(["completed", "completed"]);
  });

  it("reports each fold, so that a pruner ends bad trials", async () => {
    const wide = { maxDepth: { type: "int", low: 1, high: 40 }, minSamplesLeaf: { type: "int", low: 1, high: 50 } } as const;
    const study = await tune(decisionTreeClassifier, labelled, {
      ...task,
      space: wide,
      trials: 25,
      pruner: medianPruner({ startupTrials: 4 }),
      sampler: randomSampler({ seed: 3 }),
    });
    const pruned = study.trials.filter(({ state }) => state === "pruned");
    expect(pruned.length).toBeGreaterThan(0);
    for (const { intermediate } of pruned) expect(intermediate.length).toBeLessThan(5);
  });

  it("takes the value of parameters that were tried already", async () => {
    const few = { maxDepth: { type: "int", low: 1, high: 2 } } as const;
    const study = await tune(decisionTreeClassifier, labelled, { ...task, space: few, trials: 12, folds: 2 });
    const again = study.trials.filter(({ attributes }) => "duplicateOf" in attributes);
    expect(again.length).toBe(10);
    for (const { attributes, value } of again) expect(value).toBe(study.trials[attributes["duplicateOf"] as number]!.value);
  });

  it("goes on with a study of the same name up to its trials", async () => {
    const storage = memoryStorage();
    const options = { ...task, space, folds: 2, storage, name: "trees" };
    await tune(decisionTreeClassifier, labelled, { ...options, trials: 3 });
    const study = await tune(decisionTreeClassifier, labelled, { ...options, trials: 5 });
    expect(study.trials.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4]);
  });

  it("begins with the trials of an earlier study that are of its space", async () => {
    const earlier = await tune(decisionTreeClassifier, labelled, { ...task, space, trials: 3, folds: 2 });
    const study = await tune(decisionTreeClassifier, labelled, { ...task, space, trials: 5, folds: 2, earlier });
    expect(study.trials.slice(0, 3).map(({ params }) => params)).toEqual(earlier.trials.map(({ params }) => params));
    expect(study.trials[0]!.attributes["from"]).toEqual({ study: earlier.name, number: 0 });
  });

  it("searches for two metrics at once", async () => {
    const study = await tune(decisionTreeClassifier, labelled, {
      ...task,
      space,
      trials: 6,
      folds: 2,
      metric: ["accuracy", "log_loss"],
    });
    expect(study.directions).toEqual(["maximize", "minimize"]);
    expect(study.paretoFront.length).toBeGreaterThan(0);
  });

  it("an abort leaves the study with what was found", async () => {
    const stop = new AbortController();
    const study = await tune(decisionTreeClassifier, labelled, {
      ...task,
      space,
      trials: 1000,
      folds: 2,
      reuseDuplicates: false,
      signal: stop.signal,
      onTrial: (_study, { number }) => number === 2 && stop.abort(),
    });
    expect(study.best.number).toBeLessThanOrEqual(2);
    expect(study.trials.length).toBeLessThanOrEqual(4);
  });

  it("an abort before the first trial is an AbortError", async () => {
    const run = tune(decisionTreeClassifier, labelled, { ...task, space, trials: 3, signal: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ name: "AbortError" });
  });

  it("tells of a parameter that the estimator has not before the first fit", async () => {
    const wrong = { maxDept: { type: "int", low: 1, high: 3 } } as const;
    await expect(tune(decisionTreeClassifier, labelled, { ...task, space: wrong, trials: 2 })).rejects.toThrow(
      "decision_tree: no parameter maxDept, did you mean maxDepth",
    );
  });

  it("a trial whose estimator refuses its parameters fails, and the study goes on", async () => {
    const odd = { maxFeatures: { type: "float", low: 0.5, high: 3 } } as const;
    const study = await tune(decisionTreeClassifier, labelled, { ...task, space: odd, trials: 8, folds: 2 });
    const failed = study.trials.filter(({ state }) => state === "failed");
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0]!.error).toMatch(/^ParamsError: decision_tree: maxFeatures must be a whole number or a share below 1/);
    expect(study.best.params["maxFeatures"]).toBeLessThanOrEqual(1);
  });

  it("takes a function that makes estimators", async () => {
    const numbers = table({ a, b, y: a.map((value, i) => 2 * value + b[i]!) });
    const study = await tune(({ depth }) => decisionTreeRegressor({ maxDepth: depth }), numbers, {
      target: "y",
      space: { depth: { type: "int", low: 1, high: 8 } },
      trials: 5,
      folds: 2,
    });
    expect(study.directions).toEqual(["maximize"]);
    expect(study.best.value).toBeGreaterThan(0);
  });

  it("the estimator of a study has the steps that were put before it", async () => {
    const holes = table({ a: a.map((value, i) => (i % 10 === 0 ? null : value)), b, kind: kinds });
    const study = await tune("logistic_regression", holes, { ...task, trials: 2, folds: 2, preprocess: true });
    const model = await study.estimator().fit(holes, task);
    expect(model.params["steps"]).toMatchObject([{}, {}, { name: "logistic_regression", params: { c: study.best.params["c"] } }]);
  });

  it("the estimator of a study of a preset has the parameters under our names", async () => {
    const study = await tune("xgboost", labelled, { ...task, trials: 1, folds: 2 });
    expect(study.estimator().params).toMatchObject({ nEstimators: study.best.params["n_estimators"] });
  });

  it("the estimator of a study of a function is what the function made, for a trial that took another's value too", async () => {
    const depth = { depth: { type: "int", low: 2, high: 2 } } as const;
    const make = (params: { readonly depth: number }) => decisionTreeClassifier({ maxDepth: params.depth });
    const study = await tune(make, labelled, { ...task, space: depth, trials: 2, folds: 2 });
    for (const trial of study.trials) expect(study.estimator(trial).params.maxDepth).toBe(2);
  });

  it("a trial that was begun with another study's trials has an estimator of this study", async () => {
    const options = { ...task, space, folds: 2 };
    const earlier = await tune(decisionTreeClassifier({ criterion: "entropy" }), labelled, { ...options, trials: 1 });
    const study = await tune(decisionTreeClassifier, labelled, { ...options, trials: 1, earlier });
    expect(study.estimator().params).toMatchObject({ criterion: "gini", ...study.best.params });
  });

  it("ends the trial under way when its seconds are used up", async () => {
    const wide = table({
      a: Array.from({ length: 4000 }, (_, i) => (i * 37) % 1009),
      b: Array.from({ length: 4000 }, (_, i) => i),
    });
    const study = await tune(gradientBoostingRegressor({ nEstimators: 5000 }), wide, {
      target: "b",
      space: { maxDepth: { type: "int", low: 8, high: 9 } },
      seconds: 0.5,
      folds: 2,
    });
    expect(study.trials.map(({ state, error }) => ({ state, error }))).toEqual([
      { state: "failed", error: "TimeoutError: tune: the budget of 0.5 s was used up" },
    ]);
  });

  it("refuses options of other libraries with ours beside them", async () => {
    for (const [other, ours] of [
      ["scoring", "metric"],
      ["cv", "folds"],
      ["nTrials", "trials"],
      ["randomState", "seed"],
      ["timeout", "seconds"],
    ]) {
      const run = tune(decisionTreeClassifier, labelled, { ...task, space, trials: 2, [other!]: 3 });
      await expect(run).rejects.toThrow(`tune: no option ${other}, did you mean ${ours}`);
    }
  });

  it("tells of a wrong budget by its name", async () => {
    const run = (budget: object) => tune(decisionTreeClassifier, labelled, { ...task, space, ...budget });
    await expect(run({ trials: 0 })).rejects.toThrow("tune: trials must be a whole number ≥ 1, got 0");
    await expect(run({ seconds: -1 })).rejects.toThrow("tune: seconds must be a number ≥ 0, got -1");
    await expect(run({ concurrency: 0 })).rejects.toThrow("tune: concurrency must be a whole number ≥ 1, got 0");
  });

  it("tells of a target that was not named, and of what cannot be tuned", async () => {
    await expect(tune(decisionTreeClassifier, labelled, { trials: 2 } as never)).rejects.toThrow(
      "tune: a table needs { target }, got undefined",
    );
    await expect(tune(standardScaler() as never, labelled, { ...task, trials: 2 })).rejects.toThrow(
      "tune: needs a classifier or a regressor, got the transform estimator standard_scaler",
    );
    await expect(tune(undefined as never, labelled, { ...task, trials: 2 })).rejects.toThrow(
      "tune: needs an estimator, a factory, a name or a function, got undefined",
    );
  });

  it("gives the Wilcoxon pruner each fold by itself", async () => {
    const options = { ...task, space, trials: 1, folds: 3 };
    const study = await tune(decisionTreeClassifier, labelled, { ...options, pruner: wilcoxonPruner() });
    const { mean, folds } = await crossValidate(study.estimator(), labelled, { ...task, folds: 3 });
    expect(study.trials[0]!.intermediate.map(([, value]) => value)).toEqual(folds.map(({ metrics }) => metrics["accuracy"]));
    expect(study.best.value).toBeCloseTo(mean["accuracy"]!, 12);
  });

  it("with a resource, a trial is fitted with more and more of it, and a bad one ends early", async () => {
    const rates = { learningRate: { type: "float", low: 1e-4, high: 0.5, log: true } } as const;
    const study = await tune(gradientBoostingClassifier({ nEstimators: 60 }), labelled, {
      ...task,
      space: rates,
      trials: 12,
      folds: 2,
      metric: "log_loss",
      resource: "nEstimators",
      sampler: randomSampler({ seed: 3 }),
      pruner: medianPruner({ startupTrials: 3 }),
    });
    expect(study.trials[0]!.intermediate.map(([step]) => step)).toEqual([10, 30, 60]);
    const pruned = study.trials.filter(({ state }) => state === "pruned");
    expect(pruned.length).toBeGreaterThan(0);
    expect(study.estimator().params.nEstimators).toBe(60);
    const { mean } = await crossValidate(study.estimator(), labelled, { ...task, folds: 2, metrics: ["log_loss"] });
    expect(study.best.value).toBeCloseTo(mean["log_loss"]!, 12);
  });

  it("refuses a resource that is no number of the estimator's", async () => {
    const run = (resource: string) => tune(decisionTreeClassifier, labelled, { ...task, space, trials: 1, resource });
    await expect(run("nEstimators")).rejects.toThrow(
      'tune: resource must be a parameter that holds a whole number, got "nEstimators"',
    );
    await expect(run("criterion")).rejects.toThrow(
      'tune: resource must be a parameter that holds a whole number, got "criterion"',
    );
  });
});
