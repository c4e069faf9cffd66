// Starts `npm start` for a test: on a free port, in a home of its own, and stops it again.
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { node24, root } from "./setup.mjs";

const folders = [];
const running = new Set();
/** When the process ends, the folders go; after an error each `npm start` is told to end, which needs its folder for that. */
function cleanUp() {
  for (const child of running) child.kill("SIGTERM");
  if (running.size === 0) for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 20 }); // a database may still write there
}
process.on("exit", cleanUp);

/** A temporary folder, removed with everything in it when the process ends. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `assay-${name}-`));
  chmodSync(folder, 0o755); // as root, PostgreSQL's own user must pass
  folders.push(folder);
  return folder;
}

/** What every process of a test is told: a machine that is busy with other tests is not refused for it. */
export const unhurried = { ASSAY_LAG_MS: "600000" };

/** Has JupyterLab ask nobody for news, and its reader not whether it may. */
function withoutNews(home) {
  const folder = join(home, "settings/@jupyterlab/apputils-extension");
  mkdirSync(folder, { recursive: true });
  const settings = { fetchNews: "false", checkForUpdates: false };
  writeFileSync(join(folder, "notification.jupyterlab-settings"), JSON.stringify(settings));
}

/** A running `npm start`: its address once it is ready, what it printed, and how to stop it. */
export function startAssay({ args = [], home = temporaryFolder("home"), env = {}, folder = root } = {}) {
  withoutNews(home);
  const child = spawn(node24(), [join(folder, "tools/start.mjs"), "--no-browser", ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...unhurried,
      ASSAY_HOME: home,
      ASSAY_SETUP_MS: "",
      // the user's own layout and settings stay as they are
      JUPYTERLAB_WORKSPACES_DIR: join(home, "workspaces"),
      JUPYTERLAB_SETTINGS_DIR: join(home, "settings"),
      ...env,
    },
  });
  const assay = { child, home, out: "" };
  running.add(child);
  child.once("close", () => running.delete(child));
  const exited = new Promise((resolve) => child.on("close", (code, signal) => resolve(code ?? signal)));
  assay.exited = exited;
  assay.ready = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => {
        assay.out += data;
        const address = /(http:\/\/127\.0\.0\.1:(\d+)\S*?)\/lab\/tree\/\S*\?token=(\w+)/.exec(assay.out);
        if (address) resolve({ url: address[0], base: address[1], port: Number(address[2]), token: address[3] });
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

/** A running `assay serve` in a home of its own, with these settings: its address once it listens, and how to stop it. */
export async function startService(settings, program = join(root, "library/lab/bin/assay.mjs")) {
  const env = { ...process.env, ...unhurried, ASSAY_HOME: temporaryFolder("service"), LOG_FORMAT: "json", ...settings };
  const child = spawn(node24(), [program, "serve", "--port", "0"], { env, stdio: ["ignore", "inherit", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  let said = "";
  const base = await new Promise((resolve, reject) => {
    child.stderr.on("data", (data) => {
      said += data;
      const address = /"Server listening at (http:\/\/127\.0\.0\.1:\d+)"/.exec(said);
      if (address) resolve(address[1]);
    });
    ended.then((code) => reject(new Error(`assay serve ended with ${code}: ${said}`)));
  });
  return {
    base,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Runs named tests one after another but those whose `skip` holds, prints each, of a failure also what `told` finds to say, and the closing counts. */
export const runTests = (tests, told) => runSideBySide([{ tests, told }]);

/** The same for several lists at once, each in its own order. */
export async function runSideBySide(lists) {
  const failed = (await Promise.all(lists.map(runList))).reduce((sum, each) => sum + each, 0);
  const all = lists.flatMap(({ tests }) => tests);
  const skipped = all.filter(({ skip }) => skip).length;
  console.log(`${all.length - failed - skipped} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed ? 1 : 0;
}

/** Answers how many of them failed. */
async function runList({ tests, told = async () => "" }) {
  let failed = 0;
  for (const { name, run, skip } of tests) {
    if (skip) {
      console.log(`skip ${name}`);
      continue;
    }
    const begin = performance.now();
    let error;
    try {
      await run();
    } catch (caught) {
      error = caught;
      failed++;
    }
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    console.log(error ? `FAIL ${name} ${seconds} s\n${error.stack}\n${await told(failed)}` : `ok   ${name} ${seconds} s`);
  }
  return failed;
}
