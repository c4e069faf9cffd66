// Brings the repository from a clone to a built state. Dependency-free; runs on Node 20 and newer.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const venvBin = join(root, ".venv", process.platform === "win32" ? "Scripts" : "bin");
export const python = join(venvBin, "python");
const state = join(root, ".assay");
const stampFile = join(state, "stamps.json");
// npm puts node_modules/.bin first, and its `node` is the very file that `npm ci` deletes
const plainPath = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((place) => !place.includes("node_modules"))
  .join(delimiter);
/** PATH with the repository's Python environment in front. */
export const pathWithPython = venvBin + delimiter + plainPath;

/** Ends with one sentence that holds the remedy, and no stack. */
export function fail(sentence) {
  console.error(`assay: ${sentence}`);
  process.exit(1);
}

/** The repository's own Node 24 once it is installed, else the Node that runs this. */
export function node24() {
  const file = join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  return existsSync(file) ? file : process.execPath;
}

/** Runs a command to its end; answers with its code and all it printed. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const { env, ...rest } = options;
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      ...rest,
      env: { NODE_COMPILE_CACHE: join(state, "compiled"), ...process.env, PATH: plainPath, ...env },
    });
    let out = "";
    const take = (text) => (out += text);
    for (const stream of [child.stdout, child.stderr]) if (stream) byLine(stream, take);
    child.on("error", (error) => resolve({ code: -1, out: String(error) }));
    child.on("close", (code, signal) => resolve({ code: code ?? signal, out }));
  });
}

/** Hands on what a stream says in whole lines: its pieces are cut anywhere, and those of another stream may come between. */
function byLine(stream, take) {
  let begun = "";
  stream.setEncoding("utf8");
  stream.on("data", (piece) => {
    const said = begun + piece;
    const end = said.lastIndexOf("\n") + 1;
    begun = said.slice(end);
    take(said.slice(0, end));
  });
  stream.on("end", () => take(begun));
}

/** For `run` and `must`: what the command prints is its standard output alone, for who reads it as data; what it warns of is shown. */
export const warningsApart = { stdio: ["ignore", "pipe", "inherit"] };

/** What a failed step most likely needs, by what it printed. */
function remedy(out) {
  if (/ENOSPC|No space left/i.test(out)) return "the disk is full: free 3 GB and start again";
  if (/EACCES|EPERM|Permission denied|Read-only file system/i.test(out))
    return "no right to write here: give this user the folder, or clone it where the user may write";
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|Could not find a version|Temporary failure in name resolution/i.test(out))
    return "the package registry cannot be reached: check the network or the registry settings of npm and pip";
  return undefined;
}

/** Runs a step's command; when it fails, ends with the remedy or with the end of what it printed. */
export async function must(command, args, options) {
  const { code, out } = await run(command, args, options);
  if (code === 0) return out;
  const what = [relative(root, command) || command, ...args.slice(0, 3)].join(" ");
  const cure = remedy(out);
  return fail(cure ? `${cure} (${what})` : `${what} ended with ${code}\n${out.slice(-3000)}`);
}

/** Runs a step and prints its name and time; a step that had nothing to do prints nothing. */
export async function step(name, work) {
  const begin = performance.now();
  const note = await work();
  if (note === "fresh") return;
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`  ${name.padEnd(36)} ${seconds.padStart(6)} s${note ? `  ${note}` : ""}`);
}

const made = /^(node_modules|dist|lib|labextension|build|__pycache__|\.assay|fixtures|test)$|\.tsbuildinfo$|\.test\.ts$/;

/** One hash over the names and contents of files and folders, built things and tests left out. */
export function hash(...paths) {
  const sum = createHash("sha256");
  const add = (path) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) if (!made.test(name)) add(join(path, name));
    } else sum.update(relative(root, path)).update(readFileSync(path));
  };
  for (const path of paths) add(join(root, path));
  return sum.digest("hex");
}

function stamps() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return {};
  }
}

