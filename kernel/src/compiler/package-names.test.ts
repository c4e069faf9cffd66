import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { packageNames } from "./package-names.cjs";

function folder() {
  const made = mkdtempSync(join(tmpdir(), "assay-names-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  mkdirSync(join(made, "dist"));
  return made;
}

test("a package's type is told by the package's name", () => {
  const here = folder();
  writeFileSync(join(here, "package.json"), '{ "name": "garden" }');
  expect(packageNames(`on type 'typeof import("${here}/dist/index")'.`)).toBe("on type 'typeof import(\"garden\")'.");
});

test("a package.json that cannot be read names nothing", () => {
  const here = folder();
  writeFileSync(join(here, "package.json"), "{");
  const message = `typeof import("${here}/dist/index")`;
  expect(packageNames(message)).toBe(message);
});

test("a relative import stays", () => {
  expect(packageNames('typeof import("./garden")')).toBe('typeof import("./garden")');
});
