// `npm run release`: builds what a release consists of, checks all of it, and publishes nothing. In release/: the npm packages, the wheel, the SBOM, their
// SHA-256. `-- --version 0.2.0` names the next release everywhere first; `-- --quick` leaves `npm test` at the packages.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { again, fail, must, node24, python, root, setup, step } from "./setup.mjs";

/** The npm packages that a release consists of. */
const packages = ["library/core", "library/lab", "kernel"];
const manifests = [".", ...packages, "extension"].map((folder) => join(root, folder, "package.json"));
const out = join(root, "release");

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/** What is odd about the versions of the repository, a sentence each: all packages, what they ask of each other, and the changelog name one. */
export function oddVersions() {
  const [{ version }, ...others] = manifests.map(readJson);
  const ours = new Set(others.map(({ name }) => name));
  const odd = others.flatMap(({ name, version: own, dependencies = {} }) => {
    const asked = Object.entries(dependencies).filter(([each, wanted]) => ours.has(each) && wanted !== version);
    return [
      ...(own === version ? [] : [`${name} is ${own}, the repository ${version}`]),
      ...asked.map(([each, wanted]) => `${name} asks for ${each} ${wanted}, the repository is ${version}`),
    ];
  });
  const [, told] = /^## (\S+)$/m.exec(readFileSync(join(root, "CHANGELOG.md"), "utf8")) ?? [];
  return told === version ? odd : [...odd, `CHANGELOG.md begins with ${told}, the repository is ${version}`];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { version: { type: "string" }, quick: { type: "boolean" } } });
  if (values.version !== undefined) await name(values.version);
  else {
    await setup("tools/requirements-test.txt");
    if (!again(fileURLToPath(import.meta.url))) await main(values.quick ? ["check", "packages"] : []);
  }
}

/** Builds, checks and packs; `suites` are those of `npm test` that run, none for all. */
async function main(suites) {
  const [odd] = oddVersions();
  if (odd) fail(`release: ${odd}`);
  const changed = (await must("git", ["status", "--porcelain"])).trim();
  if (changed) fail(`release: every change must be committed, got\n${changed}`);
  await step("build", () => must(node24(), [join(root, "tools/build.mjs")]).then(() => undefined));
  await step(["npm test", ...suites].join(" "), async () => {
    const told = await must(node24(), [join(root, "tools/test.mjs"), ...suites]);
    return told.trim().split("\n").at(-1);
  });
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  for (const folder of packages)
    await step(`npm pack ${folder}`, async () =>
      (await must("npm", ["pack", "--silent", "--pack-destination", out, join(root, folder)])).trim(),
    );
  await step("wheel", async () => {
    await must(python, ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", out, "./extension/python"]);
  });
  await step("SBOM", bill);
  const files = readdirSync(out).sort();
  const sums = files.map(
    (file) =>
      `${createHash("sha256")
        .update(readFileSync(join(out, file)))
        .digest("hex")}  ${file}\n`,
  );
  writeFileSync(join(out, "SHA256SUMS"), sums.join(""));
  const packed = files.filter((file) => file.endsWith(".tgz"));
  for (const file of packed)
    await step(`npm publish --dry-run ${file}`, () =>
      must("npm", ["publish", "--dry-run", "--silent", join(out, file)]).then(() => undefined),
    );
  console.log(`\n  Nothing was published. Whoever may, does:\n`);
  for (const file of packed) console.log(`  npm publish release/${file}`);
  for (const file of files.filter((each) => each.endsWith(".whl"))) console.log(`  twine upload release/${file}`);
  console.log(`  git tag v${readJson(manifests[0]).version}`);
}

/** Writes the SBOM of what the packages install; its name is the repository's, not the folder's. */
async function bill() {
  const scope = packages.flatMap((folder) => ["--workspace", folder]);
  const bom = JSON.parse(
    (await must("npm", ["sbom", "--silent", "--sbom-format", "cyclonedx", "--omit", "dev", ...scope])).replace(/^[^{]*/, ""),
  );
  bom.metadata.component.name = readJson(manifests[0]).name;
  writeFileSync(join(out, "sbom.cdx.json"), `${JSON.stringify(bom, null, 1)}\n`);
  return `${bom.components.length} packages`;
}

/** Names a release in every package, and in what they ask of each other. */
async function name(version) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) fail(`release: --version must be as 0.2.0, got ${version}`);
  const ours = new Set(manifests.map((path) => readJson(path).name));
  for (const path of manifests) {
    const manifest = { ...readJson(path), version };
    for (const each of Object.keys(manifest.dependencies ?? {})) if (ours.has(each)) manifest.dependencies[each] = version;
    writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  }
  await must("npm", ["install", "--package-lock-only", "--ignore-scripts", "--loglevel=error"]);
  console.log(`  ${version} is named in ${manifests.length} packages; CHANGELOG.md needs its section`);
}