/** Does `work` unless it was done for this very `value` and its `proof` still stands. */
export async function once(key, value, proof, work) {
  if (stamps()[key] === value && existsSync(join(root, proof))) return "fresh";
  await work();
  // whole at any time: who reads a half of it begins from nothing, under the feet of everybody else
  const next = `${stampFile}.${process.pid}`;
  writeFileSync(next, JSON.stringify({ ...stamps(), [key]: value }));
  renameSync(next, stampFile);
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Two at once in one folder: the second waits for the first. */
export async function locked(name, work) {
  try {
    mkdirSync(state, { recursive: true });
  } catch (error) {
    fail(remedy(error.code) ?? String(error));
  }
  const file = join(state, `${name}.lock`);
  for (let told = false; ; ) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") fail(remedy(error.code) ?? `cannot write ${relative(root, file)}: ${error.message}`);
    }
    let holder = 0;
    try {
      holder = Number(readFileSync(file, "utf8"));
    } catch {
      continue;
    }
    const stale = holder
      ? !alive(holder)
      : Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 2000;
    if (stale) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) console.log(`  waiting for another Assay in this folder (process ${holder})`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const free = () => rmSync(file, { force: true });
  process.on("exit", free);
  try {
    return await work();
  } finally {
    free();
    process.off("exit", free);
  }
}

function findPython() {
  let older;
  for (const name of ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"]) {
    const version = spawnSync(name, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"], { encoding: "utf8" });
    if (version.status !== 0) continue;
    const [major, minor] = version.stdout.trim().split(".").map(Number);
    if (major !== 3 || minor < 10) {
      older ??= version.stdout.trim();
      continue;
    }
    if (spawnSync(name, ["-c", "import venv, ensurepip"]).status === 0) return name;
    fail(`Python ${major}.${minor} has no ensurepip: apt install python3-venv`);
  }
  return fail(`needs Python 3.10 or newer, found ${older ?? "none"}: apt install python3 python3-venv`);
}

const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];

/** Python packages of a requirements file, in the repository's environment. */
export async function requirements(file, proof) {
  const done = await once(file, hash(file, "tools/requirements.txt"), proof, () => must(python, [...pip, "-r", file]));
  return done;
}

/** Everything that `npm start` and `npm test` need: packages, build, Python environment with what `more` lists, wheel. */
export async function setup(...more) {
  if (Number(process.versions.node.split(".")[0]) < 20) fail(`needs Node 20 or newer, got ${process.version}: see nodejs.org`);
  await locked("setup", async () => {
    const packages = () =>
      hash(
        "library/core",
        "library/lab",
        "extension",
        "tsconfig.base.json",
        "tools/build.mjs",
        "tools/assembly.mjs",
        "tools/parameter-docs.mjs",
        "package-lock.json",
      );
    await Promise.all([builtPackages(packages), environment(more)]);
    await step("wheel", () =>
      once("wheel", packages() + hash("extension/python", "kernel/logos"), ".venv/share/jupyter/kernels/assay/kernel.json", () =>
        must(python, [...pip, "--no-deps", "--no-build-isolation", "--force-reinstall", "./extension/python"]),
      ),
    );
  });
}

async function builtPackages(packages) {
  await step("npm packages", () =>
    once("npm", hash("package-lock.json"), "node_modules/.package-lock.json", () =>
      must("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]),
    ),
  );
  await step("build", () =>
    once("build", packages(), "extension/labextension/package.json", () => must(node24(), [join(root, "tools/build.mjs")])),
  );
}

async function environment(more) {
  await step("Python environment", () =>
    once("venv", hash("tools/requirements.txt"), ".venv/bin/jupyter-lab", async () => {
      await must(findPython(), ["-m", "venv", "--clear", ".venv"]);
      await must(python, [...pip, "-r", "tools/requirements.txt"]);
    }),
  );
  for (const file of more) await step(`Python: ${file}`, () => requirements(file, ".venv/bin/jupyter-lab"));
}

/** Replaces this process by the same script on the repository's Node 24; false when it is on it already. */
export function again(file) {
  const node = node24();
  if (Number(process.versions.node.split(".")[0]) >= 24 || node === process.execPath) return false;
  const child = spawn(node, [file, ...process.argv.slice(2)], { stdio: "inherit", env: process.env });
  // on a terminal Ctrl-C reaches the child by itself
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  child.on("exit", (code) => process.exit(code ?? 1));
  return true;
}
