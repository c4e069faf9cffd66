import { expect, test } from "vitest";
import { freshComparison } from "./search-draft";
import { contentOf, draftFrom } from "./template";
import { type Draft, freshDraft } from "./use-draft";

const draft: Draft = {
  ...freshDraft,
  datasetId: "01981c3e",
  target: "species",
  features: new Set(["petal_length", "__proto__"]),
  task: "classification",
  algorithm: "random_forest",
  hyperparameters: { n_estimators: 200 },
  testSize: 0.25,
  scaling: "robust",
  selection: "rfe",
  selected: 3,
  stopping: "yes",
  patience: 5,
  seed: 7,
  folds: 5,
  experiment: "garden",
  runName: "forest",
  comparison: { ...freshComparison, names: new Set(["ridge"]) },
};

test("a form that was kept fills a fresh one with the same", () => {
  expect(draftFrom(JSON.parse(JSON.stringify(contentOf(draft))), freshDraft)).toEqual(draft);
});

test("an empty number field is empty again", () => {
  expect(draftFrom(contentOf({ ...draft, seed: Number.NaN }), freshDraft).seed).toBeNaN();
});

test("what is kept is plain data, without the verdict on the form", () => {
  const content = contentOf(draft);
  expect(content["features"]).toEqual(["petal_length", "__proto__"]);
  expect("hyperparametersValid" in content).toBe(false);
});

test("a field that is missing, or of another kind, stays as it is", () => {
  expect(draftFrom({ seed: "seven", testSize: true, target: 3, search: "none", unknown: 1 }, draft)).toEqual({
    ...draft,
    comparison: { ...draft.comparison, names: new Set() },
  });
});

test("a kept name of the language's own changes nothing but columns", () => {
  const content = JSON.parse('{"__proto__": {"seed": 1}, "constructor": 5, "features": ["constructor", 5, null]}');
  const filled = draftFrom(content, draft);
  expect(filled.seed).toBe(7);
  expect([...filled.features]).toEqual(["constructor"]);
});
