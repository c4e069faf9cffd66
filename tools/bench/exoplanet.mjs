// The exoplanet network beside boosting, five folds by star on Kepler's table; and the drawing of 10,000 transit curves. Without the table (ASSAY_DATA,
// ../shared/data) the shipped made-up one is taken, and the lines say so.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../setup.mjs";

const load = (name) => import(pathToFileURL(join(root, name)).href);
const curveColumns = ["period", "duration", "depth", "impact"];
const nine = [...curveColumns, "snr", "steff", "srad", "slogg", "tmag"];
const metrics = { accuracy: "accuracy", roc_auc: "AUC", f1_macro: "macro F1" };

function signalsFile() {
  const folders = process.env.ASSAY_DATA ? [process.env.ASSAY_DATA] : [resolve(root, "../shared/data")];
  const paths = folders.flatMap((folder) => [join(folder, "exoplanets/koi_cumulative.csv"), join(folder, "koi_cumulative.csv")]);
  return paths.find(existsSync) ?? join(root, "notebooks/exoplanets.csv");
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
const spread = (values) => `${mean(values).toFixed(4)} ± ${deviation(values).toFixed(4)}`;

/** Draws the curves of a table's rows, again and again until there are 10,000. */
function benchCurves({ transitCurves }, table, line) {
  const rows = table.toRows();
  const signals = Array.from({ length: 10_000 }, (_, k) => {
    const row = rows[k % rows.length];
    return {
      periodDays: row.period,
      durationHours: row.duration,
      depthPpm: row.depth,
      impact: row.impact,
      steff: row.steff,
      slogg: row.slogg,
    };
  });
  transitCurves(signals.slice(0, 1000));
  const begin = performance.now();
  transitCurves(signals);
  line("10,000 transit curves of 2,001 points, one thread", `${((performance.now() - begin) / 1000).toFixed(2)} s`, "≤ 1 s");
}

/** Scores of each fold: the network's and those of boosting on four and on nine columns. */
async function scoresOf(ml, lab, table, architecture, { folds, epochs }) {
  const scores = { four: [], nine: [], network: [], seconds: [], backend: "" };
  for (const { train, test } of folds) {
    const [inside, outside] = [table.take(train), table.take(test)];
    for (const [name, features] of [
      ["four", curveColumns],
      ["nine", nine],
    ])
      scores[name].push(
        ml.score(await ml.histGradientBoostingClassifier({ seed: 42 }).fit(inside, { target: "label", features }), outside, {
          metrics: Object.keys(metrics),
        }),
      );
    const begin = performance.now();
    const network = await lab.trainExoplanets(inside, { architecture, epochs, seed: 42 });
    scores.seconds.push((performance.now() - begin) / 1000);
    scores.network.push(ml.score(network, outside, { metrics: Object.keys(metrics) }));
    scores.backend = lab.trainingHistory(network).backend;
  }
  return scores;
}

/** Five folds of the first architecture; of the others too where it falls below the range of boosting's folds. */
export async function benchExoplanet({ isSmall, line }) {
  const ml = await load("library/core/dist/index.js");
  const lab = await load("library/lab/dist/index.js");
  const path = signalsFile();
  const { table } = lab.checkSignals(await lab.readSignals(path));
  const what = path.endsWith("koi_cumulative.csv") ? "KOI" : "made-up signals";
  benchCurves(lab, table, line);
  const all = [...ml.stratifiedGroupKFold(table.values("label"), table.values("star"), { folds: 5, seed: 42 })];
  const plan = { folds: isSmall ? all.slice(0, 1) : all, epochs: isSmall ? 2 : 20 };
  for (const architecture of ["wide-stem", "fine-stem", "balanced"]) {
    const { four, nine: whole, network, seconds, backend } = await scoresOf(ml, lab, table, architecture, plan);
    const of = (list, metric) => list.map((score) => score[metric]);
    for (const [metric, title] of Object.entries(metrics))
      line(
        `${what}, network "${architecture}", ${title}, ${plan.folds.length} folds by star`,
        spread(of(network, metric)),
        "–",
        `boosting on 9 columns ${spread(of(whole, metric))}, on the curve's 4 ${spread(of(four, metric))}`,
      );
    line(`a fold of "${architecture}" on ${backend}`, `${mean(seconds).toFixed(0)} s`, "≤ 180 s");
    if (isSmall || mean(of(network, "accuracy")) >= Math.min(...of(whole, "accuracy"))) break;
  }
}
