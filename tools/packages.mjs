// The packages as a user gets them: packed, installed in an empty folder and an empty environment, with no repository above.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { runTests, temporaryFolder } from "./assay.mjs";
import { openChromium } from "./chromium.mjs";
import { freePort } from "./free-ports.mjs";
import { installedTests } from "./installed.mjs";
import { must, node24, python, root, run, warningsApart } from "./setup.mjs";

const folder = temporaryFolder("packages");
const [packs, work, home] = ["packs", "work", "home"].map((name) => join(folder, name));
for (const place of [packs, work, home]) mkdirSync(place);
const venv = join(folder, "venv");
// nothing of the repository: no PATH into it, no settings of ours
const env = {
  PATH: [join(venv, "bin"), ...process.env.PATH.split(delimiter).filter((place) => !place.startsWith(root))].join(delimiter),
  HOME: home,
  ASSAY_HOME: join(home, "assay"),
  ASSAY_SETUP_MS: "",
};
const token = "packages";
/** Kernel and client talk through files of a folder, whose path is a script's first argument: ports that are free now may be taken before the kernel binds them. */
const throughFiles = 'files = {"transport": "ipc", "ip": sys.argv[1] + "/s"}';
const sockets = () => mkdtempSync(join(folder, "s"));
let lab;

