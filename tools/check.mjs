// `npm run check`: format, types, rooms and unit tests in under a minute. `npm run fix` formats and mends what can be mended.
import { readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { again, node24, root, run, setup } from "./setup.mjs";

/** Runs a check that passes or fails as one; answers the counts and says what failed. */
async function single(name, command, args, options) {
  const begin = performance.now();
  const { code, out } = await run(command, args, options);
  const seconds = (performance.now() - begin) / 1000;
  if (code !== 0) console.log(`${name} ended with ${code}\n${shortened(out)}`);
  return report(name, { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }, seconds);
}

/** Of what a failed suite printed the beginning and the end: short enough to be seen beside the other suites' lines. */
export function shortened(out, most = 2400) {
  return out.length > most ? `${out.slice(0, most / 2)}\n[…]\n${out.slice(-most / 2)}` : out;
}

/** A failure in fifteen lines: what was expected, and where it stood; no line of the runner's own. */
function inBrief(message) {
  const lines = message.split("\n").filter((line) => !/^ +at .*(node_modules|node:internal)/.test(line));
  return [...lines.slice(0, 14), ...(lines.length > 14 ? ["[…]"] : [])].map((line) => line.slice(0, 160)).join("\n");
}

/** Where `npm test` keeps the newest run of each suite. */
export const suitesFile = join(root, ".assay/suites.json");

/** Prints a suite's line and hands its counts on, with its name and seconds. */
export function report(name, counts, seconds) {
  const { passed, failed, skipped } = counts;
  console.log(
    `${failed ? "FAIL" : "ok  "} ${name.padEnd(28)} ${passed} passed, ${failed} failed, ${skipped} skipped  ${seconds.toFixed(1)} s`,
  );
  return { ...counts, name, seconds };
}

/** Runs a vitest project, and what is beside it under its name, and counts its tests. */
export const vitest = (project, ...options) => vitestAs(`unit tests: ${project}`, project, ...options);

/** The same under a name of its own, for a part of a project's tests or a run with more to do. A run that gives no report counts as one failure. */
export async function vitestAs(name, project, ...options) {
  const begin = performance.now();
  const file = join(root, ".assay", `vitest-${project}-${process.pid}.json`);
  const args = [
    "node_modules/vitest/vitest.mjs",
    "run",
    `--project=${project}*`,
    "--reporter=json",
    "--no-color",
    "--reporter=dot", // the other one does not say why a hook failed
    `--outputFile=${file}`,
    ...options,
  ];
  const { code, out } = await run(node24(), args);
  const counts = { passed: 0, failed: 0, skipped: 0, skips: [], failures: [] };
  try {
    const result = JSON.parse(readFileSync(file, "utf8"));
    counts.passed = result.numPassedTests;
    counts.failed = result.numFailedTests;
    counts.skipped = result.numPendingTests + result.numTodoTests;
    for (const suite of result.testResults) {
      const failed = suite.assertionResults.filter((test) => test.status === "failed");
      if (suite.status === "failed" && failed.length === 0) {
        counts.failed++;
        console.log(`${relative(root, suite.name)}: ${inBrief(suite.message || out.slice(out.search(/Failed Suites/)))}`);
      }
      for (const test of failed) {
        const failure = `${relative(root, suite.name)}: ${test.fullName}`;
        console.log(`${failure}\n${inBrief(test.failureMessages.join("\n"))}`);
        counts.failures.push(failure);
      }
      counts.skips.push(
        ...suite.assertionResults
          .filter(({ status }) => status !== "passed" && status !== "failed")
          .map(({ fullName }) => fullName.trim()),
      );
    }
  } catch {
    counts.failed = 0; // there is no whole report
    counts.passed = 0;
  }
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) {
    counts.failed = 1;
    console.log(`${name} ended with ${code}\n${shortened(out)}`);
  }
  rmSync(file, { force: true });
  return report(name, counts, (performance.now() - begin) / 1000);
}

/** Format, types and rooms: what is said without running anything. */
export async function statics() {
  const node = node24();
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  return [
    await single("format and lint", node, [biome, "check", "--error-on-warnings", "."]),
    await single("types", node, ["node_modules/typescript/bin/tsc", "-b"]),
    await single("rooms", node, [
      "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs",
      "library",
      "extension/src",
      "--config",
      ".dependency-cruiser.cjs",
      "--output-type",
      "err",
    ]),
  ];
}

/** Unit tests; the database's are not among them. */
export const units = async () => [await vitest("core"), await vitest("kernel"), await vitest("extension")];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setup();
  if (!again(fileURLToPath(import.meta.url))) {
    if (process.argv.includes("--fix")) {
      const { out } = await run(node24(), [join(root, "node_modules/@biomejs/biome/bin/biome"), "check", "--write", "."]);
      console.log(out);
    } else {
      const results = [...(await statics()), ...(await units())];
      process.exit(results.some(({ failed }) => failed > 0) ? 1 : 0);
    }
  }
}
