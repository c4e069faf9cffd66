// `npm test`: every suite on a fresh machine, one closing line.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { report, shortened, statics, suitesFile, units, vitest } from "./check.mjs";
import { again, node24, python, root, run, setup } from "./setup.mjs";

/** Tests that may be skipped, where the tables of ASSAY_DATA or pyspark are not there, or the user may not mount a file system; any other skip is a failure. */
const knownSkips = [
  "the Kepler table is 9,564 × 49",
  "the cells of README.md give what stands below them",
  "the dirty and benchmark files read as they are",
  "LightGBM models of leaves and treelite predict what their authors publish",
  "XGBoost models of leaves predict what their authors publish",
  "trees on published files are those of Weka's J48",
  "Optuna's published database and journal come in whole",
  "a full disk is said with its remedy, and nothing is left half written",
  "a disk that fills up in the middle is said with its remedy, and with room again the run goes on",
  "published training logs come in whole, but for what their report names",
  "on published log strong_a the ensemble is no worse than the best baseline",
  "on published log strong_b the ensemble is no worse than the best baseline",
  "EASE and implicit ALS beat popularity on MovieLens beyond the interval",
  "Spark: pyspark is not installed, npm run test:spark installs it",
  "a publisher's table of Kepler is read as it comes: 9,197 of 9,564 signals of 7,925 stars remain",
];

/** `check` comes first; of the others, the longest before the shorter, as many as `sideBySide` run at once. */
const suites = {
  check: () => statics(),
  browser: () => counted("browser", node24(), ["tools/browser.mjs"]),
  database: () => vitest("lab", "--maxWorkers=4"), // also on two cores: its tests wait for processes more than they compute
  units: () => units(),
  oracle: () => counted("oracle fixtures", python, ["-m", "oracle", "--check"], { cwd: "tools" }),
  kernel: () => counted("kernel protocol", python, ["-m", "unittest", "discover", "-s", "kernel/test", "-v"]),
  packages: () => counted("packages", node24(), ["tools/packages.mjs"]),
  deployment: () => counted("deployment", node24(), ["tools/deployment.mjs"]),
  fuzz: () => counted("requests made up from the OpenAPI document", node24(), ["tools/fuzz.mjs"]),
  notebooks: () => counted("notebooks", python, ["tools/notebooks.py"]),
  docs: () => counted("documentation", node24(), ["tools/docs/test.mjs"]),
  start: () => counted("npm start", node24(), ["tools/start.test.mjs"]),
  danfo: () => counted("danfo round trip", node24(), ["tools/danfo/round-trip.mjs"]),
  http: () => counted("HTTP by curl", "bash", ["library/lab/test/curl.sh"]),
  spark: () => spark(),
  exchange: () => counted("model exchange", python, ["-m", "oracle.exchange_roundtrip"], { cwd: "tools" }),
};
const sideBySide = 3; // most wait for processes more than they compute

/** Tests against a Spark Connect server of the installed pyspark; where it is not installed they are one skip. */
async function spark() {
  const { code } = await run(python, ["-c", "import pyspark"]);
  if (code === 0) return vitest("spark");
  const skips = ["Spark: pyspark is not installed, npm run test:spark installs it"];
  return report("unit tests: spark", { passed: 0, failed: 0, skipped: 1, skips }, 0);
}

/**
 * Runs a suite of another runner and takes its counts from what it prints: "3 passed, 0 failed", or unittest's closing lines.
 * A suite that prints neither has failed.
 */
async function counted(name, command, args, { cwd = "." } = {}) {
  const begin = performance.now();
  const { code, out } = await run(command, args, { cwd: `${root}/${cwd}` });
  const counts = ours(out) ?? unittest(out) ?? { passed: 0, failed: 1, skipped: 0 };
  if (code !== 0) console.log(`${name} ended with ${code}`);
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  if (counts.failed) console.log(shortened(withoutPassed(out)));
  const failures = [...out.matchAll(/^(?:FAIL:?|ERROR:) +(.+)$/gm)].map(([, test]) => `${name}: ${test}`);
  const skips = [...out.matchAll(/^skip +(.+)$/gm)].map(([, test]) => test);
  return report(name, { ...counts, failures, skips }, (performance.now() - begin) / 1000);
}

/** Of a suite's output what is not of passed tests. */
function withoutPassed(out) {
  const lines = out.split("\n").filter((line) => !/^ok\b|\.\.\. ok$/.test(line));
  return lines.map((line) => line.slice(0, 160)).join("\n");
}

function ours(out) {
  const line = [...out.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/gm)].at(-1);
  return line && { passed: Number(line[1]), failed: Number(line[2]), skipped: Number(line[3] ?? 0) };
}

function unittest(out) {
  const ran = /^Ran (\d+) tests? in/m.exec(out);
  if (!ran) return undefined;
  const of = (word) => Number(new RegExp(`\\b${word}=(\\d+)`).exec(out)?.[1] ?? 0);
  const failed = of("failures") + of("errors");
  return { passed: Number(ran[1]) - failed - of("skipped"), failed, skipped: of("skipped") };
}

/** Keeps what the suites that ran have counted and how long they took, each in the place of its former run, for `npm run health`. */
function keep(ran) {
  const at = new Date().toISOString();
  const former = existsSync(suitesFile) ? JSON.parse(readFileSync(suitesFile, "utf8")) : {};
  const line = ({ name, passed, failed, skipped, seconds }) => ({ name, passed, failed, skipped, seconds, at });
  const newest = Object.keys(suites).map((suite) => [suite, ran.get(suite)?.map(line) ?? former[suite] ?? []]);
  writeFileSync(suitesFile, JSON.stringify(Object.fromEntries(newest), null, 1));
}

const begin = performance.now();
// half a gigabyte, which only who asks for it by name gets
await setup("tools/requirements-test.txt", ...(process.argv.includes("spark") ? ["tools/requirements-spark.txt"] : []));
if (!again(fileURLToPath(import.meta.url))) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in suites));
  if (unknown.length > 0) {
    console.error(`npm test: no suite ${unknown.join(", ")}, there are ${Object.keys(suites).join(", ")}`);
    process.exit(2);
  }
  const ran = new Map();
  const waiting = Object.keys(suites).filter((name) => wanted.length === 0 || wanted.includes(name));
  const lane = async () => {
    for (let name = waiting.shift(); name; name = waiting.shift()) ran.set(name, [await suites[name]()].flat());
  };
  if (waiting[0] === "check") ran.set(waiting.shift(), await suites.check());
  await Promise.all(Array.from({ length: sideBySide }, lane));
  keep(ran);
  const results = [...ran.values()].flat();
  const sum = (key) => results.reduce((total, counts) => total + counts[key], 0);
  const [passed, failed, skipped] = ["passed", "failed", "skipped"].map(sum);
  const named = results.flatMap(({ skips = [] }) => skips);
  for (const name of results.flatMap(({ failures = [] }) => failures)) console.log(`failed: ${name}`);
  for (const name of named) console.log(`skipped: ${name}`);
  const odd = named.filter((name) => !knownSkips.includes(name));
  for (const name of odd) console.log(`this test may not be skipped: ${name}`);
  const excess = odd.length + (skipped - named.length);
  console.log(`${((performance.now() - begin) / 1000).toFixed(0)} s`);
  console.log(`${passed} passed, ${failed + excess} failed, ${skipped} skipped`);
  process.stdout.write("", () => process.exit(failed + excess ? 1 : 0)); // once all is said
}
