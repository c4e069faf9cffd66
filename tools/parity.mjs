// `npm run parity [-- trees|models|<algorithm> …] [--quick]`: scores of our algorithms beside their oracles' on real tables; writes docs/parity.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./assay.mjs";
import { chapter, tablesChapter } from "./parity/report.mjs";
import { again, fail, must, node24, python, requirements, root, setup, step, warningsApart } from "./setup.mjs";

const sets = ["trees", "models"];
const seeds = 10;
/** A miss beyond the oracle's spread by more than this ends the command with 1. */
const allowance = 0.002;

const introduction = `# Parity

Written by \`npm run parity\`. Each table is split ${seeds} times (a quarter for testing; stratified by class, or by whole groups), and both sides fit the
same rows with the same columns. Boosting sees missing values and categories as they are; the others see medians, one-hot columns and
standardised numbers. Our seed is the number of the split; an oracle that draws is fitted with several random states on each split.

Scores are accuracy and the area under the ROC curve (one against the rest, the mean over classes), or R²; larger is better. The *spread* is
two standard deviations of the oracle: over its random states on the same split where it draws, else over splits. *inside*: our mean over
the splits is within it; *MISS*: below it; *better*: above it; *same*: equal to nine digits. *t* is that of the paired differences, split by split: where
it is below −3 ours is lower on nearly every split, even where that is inside the spread.
The command ends with 1 where a miss is beyond the spread by more than ${allowance}, or a fit fails.
`;

const asked = process.argv.slice(2);
const quick = asked.includes("--quick");
const wanted = asked.filter((word) => word !== "--quick");
const plan = JSON.parse(readFileSync(join(root, "tools/parity/plan.json"), "utf8"));
for (const name of wanted)
  if (!sets.includes(name) && !(name in plan))
    fail(`no parity of ${name}, there are ${[...sets, ...Object.keys(plan)].join(", ")}`);

await setup();
await requirements("tools/requirements-test.txt", ".venv/bin/jupyter-lab");
if (!again(fileURLToPath(import.meta.url))) {
  const results = await compare(wanted.length > 0 ? wanted : sets);
  process.exit(report(results) ? 0 : 1);
}

/** Runs both sides; what each set gave, with the tables. */
async function compare(names) {
  const folder = temporaryFolder("parity");
  const module = (name, ...args) =>
    must(python, ["-m", `parity.${name}`, ...args], { cwd: join(root, "tools"), ...warningsApart });
  const absent = JSON.parse(await module("write", folder, quick ? "2" : String(seeds), ...(quick ? ["600"] : [])));
  const tables = JSON.parse(readFileSync(join(folder, "tables.json"), "utf8"));
  console.log(`${tables.length} tables, ${tables[0].splits.length} splits each`);
  const results = {};
  for (const set of sets) {
    const chosen = names.includes(set) ? [set] : names.filter((name) => plan[name]?.set === set);
    if (chosen.length === 0) continue;
    await step(`${set}: ours`, async () => {
      await must(node24(), [join(root, "tools/parity/ours.mjs"), folder, ...chosen]);
    });
    let judged;
    await step(`${set}: oracles, and scores`, async () => {
      judged = JSON.parse(await module("judge", folder, ...chosen));
    });
    const failures = JSON.parse(readFileSync(join(folder, "failures.json"), "utf8"));
    results[set] = {
      ...judged,
      chosen,
      failures,
      tables: tables.map(({ splits, ...table }) => table),
      absent,
      ...circumstances(),
    };
  }
  return results;
}

function circumstances() {
  const pinned = readFileSync(join(root, "tools/requirements-test.txt"), "utf8");
  const versions = [...pinned.matchAll(/^(scikit-learn|lightgbm|xgboost-cpu)==(.+)$/gm)].map(
    ([, name, version]) => `${name} ${version}`,
  );
  return {
    when: new Date().toISOString().slice(0, 10),
    machine: `${availableParallelism()} cores of ${cpus()[0].model.trim()}`,
    versions: [`Node ${process.version}`, ...versions].join(", "),
  };
}

/** Prints the verdicts, and writes docs/parity.md from the newest run of each set; whether nothing is amiss. */
function report(results) {
  let sound = true;
  for (const [set, result] of Object.entries(results)) {
    const { misses, judged } = chapter(set, result, plan);
    for (const { algorithm, table, score, ours, theirs, below } of misses)
      console.log(
        `MISS ${algorithm} ${table} ${score}: ours ${ours.toFixed(4)}, oracle ${theirs.toFixed(4)}, ${below.toFixed(4)} below its spread`,
      );
    for (const { algorithm, table, split, error } of result.failures)
      console.log(`FAIL ${algorithm} ${table} ${split}: ${error}`);
    console.log(`${set}: ${judged.length} rows, ${misses.length} misses, ${result.failures.length} failures`);
    if (misses.some(({ below }) => below > allowance) || result.failures.length > 0) sound = false;
  }
  if (!quick) write(results);
  return sound;
}

function write(results) {
  mkdirSync(join(root, ".assay/parity"), { recursive: true });
  for (const [set, result] of Object.entries(results)) writeFileSync(keptFile(set), JSON.stringify(withKept(set, result)));
  const newest = sets.flatMap((set) =>
    existsSync(keptFile(set)) ? [[set, JSON.parse(readFileSync(keptFile(set), "utf8"))]] : [],
  );
  const chapters = newest.map(([set, result]) => chapter(set, result, plan).text);
  writeFileSync(join(root, "docs/parity.md"), [introduction, tablesChapter(newest[0][1]), ...chapters].join("\n"));
  console.log("docs/parity.md is written");
}

function keptFile(set) {
  return join(root, ".assay/parity", `${set}.json`);
}

/** A run of some algorithms takes the place of theirs in the last run of the whole set. */
function withKept(set, result) {
  if (result.chosen.includes(set) || !existsSync(keptFile(set))) return result;
  const kept = JSON.parse(readFileSync(keptFile(set), "utf8"));
  const others = (rows) => rows.filter(({ algorithm }) => !result.chosen.includes(algorithm));
  return {
    ...kept,
    splits: [...others(kept.splits), ...result.splits],
    failures: [...others(kept.failures), ...result.failures],
    when: `${kept.when}, ${result.chosen.join(" and ")} again on ${result.when}`,
  };
}
