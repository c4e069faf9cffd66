// `npm test`: every suite on a fresh machine, one closing line.
import { fileURLToPath } from "node:url";
import { check, report, vitest } from "./check.mjs";
import { again, node24, python, requirements, root, run, setup, step } from "./setup.mjs";

/** Tests that may be skipped, each where the tables of ASSAY_DATA are not there; any other skip is a failure. */
const knownSkips = [
  "the Kepler table is 9,564 × 49",
  "the dirty and benchmark files read as they are",
  "LightGBM models of leaves and treelite predict what their authors publish",
  "XGBoost models of leaves predict what their authors publish",
  "trees on published files are those of Weka's J48",
  "Optuna's published database and journal come in whole",
];

const suites = {
  check: () => check(),
  database: () => vitest("lab"),
  oracle: () => counted("oracle fixtures", python, ["-m", "oracle", "--check"], { cwd: "tools" }),
  exchange: () => counted("model exchange", python, ["-m", "oracle.exchange_roundtrip"], { cwd: "tools" }),
  kernel: () => counted("kernel protocol", python, ["-m", "unittest", "discover", "-s", "kernel/test", "-v"]),
  http: () => counted("HTTP by curl", "bash", ["library/lab/test/curl.sh"]),
  danfo: () => counted("danfo round trip", node24(), ["tools/danfo/round-trip.mjs"]),
  notebooks: () => counted("notebooks", python, ["tools/notebooks.py"]),
  start: () => counted("npm start", node24(), ["tools/start.test.mjs"]),
  browser: () => counted("browser", node24(), ["tools/browser.mjs"]),
  packages: () => counted("packages", node24(), ["tools/packages.mjs"]),
};

/** The suites but `check`, as they run side by side. */
const lanes = [
  ["database", "http", "oracle", "exchange", "danfo", "notebooks", "start"],
  ["kernel", "browser", "packages"],
];

/**
 * Runs a suite of another runner and takes its counts from what it prints: "3 passed, 0 failed", or unittest's closing lines.
 * A suite that prints neither has failed.
 */
async function counted(name, command, args, { cwd = "." } = {}) {
  const begin = performance.now();
  const { code, out } = await run(command, args, { cwd: `${root}/${cwd}` });
  const counts = ours(out) ?? unittest(out) ?? { passed: 0, failed: 1, skipped: 0 };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  if (counts.failed) console.log(out.slice(-15_000));
  return report(name, counts, (performance.now() - begin) / 1000);
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

const begin = performance.now();
await setup();
await step("Python packages of the tests", () => requirements("tools/requirements-test.txt", ".venv/bin/jupyter-lab"));
if (!again(fileURLToPath(import.meta.url))) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in suites));
  if (unknown.length > 0) {
    console.error(`npm test: no suite ${unknown.join(", ")}, there are ${Object.keys(suites).join(", ")}`);
    process.exit(2);
  }
  const results = [];
  const inOrder = async (names) => {
    for (const name of names) if (wanted.length === 0 || wanted.includes(name)) results.push(await suites[name]());
  };
  await inOrder(["check"]);
  await Promise.all(lanes.map(inOrder)); // most suites wait for processes more than they compute
  const sum = (key) => results.flat().reduce((total, counts) => total + counts[key], 0);
  const [passed, failed, skipped] = ["passed", "failed", "skipped"].map(sum);
  const named = results.flat().flatMap(({ skips = [] }) => skips);
  for (const name of named) console.log(`skipped: ${name}`);
  const odd = named.filter((name) => !knownSkips.includes(name));
  for (const name of odd) console.log(`this test may not be skipped: ${name}`);
  const excess = odd.length + (skipped - named.length);
  console.log(`${((performance.now() - begin) / 1000).toFixed(0)} s`);
  console.log(`${passed} passed, ${failed + excess} failed, ${skipped} skipped`);
  process.exit(failed + excess ? 1 : 0);
}
