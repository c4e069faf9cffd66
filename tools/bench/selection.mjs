// Mutual information and cross-validation beside scikit-learn's, on the same rows.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { python, root } from "../setup.mjs";

const columns = 30;

/** Rows of normal columns, of which the first two tell the target. */
function rowsOf({ random, sharedFloat64 }, rows) {
  const draw = random(1, "bench/selection");
  const data = sharedFloat64(rows * columns);
  for (let k = 0; k < data.length; k++) data[k] = draw.normal();
  const number = Float64Array.from({ length: rows }, (_, i) => data[i * columns] + 0.5 * data[i * columns + 1] + draw.normal());
  const names = Array.from({ length: columns }, (_, j) => `c${j}`);
  return {
    x: { rows, columns, data, names },
    number,
    label: Array.from(number, (value) => Number(value > 0) + Number(value > 1)),
  };
}

/** Seconds of both sides, theirs with the number of processes that suits it best. */
export async function benchSelection({ isSmall, line }) {
  const ml = await import(pathToFileURL(join(root, "library/core/dist/index.js")).href);
  const rows = isSmall ? 10_000 : 100_000;
  const { x, number, label } = rowsOf(ml, rows);
  const forest = ml.randomForestClassifier({ nEstimators: 50 });
  const fewer = isSmall ? 2000 : 20_000;
  const head = { ...x, rows: fewer, data: x.data.subarray(0, fewer * columns) };
  const works = {
    mutual_info_classif: [`mutual information, ${rows.toLocaleString("en")} × 30, classes`, () => ml.mutualInfoClassif(x, label)],
    mutual_info_regression: [
      `mutual information, ${rows.toLocaleString("en")} × 30, number`,
      () => ml.mutualInfoRegression(x, number),
    ],
    cross_validate: [
      `5 folds of a forest of 50 trees, ${fewer.toLocaleString("en")} × 30`,
      () => ml.crossValidate(forest, head, label.slice(0, fewer), { metrics: ["accuracy"] }),
    ],
  };
  const folder = mkdtempSync(join(tmpdir(), "assay-bench-"));
  try {
    writeFileSync(join(folder, "x.bin"), new Uint8Array(x.data.buffer));
    writeFileSync(join(folder, "y.bin"), new Uint8Array(number.buffer));
    for (const [name, [title, work]] of Object.entries(works)) {
      await work();
      const begin = performance.now();
      await work();
      const own = (performance.now() - begin) / 1000;
      const args = ["-m", "bench.selection", name, folder, String(fewer)];
      const their = Number(execFileSync(python, args, { cwd: join(root, "tools") }));
      line(
        title,
        `${own.toFixed(2)} s`,
        "≤ scikit-learn",
        `scikit-learn ${their.toFixed(2)} s, ratio ${(own / their).toFixed(2)}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
