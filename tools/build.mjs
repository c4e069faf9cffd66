// `npm run build`: one ESM file and one .d.ts for each entry of the packages, and the panels' bundle.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import { compileKernels } from "./assembly.mjs";
import { withParameterDocs } from "./parameter-docs.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const core = join(root, "library/core");
const lab = join(root, "library/lab");
const node = (args, cwd = root) => execFileSync(process.execPath, args, { cwd, stdio: "inherit" });

node(["node_modules/typescript/bin/tsc", "-b"]);
await compileKernels();
await Promise.all([tensorflow(), bundle(core, ["index"]), bundle(lab, ["index", "contract", "client", "cli"])]);
for (const [from, to] of [
  ["src/db/migrations", "dist/migrations"],
  ["src/flows/recommendation/source", "dist/source"],
  ["src/api/pages", "dist/pages"],
]) {
  rmSync(join(lab, to), { recursive: true, force: true });
  cpSync(join(lab, from), join(lab, to), { recursive: true });
}
// the panels are bundled beside the declarations: either keeps one core
await Promise.all([labextension(), declare(core, ["index"]), declare(lab, ["index", "contract", "client"])]);

/** Bundles what networks use of TensorFlow.js: its packages bring every kernel three times over, with maps and tests. */
async function tensorflow() {
  await build({
    entryPoints: [join(core, "src/neural/tensorflow/parts.cjs")],
    outfile: join(core, "dist/tensorflow.cjs"),
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node22",
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "eof",
    logLevel: "error",
  });
  const kernels = "node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm";
  cpSync(join(root, kernels), join(core, "dist/tensorflow.wasm"));
}

/** Bundles the panels for JupyterLab. */
async function labextension() {
  const builder = join(root, "node_modules/@jupyter/builder/lib/build-labextension.js");
  const meta = join(root, "node_modules/@jupyterlab/core-meta/core.package.json");
  const args = [builder, "--core-package-file", meta, "."];
  const [code] = await once(spawn(process.execPath, args, { cwd: join(root, "extension"), stdio: "inherit" }), "close");
  if (code !== 0) throw new Error(`the panels could not be bundled: the builder ended with ${code}`);
}

/** Where an entry's source and declaration begin: a room's index, or a file of its own. */
function source(entry) {
  return { index: "index", cli: "cli/main" }[entry] ?? `${entry}/index`;
}

/** Bundles entries into dist/<entry>.js; zod and ml-matrix inside (many small files load slowly), the rest stays a dependency. */
async function bundle(folder, entries) {
  const { metafile } = await build({
    absWorkingDir: folder,
    metafile: true,
    entryPoints: entries.map((entry) => ({ in: `src/${source(entry)}.ts`, out: entry })),
    outdir: "dist",
    bundle: true,
    splitting: entries.length > 1,
    chunkNames: "chunk-[hash]",
    format: "esm",
    platform: "node",
    target: "node22",
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
    plugins: [
      {
        name: "dependencies stay outside, zod speaks English and brings what is used",
        setup({ onResolve, onLoad }) {
          // of a namespace esbuild takes what is read from it, of a name that stands for one everything
          onLoad({ filter: /library\/\w+\/src\/.*\.ts$/ }, ({ path }) => ({
            contents: readFileSync(path, "utf8").replace('import { z } from "zod";', 'import * as z from "zod";'),
            loader: "ts",
          }));
          // its sources, of which what is not used can be left out; "import" leads to one file of CommonJS
          onResolve({ filter: /^ml-matrix$/ }, () => ({
            path: join(root, "node_modules/ml-matrix/src/index.js"),
            sideEffects: false,
          }));
          // zod brings the words of fifty languages: errors of ours are our own
          onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, ({ path }) => ({
            contents: 'export { default as en } from "./en.js";',
            resolveDir: dirname(path),
          }));
          onResolve({ filter: /^[^./]/ }, ({ path }) =>
            /^(zod|ml-matrix)($|\/)/.test(path) ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
  // pieces of an earlier build would be packed with this one
  for (const name of readdirSync(join(folder, "dist")))
    if (name.startsWith("chunk-") && !(`dist/${name.replace(/\.map$/, "")}` in metafile.outputs))
      rmSync(join(folder, "dist", name));
}

/** Rolls the declarations of each entry up into dist/<entry>.d.ts: a cell's type check reads one file. */
async function declare(folder, entries) {
  for (const entry of entries) {
    const rolled = await rollup({
      input: join(folder, "dist/types", `${source(entry)}.d.ts`),
      external: (id) => !id.startsWith(".") && !id.startsWith("/"),
      plugins: [dts({ tsconfig: join(folder, "tsconfig.json") })],
      onwarn: (warning) => console.warn(`${folder} ${entry}: ${warning.message}`),
    });
    const { output } = await rolled.generate({ format: "es" });
    const library = folder === core ? await import(pathToFileURL(join(core, "dist/index.js")).href) : {};
    writeFileSync(join(folder, "dist", `${entry}.d.ts`), withParameterDocs(output[0].code, library));
  }
}
