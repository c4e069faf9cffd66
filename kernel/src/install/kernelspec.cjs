"use strict";
// The folder by which Jupyter knows the kernel: kernel.json and its pictures, where Jupyter looks for them.
const { execFileSync } = require("node:child_process");
const { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { homedir } = require("node:os");
const { join, resolve, sep } = require("node:path");
const { protocolVersion } = require("../wire.cjs");

/** The name by which notebooks ask for the kernel. */
const name = "assay";
const kernelFile = join(__dirname, "../kernel.cjs");
const pictures = join(__dirname, "../../logos");
/** By this mark `uninstall` knows what `install` wrote. */
const writer = "assay-kernel";
const oldestNode = 22;

/**
 * The folder of Jupyter's data that the options name: this user's where they name none.
 * @param {{ user?: boolean, "sys-prefix"?: boolean, prefix?: string }} options
 * @throws {Error} more than one of them, no Python for --sys-prefix
 */
function placeOf({ user, "sys-prefix": sysPrefix, prefix }) {
  const given = [user && "--user", sysPrefix && "--sys-prefix", prefix !== undefined && "--prefix"].filter(Boolean);
  if (given.length > 1) throw new Error(`place must be one of --user, --sys-prefix, --prefix, got ${given.join(" and ")}`);
  if (prefix === "") throw new Error("--prefix must name a folder, got nothing");
  if (prefix !== undefined) return join(resolve(prefix), "share", "jupyter");
  return sysPrefix ? join(prefixOfPython(), "share", "jupyter") : userData();
}

/** Where Jupyter keeps a user's own data. */
function userData({ env = process.env, platform = process.platform, home = homedir() } = {}) {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "win32") return join(env.APPDATA || join(home, "AppData", "Roaming"), "jupyter");
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

function prefixOfPython() {
  for (const python of ["python", "python3"]) {
    try {
      return execFileSync(python, ["-c", "import sys; print(sys.prefix)"], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    } catch {
      // the next name
    }
  }
  throw new Error("--sys-prefix must find a Python on the PATH, found none");
}

/** What kernel.json says: this Node runs this kernel. */
function specification() {
  return {
    argv: [process.execPath, "--no-force-async-hooks-checks", kernelFile, "{connection_file}"],
    display_name: "TypeScript (Assay)",
    language: "typescript",
    interrupt_mode: "message",
    kernel_protocol_version: protocolVersion,
    metadata: { debugger: false, installed_by: writer },
  };
}

/**
 * The kernelspec names the Node that runs this.
 * @throws {Error} a Node too old for the kernel
 */
function mustBeNewEnough() {
  if (Number(process.versions.node.split(".")[0]) >= oldestNode) return;
  throw new Error(`Node must be ${oldestNode} or newer, got ${process.version} at ${process.execPath}; see nodejs.org`);
}

/**
 * Writes the kernelspec; one that is there is replaced.
 * @param {string} data a folder of Jupyter's data
 * @returns the folder, and a hint where what it points to may go away
 * @throws {Error} a Node too old for the kernel
 */
function install(data) {
  mustBeNewEnough();
  const folder = join(data, "kernels", name);
  mkdirSync(folder, { recursive: true });
  for (const picture of readdirSync(pictures)) copyFileSync(join(pictures, picture), join(folder, picture));
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(specification(), undefined, 2)}\n`);
  const hint = `the kernel lies in npm's cache, which may be emptied: "npm install --global assay-kernel" keeps it`;
  return { folder, hint: kernelFile.includes(`${sep}_npx${sep}`) ? hint : undefined };
}

/**
 * Removes what `install` wrote.
 * @throws {Error} nothing there, or a kernelspec of another writer
 */
function uninstall(data) {
  const folder = join(data, "kernels", name);
  const file = join(folder, "kernel.json");
  if (!existsSync(file)) throw new Error(`uninstall: there must be a kernelspec, found none in ${folder}`);
  if (!isOurs(file))
    throw new Error(`uninstall: ${folder} is not of "assay-kernel install"; "pip uninstall assay-jupyter" removes the wheel's`);
  rmSync(folder, { recursive: true });
  return folder;
}

function isOurs(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).metadata?.installed_by === writer;
  } catch {
    return false;
  }
}

module.exports = { install, kernelFile, mustBeNewEnough, name, placeOf, specification, uninstall, userData };
