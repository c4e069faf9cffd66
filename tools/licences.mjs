// `npm run licences`: docs/licences.md, from the lock file: what the packages install, and what of others stands in their bundles.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Packages of the build whose code `npm run build` puts into ours. */
const bundled = [
  "@tensorflow/tfjs-backend-cpu",
  "@tensorflow/tfjs-backend-wasm",
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-layers",
];
/** Packages whose licence stands in a file alone. */
const inFile = new Map([
  ["png-js", "MIT"],
  ["stack-trace", "MIT"],
]);

/** Those packages and all that they ask for, by path in the lock file. */
function carried(packages) {
  const found = new Set(bundled.map((name) => `node_modules/${name}`));
  for (const path of found)
    for (const name of Object.keys(packages[path].dependencies ?? {})) {
      const own = `${path}/node_modules/${name}`;
      found.add(own in packages ? own : `node_modules/${name}`);
    }
  return found;
}

/** Licences of packages that only the building of the documentation's site uses, and that ours do without: by name, from that lock file. */
export const siteOnly = new Set(["CC0-1.0", "Python-2.0"]);

function siteSection({ packages }) {
  const all = Object.entries(packages).filter(([path]) => path !== "");
  const named = all
    .filter(([, { license }]) => siteOnly.has(license))
    .map(([path, { version, license }]) => `${path.split("node_modules/").at(-1)} ${version} (${license})`);
  return `## Only while the documentation's site is built

\`npm run docs\` installs ${all.length} packages more, from \`tools/docs/package-lock.json\`, to make pages of these texts. They are used while the site is built and not shipped: no
package, bundle or wheel of Assay holds or asks for them. Their licences are among those above, but for ${named.sort().join(" and ")}.
`;
}

/** The page that goes with the lock file of the packages and that of the documentation's site. */
export function licencesPage({ packages }, site) {
  const ours = carried(packages);
  const names = Object.entries(packages).flatMap(([path, entry]) => {
    const name = path.split("node_modules/")[1] && path.split("node_modules/").at(-1);
    if (!name || entry.link || (entry.dev && !ours.has(path))) return [];
    return [{ name, version: entry.version, licence: entry.license ?? inFile.get(name) ?? licenceIn(join(root, path)) }];
  });
  const byLicence = Map.groupBy(names, ({ licence }) => licence);
  const rows = [...byLicence].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  const listed = rows.map(([licence, all]) => {
    const each = [...new Set(all.map(({ name, version }) => `${name} ${version}`))].sort();
    return `## ${licence}\n\n${each.length} packages: ${each.join(", ")}.\n`;
  });
  return `# Licences

Written by \`npm run licences\` from \`package-lock.json\`; a test keeps it so, and another reads the licence of every package that is installed. Assay itself is
[Apache-2.0](../LICENSE). Below stands what its npm packages, its kernel and its panels install or carry in their bundles, for every platform; tools of the build
and of the tests are given on to nobody and not listed. The wheel \`assay-jupyter\` asks for JupyterLab and jupyter-server-proxy (both BSD-3-Clause). \`npm run release\`
writes the same as an SBOM (CycloneDX).

${listed.join("\n")}
${siteSection(site)}`;
}

/** The licence in a package's folder. */
function licenceIn(folder) {
  return licenceOf(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
}

/** As it is written today, or as it was: an object, or a list of those that one may choose from. */
export function licenceOf({ license, licenses }) {
  if (typeof license === "string") return license;
  const named = [license ?? licenses ?? []].flat();
  return named.length > 0 ? named.map(({ type }) => type).join(" OR ") : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const locks = ["package-lock.json", "tools/docs/package-lock.json"].map((path) =>
    JSON.parse(readFileSync(join(root, path), "utf8")),
  );
  writeFileSync(join(root, "docs/licences.md"), licencesPage(...locks));
}
