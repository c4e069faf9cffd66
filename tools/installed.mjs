// Tests of the packages without a notebook: what they take on disk, a plain script on each Node that they promise, and what a page may bundle of them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build } from "vite";
import { must, node24, root, run } from "./setup.mjs";

/** Most that an installation may take, with all that it depends on; MB. */
const most = { assay: 120, "assay-lab": 350 };

const script = `import * as ml from "assay";
import { connect } from "assay-lab";
const forest = await ml.randomForestClassifier({ nEstimators: 10, seed: 1 }).fit([[0], [1], [2], [3]], ["a", "a", "b", "b"]);
const network = await ml.networkRegressor({ layers: [], epochs: 1, backend: "wasm" }).fit([[0], [1]], [0, 1]);
const lab = await connect();
const run = await lab.experiment("plain").run("script", (run) => run.log({ answer: 42 }));
console.log(JSON.stringify({ classes: forest.predict([[0], [3]]), backend: network.state.backend, answer: run.metrics["train.answer"] }));
await lab.close();
`;

const page = `import { assayClient } from "assay-lab/client";
import { deployRequest } from "assay-lab/contract";
globalThis.answer = { verbs: Object.keys(assayClient({ url: "http://127.0.0.1:8790" })), parsed: typeof deployRequest.parse };
`;

/** The tests, in a folder of their own; `packed` gives the packages' archives, `env` is a user's environment. */
export function installedTests({ folder, packed, env }) {
  const place = (name) => {
    const made = join(folder, name);
    mkdirSync(made, { recursive: true });
    writeFileSync(join(made, "package.json"), '{ "private": true, "type": "module" }');
    return made;
  };
  const install = (cwd, ...names) => must("npm", ["install", "--loglevel=error", ...names], { cwd });
  const archive = (name) => packed().find((file) => new RegExp(`/${name}-\\d[^/]*\\.tgz$`).test(file));
  const sizeMb = (cwd) => Number(execFileSync("du", ["-sm", join(cwd, "node_modules")], { encoding: "utf8" }).split("\t")[0]);
  const plain = place("plain");
  return [
    {
      name: `assay takes ${most.assay} MB at most, with all that it depends on`,
      async run() {
        const alone = place("alone");
        await install(alone, archive("assay"));
        const size = sizeMb(alone);
        assert.ok(size <= most.assay, `${size} MB`);
      },
    },
    {
      name: `assay-lab takes ${most["assay-lab"]} MB at most, with assay and a PostgreSQL`,
      async run() {
        await install(plain, archive("assay"), archive("assay-lab"));
        const size = sizeMb(plain);
        assert.ok(size <= most["assay-lab"], `${size} MB`);
      },
    },
    ...[22, 24].map((major) => ({
      name: `a plain script runs on Node ${major}`,
      async run() {
        writeFileSync(join(plain, "script.mjs"), script);
        const node = major === 24 ? node24() : await oldest(place("node"), install);
        assert.equal(
          execFileSync(node, ["-p", "process.versions.node.split('.')[0]"], { encoding: "utf8" }).trim(),
          String(major),
        );
        const options = { cwd: plain, encoding: "utf8", env: { ...env, ASSAY_HOME: join(folder, `home-${major}`) } };
        const told = execFileSync(node, ["--no-warnings", "script.mjs"], options);
        assert.deepEqual(JSON.parse(told.trim().split("\n").at(-1)), { classes: ["a", "b"], backend: "wasm", answer: 42 });
      },
    })),
    {
      name: "a strict project that checks declarations too compiles with every entry",
      async run() {
        const entries = ["assay", "assay-lab", "assay-lab/client", "assay-lab/contract"];
        writeFileSync(join(plain, "entries.ts"), entries.map((entry, k) => `export * as entry${k} from "${entry}";`).join("\n"));
        const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--module", "nodenext", "--target", "es2022"];
        const types = ["--types", "node", "--typeRoots", join(root, "node_modules/@types")];
        const compiler = join(root, "node_modules/typescript/bin/tsc");
        const { code, out } = await run(node24(), [compiler, ...options, ...types, "entries.ts"], { cwd: plain });
        assert.equal(code, 0, out);
      },
    },
    {
      name: "Vite bundles the client and the contract for a page, with nothing of Node",
      async run() {
        const text = await bundled(plain, "page", page);
        assert.doesNotMatch(text, /__vite-browser-external|["']node:/);
        // a page's world: none of Node's globals
        const world = createContext({
          fetch,
          URL,
          URLSearchParams,
          AbortController,
          AbortSignal,
          TextDecoder,
          TextEncoder,
          Headers,
        });
        runInContext(text, world);
        assert.ok(world.answer.verbs.includes("models"), world.answer.verbs.join(" "));
        assert.equal(world.answer.parsed, "function");
      },
    },
    ...["assay", "assay-lab"].map((name) => ({
      name: `a page that bundles ${name} itself is told what to take in its place`,
      async run() {
        const text = await bundled(
          plain,
          `wrong-${name}`,
          `import * as library from "${name}";\nglobalThis.library = library;\n`,
        );
        assert.throws(() => runInContext(text, createContext({})), {
          message: /^assay(-lab)? runs in Node: .*assay-lab\/client/,
        });
      },
    })),
  ];
}

/** The one file into which Vite bundles a page's program, as text. */
async function bundled(folder, name, program) {
  writeFileSync(join(folder, `${name}.js`), program);
  const lib = { entry: join(folder, `${name}.js`), formats: ["iife"], name: "page", fileName: () => `${name}.bundle.js` };
  await build({ root: folder, configFile: false, logLevel: "silent", build: { lib, outDir: `bundle-${name}`, minify: false } });
  return readFileSync(join(folder, `bundle-${name}`, `${name}.bundle.js`), "utf8");
}

/** The oldest Node that the packages promise, from npm. */
async function oldest(cwd, install) {
  const name = `node-${process.platform}-${process.arch}`;
  await install(cwd, `${name}@22`);
  return join(cwd, "node_modules", name, "bin/node");
}