async function startLab() {
  const port = await freePort();
  const args = [
    "-m",
    "jupyterlab",
    "--no-browser",
    "--ServerApp.ip=127.0.0.1",
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
  ];
  if (process.getuid?.() === 0) args.push("--allow-root");
  const child = spawn(join(venv, "bin/python"), args, {
    cwd: work,
    env: { ...env, JUPYTER_TOKEN: token },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (log += data));
  const base = `http://127.0.0.1:${port}`;
  for (let k = 0; k < 3000; k++) {
    if (child.exitCode !== null) throw new Error(log);
    const up = await fetch(`${base}/api/status?token=${token}`).catch(() => undefined);
    if (up?.ok) return { child, base };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(log);
}

const tests = [
  {
    name: "npm pack and a wheel are made of every package",
    async run() {
      for (const name of ["library/core", "library/lab", "kernel"])
        await must("npm", ["pack", "--silent", "--pack-destination", packs, join(root, name)]);
      await must(python, [
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        packs,
        "./extension/python",
      ]);
      assert.equal(readdirSync(packs).length, 4);
    },
  },
  {
    name: "they install in an empty folder and an empty environment",
    async run() {
      writeFileSync(join(work, "package.json"), '{ "private": true }');
      const files = packed();
      await Promise.all([
        must("npm", ["install", "--loglevel=error", ...files.filter((file) => file.endsWith(".tgz"))], { cwd: work }),
        must(python, ["-m", "venv", venv]).then(() =>
          must(join(venv, "bin/python"), [
            ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "nbclient"],
            `${files.find((file) => file.endsWith(".whl"))}[node]`,
          ]),
        ),
      ]);
      assert.ok(existsSync(join(work, "node_modules/assay-lab/dist/index.js")));
    },
  },
  {
    name: "the kernel runs a typed cell with both packages",
    async run() {
      const code = [
        'import * as ml from "assay";',
        'import { connect } from "assay-lab";',
        "const lab = await connect();",
        "const model = await ml.ridge({ alpha: 0 }).fit([[0], [1], [2]], [1, 3, 5]);",
        "const typed: number = model.state.coef.length;",
        "console.log('coefficients', typed, 'prediction', Math.round(model.predict([[3]])[0]!));",
        "await lab.close();",
      ].join("\n");
      const script = `import nbformat, sys
from nbclient import NotebookClient
from traitlets.config import Config
${throughFiles}
book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(sys.argv[2])])
NotebookClient(book, kernel_name="assay", timeout=300, iopub_timeout=300, config=Config({"KernelManager": files})).execute()
print("".join(o.get("text", "") for o in book.cells[0].outputs))`;
      const { out } = await run(join(venv, "bin/python"), ["-c", script, sockets(), code], { cwd: work, env });
      assert.match(out, /coefficients 1 prediction 7/);
    },
  },
  {
    name: "assay-kernel install makes the packed kernel known, cells import what lies beside the notebook, uninstall takes it away",
    async run() {
      const prefix = join(folder, "installed");
      const beside = join(folder, "beside");
      mkdirSync(join(beside, "node_modules/neighbour"), { recursive: true });
      const meta = { name: "neighbour", type: "module", exports: { default: "./index.js" } };
      writeFileSync(join(beside, "node_modules/neighbour/package.json"), JSON.stringify(meta));
      writeFileSync(join(beside, "node_modules/neighbour/index.js"), "export const near = 21;");
      writeFileSync(join(beside, "node_modules/neighbour/index.d.ts"), "export declare const near: number;");
      const assayKernel = (...words) =>
        must(node24(), [join(work, "node_modules/assay-kernel/src/install/cli.cjs"), ...words, "--prefix", prefix], {
          env,
          cwd: work,
        });
      const place = join(prefix, "share/jupyter/kernels/assay");
      assert.match(await assayKernel("install"), /^installed /);
      // its folder alone: the wheel's kernel has the same name
      const script = `import json, nbformat, sys
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('import { near } from "neighbour"; const n: number = 2 * near; n')])
${throughFiles}
manager = AsyncKernelManager(kernel_name="assay", kernel_spec_manager=KernelSpecManager(kernel_dirs=[sys.argv[2]]), **files)
NotebookClient(book, km=manager, timeout=300, iopub_timeout=300, resources={"metadata": {"path": sys.argv[3]}}).execute()
print(json.dumps([manager.kernel_spec.argv, book.cells[0].outputs]))`;
      const options = { cwd: beside, env, ...warningsApart };
      const { code, out } = await run(join(venv, "bin/python"), ["-c", script, sockets(), join(place, ".."), beside], options);
      assert.equal(code, 0, out);
      const [argv, outputs] = JSON.parse(out.trim().split("\n").at(-1));
      assert.ok(argv.includes(join(work, "node_modules/assay-kernel/src/kernel.cjs")), out);
      assert.equal(outputs[0].data["text/plain"], "42");
      assert.match(await assayKernel("uninstall"), /^removed /);
      assert.ok(!existsSync(place));
    },
  },
  {
    name: "a cell can keep every model and every function of the library: all their types have names",
    async run() {
      const ml = await import(pathToFileURL(join(work, "node_modules/assay/dist/index.js")).href);
      const lines = ['import * as ml from "assay";', "declare const x: number[][], y: number[];"];
      for (const [name, value] of Object.entries(ml)) {
        if (typeof value !== "function") continue;
        lines.push(`export const kept_${name} = ml.${name};`);
        // what parameters it needs matters not: only types are made
        const data = value.task === "recommendation" ? "{} as ml.Interactions" : "x, y";
        if (value.estimator) lines.push(`export const model_${name} = await ml.${name}({} as never).fit(${data}, {} as never);`);
      }
      writeFileSync(join(work, "names.mts"), lines.join("\n"));
      const types = join(root, "node_modules/@types");
      const options = ["--declaration", "--emitDeclarationOnly", "--strict", "--skipLibCheck", "--outDir", "names"];
      const target = ["--target", "es2024", "--module", "nodenext", "--typeRoots", types, "--types", "node"];
      const { code, out } = await run(
        node24(),
        [join(root, "node_modules/typescript/bin/tsc"), ...options, ...target, "names.mts"],
        { cwd: work },
      );
      assert.equal(code, 0, out);
    },
  },
  {
    name: "the service answers behind JupyterLab",
    async run() {
      lab = await startLab();
      const answer = await fetch(`${lab.base}/assay/ready?token=${token}`);
      assert.equal(answer.status, 200, await answer.text());
    },
  },
  {
    name: "the panels load in JupyterLab",
    async run() {
      const browser = await openChromium();
      try {
        const page = await browser.newPage();
        await page.goto(`${lab.base}/lab?token=${token}`);
        await page.locator('[data-id="assay-sidebar"], #assay-sidebar').first().waitFor({ state: "attached" });
      } finally {
        await browser.close();
      }
    },
  },
  {
    name: "JupyterLab ends when asked",
    async run() {
      const ended = new Promise((resolve) => lab.child.once("exit", resolve));
      lab.child.kill("SIGTERM");
      await ended;
      await must(node24(), [join(work, "node_modules/assay-lab/bin/assay.mjs"), "db", "stop", "--if-unused"], { env, cwd: work });
    },
  },
];

const packed = () => readdirSync(packs).map((name) => join(packs, name));
const [pack, ...others] = tests;
await runTests([pack, ...installedTests({ folder, packed, env }), ...others]);
