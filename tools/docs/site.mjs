// `npm run docs`: the pages of docs/, those made of the code, and the reference, as a site in .assay/site. `--serve` shows it on this machine,
// `--base /below/` makes it for an address of that path.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { again, hash, must, node24, once, python, root, run, setup, step } from "../setup.mjs";

const folder = "tools/docs";
/** Where the pages of the site are laid together, and where it is built. */
const pages = join(import.meta.dirname, "pages");
const site = join(root, ".assay/site");

/** The generator and typedoc, in a folder of their own: nothing else needs them. */
const installed = () =>
  once("docs", hash(`${folder}/package-lock.json`), `${folder}/node_modules/vitepress/package.json`, () =>
    must("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: import.meta.dirname }),
  );

/** Lays all pages together. */
async function gather() {
  const { writeAlgorithms } = await import("./algorithms.mjs");
  const { openApi, writeHttp } = await import("./http.mjs");
  rmSync(pages, { recursive: true, force: true });
  mkdirSync(pages, { recursive: true });
  cpSync(join(root, "docs"), pages, { recursive: true });
  for (const path of readdirSync(pages, { recursive: true })) if (path.endsWith(".md")) keepInside(path);
  await writeAlgorithms(join(pages, "algorithms"));
  writeHttp(join(pages, "http"), await openApi());
}

/** Links that leave docs/ for another file of the repository become their text: the site does not have that file. */
function keepInside(path) {
  const linked = readFileSync(join(pages, path), "utf8").replaceAll(
    /(?<!!)\[([^\]]+)\]\(((?:\.\.?\/)[^)#\s]+)[^)]*\)/g,
    (link, text, target) => (relative(pages, resolve(pages, dirname(path), target)).startsWith("..") ? text : link),
  );
  writeFileSync(join(pages, path), linked);
}

async function build(base) {
  await step("generator", installed);
  await step("pages", gather);
  await step("reference", () => silently("typedoc/bin/typedoc", "--out", join(pages, "public/reference")));
  await step("site", () => silently("vitepress/bin/vitepress.js", "build", ".", "--base", base));
  console.log(`the site is in ${site}; npm run docs -- --serve shows it, for opened as files its pages have no styles`);
}

async function silently(program, ...args) {
  await must(node24(), [`node_modules/${program}`, ...args], { cwd: import.meta.dirname });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setup();
  if (!again(fileURLToPath(import.meta.url))) {
    const at = process.argv.indexOf("--base");
    const base = at > 0 ? process.argv[at + 1] : "/";
    await build(base);
    if (process.argv.includes("--serve")) {
      console.log("http://127.0.0.1:4173, Ctrl-C ends it");
      const args = ["-m", "http.server", "4173", "--bind", "127.0.0.1", "--directory", site];
      process.exit((await run(python, args, { stdio: "inherit" })).code);
    }
    process.exit(0);
  }
}
