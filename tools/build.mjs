// `npm run build`: one ESM file and one .d.ts for each entry of the packages, and the panels' bundle.
import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import { compileKernels } from "./assembly.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const core = join(root, "library/core");
const lab = join(root, "library/lab");
const node = (args, cwd = root) => execFileSync(process.execPath, args, { cwd, stdio: "inherit" });

node(["node_modules/typescript/bin/tsc", "-b"]);
await compileKernels();
await Promise.all([bundle(core, ["index"]), bundle(lab, ["index", "contract", "client", "cli"])]);
await Promise.all([declare(core, ["index"]), declare(lab, ["index", "contract", "client"])]);
rmSync(join(lab, "dist/migrations"), { recursive: true, force: true });
cpSync(join(lab, "src/db/migrations"), join(lab, "dist/migrations"), { recursive: true });
node(
  [
    join(root, "node_modules/@jupyter/builder/lib/build-labextension.js"),
    "--core-package-file",
    join(root, "node_modules/@jupyterlab/core-meta/core.package.json"),
    ".",
  ],
  join(root, "extension"),
);

/** Where an entry's source and declaration begin: a room's index, or a file of its own. */
function source(entry) {
  return { index: "index", cli: "cli/main" }[entry] ?? `${entry}/index`;
}

/** Bundles entries into dist/<entry>.js; zod and ml-matrix inside (many small files load slowly), the rest stays a dependency. */
async function bundle(folder, entries) {
  await build({
    absWorkingDir: folder,
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
        name: "dependencies stay outside, zod speaks English",
        setup({ onResolve, onLoad }) {
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
    await rolled.write({ file: join(folder, "dist", `${entry}.d.ts`), format: "es" });
  }
}
