// Starts `npm start` for a test: on a free port, in a home of its own, and stops it again.
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { node24, root } from "./setup.mjs";

/** A temporary folder, removed with everything in it when the process ends. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `assay-${name}-`));
  chmodSync(folder, 0o755); // as root, PostgreSQL's own user must pass
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A running `npm start`: its address once it is ready, what it printed, and how to stop it. */
export function startAssay({ args = [], home = temporaryFolder("home"), env = {}, folder = root } = {}) {
  const child = spawn(node24(), [join(folder, "tools/start.mjs"), "--no-browser", ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ASSAY_HOME: home,
      ASSAY_SETUP_MS: "",
      // the user's own layout and settings stay as they are
      JUPYTERLAB_WORKSPACES_DIR: join(home, "workspaces"),
      JUPYTERLAB_SETTINGS_DIR: join(home, "settings"),
      ...env,
    },
  });
  const assay = { child, home, out: "" };
  const exited = new Promise((resolve) => child.on("close", (code, signal) => resolve(code ?? signal)));
  assay.exited = exited;
  assay.ready = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => {
        assay.out += data;
        const address = /http:\/\/127\.0\.0\.1:(\d+)\/lab\/tree\/\S*\?token=(\w+)/.exec(assay.out);
        if (address)
          resolve({ url: address[0], base: `http://127.0.0.1:${address[1]}`, port: Number(address[1]), token: address[2] });
      });
    exited.then((code) => reject(new Error(`npm start ended with ${code}: ${assay.out}`)));
  });
  assay.ready.catch(() => {});
  assay.stop = async (signal = "SIGINT") => {
    child.kill(signal);
    return exited;
  };
  return assay;
}

/** Runs named tests one after another, prints each and the closing counts, and ends the process. */
export async function runTests(tests) {
  let failed = 0;
  for (const { name, run } of tests) {
    const begin = performance.now();
    let error;
    try {
      await run();
    } catch (caught) {
      error = caught;
      failed++;
    }
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    console.log(error ? `FAIL ${name} ${seconds} s\n${error.stack}` : `ok   ${name} ${seconds} s`);
  }
  console.log(`${tests.length - failed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}
