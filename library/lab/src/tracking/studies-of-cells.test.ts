import type { StudyStorage } from "assay";
import * as ml from "assay";
import { describe, expect, test } from "vitest";
import { flowers } from "../testing/flowers.ts";
import { testStudy } from "../testing/test-study.ts";
import { openStudy, studiesOf, studyFigures, studyStorage } from "./index.ts";

const lab = testStudy();

describe("a study of a cell", () => {
  const train = flowers();
  const options = {
    target: "kind",
    features: ["petal_length"],
    space: { maxDepth: { type: "int", low: 1, high: 30 } },
    folds: 3,
    reuseDuplicates: false,
  } as const;

  test("is fitted here and kept there, and goes on under its name", async () => {
    const studies = studiesOf(lab.session);
    const storage = { storage: studies, name: "cell tree" };
    await ml.tune(ml.decisionTreeClassifier, train, { ...options, ...storage, trials: 3 });
    const again = await ml.tune(ml.decisionTreeClassifier, train, { ...options, ...storage, trials: 5 });
    expect(again.trials.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4]);
    const kept = await openStudy(lab.session, "cell tree");
    expect(kept.best).toEqual(again.best);
    expect(kept.estimator(kept.best).params).toMatchObject(again.best.params);
    expect(await studies.get("cell tree")).toMatchObject({ n_trials: 5, best_value: again.best.value, metric: "accuracy" });
    expect((await studies.list()).some(({ name }) => name === "cell tree")).toBe(true);
    expect((await studies.trials("cell tree", { sort: "-value", limit: 1 }))[0]!.values).toEqual([again.best.value]);
  });

  test("suggests the same in PostgreSQL as in memory", async () => {
    const run = (storage?: StudyStorage) =>
      ml.tune(ml.decisionTreeClassifier, train, {
        ...options,
        trials: 14,
        sampler: ml.tpe({ seed: 3 }),
        name: "same",
        ...(storage && { storage }),
      });
    const [kept, held] = [await run(studyStorage(lab.session)), await run()];
    expect(kept.trials.map(({ params, value }) => [params, value])).toEqual(
      held.trials.map(({ params, value }) => [params, value]),
    );
  });

  test("is drawn: history, parameters, importance", async () => {
    const figures = await studyFigures(lab.session, "cell tree");
    expect(Object.keys(figures)).toEqual(["history", "parallel", "slice", "importance", "intermediate"]);
    expect(figures["history"]!.data[0]!["x"]).toHaveLength(5);
    expect(figures["intermediate"]!.data).toHaveLength(5);
    await expect(openStudy(lab.session, "cel tree")).rejects.toThrow("did you mean cell tree");
  });
});
