// docs/benchmarks.md, from the newest run of each bench.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { root } from "../setup.mjs";
import { cells, head } from "./peers.mjs";

const kept = join(root, ".assay/bench.json");
const titles = { trees: "Trees and boosting", models: "The other algorithms" };

const introduction = `# Benchmarks

Written by \`npm run bench\`. A ratio is our time over the other library's, smaller is better. Each side runs in a process of its own on the same rows
(double precision, read from the same files), with the same number of threads; both are warmed up on 500 rows; the sides take turns, and the
quietest of three rounds of up to three times each is taken. Times of boosting hold the binning. Peak memory is the largest that the process
ever held, interpreter and rows among it. \`load before\` is the machine's load average as the job began: above 0.5 other work has disturbed it.
\`synthetic\` are 28 columns whose classes depend on sums, products and waves, in the manner of the Higgs data; kepler, adult and california are
real tables, categories and missing values among them.
`;

const markdown = (head, rows) => [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

function circumstances() {
  const pinned = readFileSync(join(root, "tools/requirements-test.txt"), "utf8");
  const versions = [...pinned.matchAll(/^(scikit-learn|lightgbm|xgboost-cpu|numpy)==(.+)$/gm)].map(
    ([, name, version]) => `${name} ${version}`,
  );
  const machine = `${availableParallelism()} cores of ${cpus()[0].model.trim()}`;
  return [new Date().toISOString().slice(0, 10), machine, `Node ${process.version}`, ...versions].join(", ");
}

function chapter(name, { when, rows }) {
  if (name !== "promises") return [`## ${titles[name]}`, "", `${when}.`, "", markdown(head, rows.map(cells)), ""];
  const lines = rows.map(({ what, value, target, beside }) => [what, value, target, beside]);
  return ["## Starting, tracking, cells", "", `${when}.`, "", markdown(["what", "measured", "target", "beside"], lines), ""];
}

/** Writes docs/benchmarks.md: what was measured now, and the last run of the benches that were not asked for. */
export function writeBenchmarks(measured) {
  const all = existsSync(kept) ? JSON.parse(readFileSync(kept, "utf8")) : {};
  const when = circumstances();
  for (const [name, rows] of Object.entries(measured)) {
    if (rows.length === 0) continue;
    const isNew = ({ what }) => !rows.some((row) => row.what === what);
    const older = name === "promises" ? (all.promises?.rows ?? []).filter(isNew) : [];
    all[name] = { when, rows: [...older, ...rows] };
  }
  mkdirSync(join(root, ".assay"), { recursive: true });
  writeFileSync(kept, JSON.stringify(all));
  const chapters = ["trees", "models", "promises"].flatMap((name) => (all[name] ? chapter(name, all[name]) : []));
  writeFileSync(join(root, "docs/benchmarks.md"), [introduction, ...chapters].join("\n"));
  console.log("docs/benchmarks.md is written");
}
