// One thing of every kind, small, made over HTTP: what documents are opened of.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { journalOf } from "./journal.mjs";

const flowers = fileURLToPath(new URL("fixtures/flowers.csv", import.meta.url));

/** Makes a dataset, two runs, a study and one that is imported, a leaderboard, a model of two versions and an A/B test of them; answers their ids. */
export async function makeThings(lab, stamp) {
  const name = `states ${stamp}`;
  const bytes = readFileSync(flowers);
  const { dataset_id: dataset } = await lab.send("datasets/upload", { name }, { name: "states.csv", type: "text/csv", bytes });
  const of = { dataset_id: dataset, target_column: "species" };
  const trained = (algorithm) =>
    lab.post("experiments/create", { ...of, name: "states", run_name: `${algorithm} ${stamp}`, algorithm });
  const trainings = [await trained("decision_tree"), await trained("gaussian_nb")];
  const search = await lab.post("models/tune", {
    ...of,
    study: `study ${stamp}`,
    algorithm: "decision_tree",
    n_trials: 4,
    cv: 3,
  });
  const comparison = await lab.post("models/compare", {
    ...of,
    models: ["decision_tree", "gaussian_nb"],
    cv: 3,
    run_name: `leaderboard ${stamp}`,
    background: true,
  });
  for (const { job_id } of [...trainings, search, comparison]) await lab.ended(job_id);
  const runs = trainings.map(({ experiment_id }) => experiment_id);
  const imported = `imported ${stamp}`;
  const journal = Buffer.from(journalOf({ name: imported, directions: ["maximize"], trials: 20 }));
  await lab.send("import", { source: "optuna" }, { name: "study.log", type: "text/plain", bytes: journal });
  const model = `states-${stamp}`;
  const versions = [];
  for (const run of runs) versions.push((await lab.post("models/deploy", { experiment_id: run, model_name: model })).model_id);
  const { test } = await lab.post("models/ab-test", {
    test_name: `states-${stamp}`,
    model_a_id: versions[0],
    model_b_id: versions[1],
    split_ratio: 0.5,
    metrics: [{ name: "clicked" }],
  });
  return { dataset, runs, study: search.study_id, imported, board: comparison.experiment_id, model, test: test.id };
}
