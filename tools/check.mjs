// `npm run check`: format, types, rooms and unit tests in under a minute. `npm run fix` formats and mends what can be mended.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { again, node24, root, run, setup } from "./setup.mjs";

/** Runs a check that passes or fails as one; answers the counts and says what failed. */
export async function single(name, command, args, options) {
  const begin = performance.now();
  const { code, out } = await run(command, args, options);
  const seconds = (performance.now() - begin) / 1000;
  if (code !== 0) console.log(out.slice(-12_000));
  return report(name, { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }, seconds);
}

/** Prints a suite's line and hands its counts on. */
export function report(name, counts, seconds) {
  const { passed, failed, skipped } = counts;
  console.log(
    `${failed ? "FAIL" : "ok  "} ${name.padEnd(28)} ${passed} passed, ${failed} failed, ${skipped} skipped  ${seconds.toFixed(1)} s`,
  );
  return counts;
}

/** Runs a vitest project and counts its tests; a run that gives no report counts as one failure. */
export async function vitest(project) {
  const begin = performance.now();
  const file = join(root, ".assay", `vitest-${project}-${process.pid}.json`);
  const args = ["node_modules/vitest/vitest.mjs", "run", "--project", project, "--reporter=json", `--outputFile=${file}`];
  const { code, out } = await run(node24(), args);
  const counts = { passed: 0, failed: 0, skipped: 0, skips: [] };
  try {
    const result = JSON.parse(readFileSync(file, "utf8"));
    counts.passed = result.numPassedTests;
    counts.failed = result.numFailedTests;
    counts.skipped = result.numPendingTests + result.numTodoTests;
    for (const suite of result.testResults) {
      const failed = suite.assertionResults.filter((test) => test.status === "failed");
      if (suite.status === "failed" && failed.length === 0) {
        counts.failed++;
        console.log(`${suite.name}: ${suite.message}`);
      }
      for (const test of failed) console.log(`${suite.name}: ${test.fullName}\n${test.failureMessages.join("\n")}`);
      counts.skips.push(
        ...suite.assertionResults
          .filter(({ status }) => status !== "passed" && status !== "failed")
          .map(({ fullName }) => fullName.trim()),
      );
    }
  } catch {
    console.log(out.slice(-6000));
  }
  if (code !== 0 && counts.failed === 0) {
    counts.failed = 1;
    console.log(out.slice(-6000));
  }
  rmSync(file, { force: true });
  return report(`unit tests: ${project}`, counts, (performance.now() - begin) / 1000);
}

/** Format, types, rooms and unit tests; the database's tests are not among them. */
export async function check() {
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
    await vitest("core"),
    await vitest("kernel"),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setup();
  if (!again(fileURLToPath(import.meta.url))) {
    if (process.argv.includes("--fix")) {
      const { out } = await run(node24(), [join(root, "node_modules/@biomejs/biome/bin/biome"), "check", "--write", "."]);
      console.log(out);
    } else {
      const results = await check();
      process.exit(results.some(({ failed }) => failed > 0) ? 1 : 0);
    }
  }
}
