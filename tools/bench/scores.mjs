// Metrics of a million rows, and an interval by resampling, beside scikit-learn's and scipy's on the same rows.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { python, root } from "../setup.mjs";

/** Labels of 0 and 1, the probability of 1, and what is predicted. */
function rowsOf({ random }, rows) {
  const draw = random(1, "bench/scores");
  const truth = Float64Array.from({ length: rows }, () => Number(draw.float() < 0.3));
  const share = truth.map((label) => 1 / (1 + Math.exp((label ? -1 : 1) + draw.normal())));
  const proba = new Float64Array(2 * rows);
  for (let i = 0; i < rows; i++) proba.set([1 - share[i], share[i]], 2 * i);
  return { truth, share, proba, predicted: share.map((each) => Number(each > 0.5)) };
}

/** Milliseconds of both sides, the best of five. */
export async function benchScores({ isSmall, line }) {
  const ml = await import(pathToFileURL(join(root, "library/core/dist/index.js")).href);
  const rows = isSmall ? 100_000 : 1_000_000;
  const fewer = rows / 10;
  const { truth, share, proba, predicted } = rowsOf(ml, rows);
  const classes = [0, 1];
  const head = (values) => values.subarray(0, fewer);
  const works = {
    roc_auc: ["ROC AUC", () => ml.rocAuc(truth, proba, { classes })],
    average_precision: ["average precision", () => ml.averagePrecision(truth, proba, { classes })],
    log_loss: ["log loss", () => ml.logLoss(truth, proba, { classes })],
    brier: ["Brier score", () => ml.brier(truth, proba, { classes })],
    roc_curve: ["ROC curve", () => ml.rocCurve(truth, share)],
    f1: ["F1", () => ml.f1(truth, predicted)],
    bootstrap: [
      "interval of accuracy, 1,000 resamples of a tenth",
      () => ml.bootstrapInterval("accuracy", head(truth), head(predicted), { method: "percentile" }),
    ],
  };
  const folder = mkdtempSync(join(tmpdir(), "assay-bench-"));
  try {
    for (const [name, values] of Object.entries({ truth, share, predicted }))
      writeFileSync(join(folder, `${name}.bin`), new Uint8Array(values.buffer));
    const their = JSON.parse(execFileSync(python, ["-m", "bench.scores", folder], { cwd: join(root, "tools") }));
    for (const [name, [title, work]] of Object.entries(works)) {
      const own = best(work, name === "bootstrap" ? 1 : 5);
      line(
        `${title}, ${rows.toLocaleString("en")} rows`,
        `${own.toFixed(0)} ms`,
        "≤ peer",
        `${name === "bootstrap" ? "scipy" : "scikit-learn"} ${their[name].toFixed(0)} ms, ratio ${(own / their[name]).toFixed(2)}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function best(work, rounds) {
  const times = Array.from({ length: rounds }, () => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  });
  return Math.min(...times);
}
