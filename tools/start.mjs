// `npm start`: from a clone to JupyterLab with kernel, panels and database, in one command.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { tell } from "./processes.mjs";
import { again, fail, locked, pathWithPython, python, root, run, setup, step } from "./setup.mjs";

const begin = performance.now();
const help = `npm start -- [options]
  --port N             port of JupyterLab (default: 8888, or the next free one)
  --base-url PATH      path below which JupyterLab answers, as behind a proxy (default: /)
  --no-browser         print the address only
  --database-url URL   a PostgreSQL of your own in place of the embedded one`;

const values = options();
if (values.help) {
  console.log(help);
  process.exit(0);
}
if (values["database-url"]) process.env.DATABASE_URL = values["database-url"];
if (!process.env.ASSAY_SETUP_MS) {
  console.log("Assay");
  await setup();
  process.env.ASSAY_SETUP_MS = String(Math.round(performance.now() - begin));
}
if (!again(fileURLToPath(import.meta.url))) await main();

function options() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string" },
        "base-url": { type: "string", default: "/" },
        "no-browser": { type: "boolean" },
        "database-url": { type: "string" },
        help: { type: "boolean" },
      },
    });
    if (values.port !== undefined && !(Number(values.port) > 0 && Number(values.port) < 65536))
      fail(`--port must be a number from 1 to 65535, got ${values.port}`);
    if (!/^\/([\w.~@%-]+\/)*$/.test(values["base-url"]))
      fail(`--base-url must begin and end with a slash, as /user/someone/, got ${values["base-url"]}`);
    return values;
  } catch (error) {
    return fail(`${error.message}\n${help}`);
  }
}

async function main() {
  await step("PostgreSQL", async () => (await assay("db", "start")).trim());
  let lab;
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    if (lab) await stop(lab);
    console.log(`\n  JupyterLab stopped, PostgreSQL ${(await assay("db", "stop", "--if-unused")).trim()}`);
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);

  const token = randomBytes(24).toString("hex");
  await step("JupyterLab", () =>
    locked("port", async () => {
      let port = values.port ? Number(values.port) : await freePort(8888);
      if (values.port && !(await isFree(port))) fail(`port ${port} is taken: choose another with --port, or leave it out`);
      for (;;) {
        lab = launch(port, token);
        if (await answers(lab, `${placeOf(port)}api/status?token=${token}`)) break;
        if (ending) return;
        // somebody took the port between our look and JupyterLab's
        if (values.port || !/port \S+ is (already in use|not available)|no available port/i.test(lab.log))
          fail(`JupyterLab ended with ${lab.child.exitCode}\n${lab.log.slice(-2000)}`);
        port = await freePort(port + 1);
      }
      lab.child.on("exit", (code) => {
        if (ending) return;
        ending = true;
        fail(`JupyterLab ended with ${code}\n${lab.log.slice(-2000)}`);
      });
      // wakes the service, so that the first panel need not wait for it
      fetch(`${placeOf(port)}assay/health`, { headers: { Authorization: `token ${token}` } }).catch(() => {});
    }),
  );
  const address = `${placeOf(lab.port)}lab/tree/quickstart.ipynb?token=${token}`;
  const seconds = (Number(process.env.ASSAY_SETUP_MS) + performance.now() - begin) / 1000;
  console.log(`  ready after ${seconds.toFixed(1)} s; Ctrl-C stops it\n\n  ${address}\n`);
  if (!values["no-browser"]) openBrowser(address);
}

/** Runs the command line `assay`; ends with its sentence when it fails. */
async function assay(...args) {
  const { code, out } = await run(process.execPath, [join(root, "library/lab/bin/assay.mjs"), ...args]);
  return code === 0 ? out : fail(out.trim().replace(/^assay:? ?/, ""));
}

/** Where JupyterLab answers, with the last slash. */
function placeOf(port) {
  return `http://127.0.0.1:${port}${values["base-url"]}`;
}

/** JupyterLab in a process group of its own: Ctrl-C reaches only us, and we end it in order. */
function launch(port, token) {
  const notebooks = join(root, "notebooks");
  const runtime = join(root, ".assay/runtime", String(process.pid));
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  const args = [
    "-m",
    "jupyterlab",
    "--no-browser",
    "--ServerApp.ip=127.0.0.1",
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
    `--ServerApp.root_dir=${notebooks}`,
    `--ServerApp.base_url=${values["base-url"]}`,
  ];
  if (process.getuid?.() === 0) args.push("--allow-root");
  const config = [join(root, "jupyter-config"), process.env.JUPYTER_CONFIG_PATH].filter(Boolean).join(":");
  const child = spawn(python, args, {
    cwd: notebooks,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PATH: pathWithPython,
      JUPYTER_TOKEN: token,
      JUPYTER_RUNTIME_DIR: runtime,
      JUPYTER_CONFIG_PATH: config,
    },
  });
  const lab = { child, port, runtime, log: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (lab.log = (lab.log + data).slice(-20_000)));
  return lab;
}

/** Ends JupyterLab, and whatever it left running, by process id. */
async function stop({ child }) {
  const family = descendants(child.pid);
  const exited = child.exitCode !== null || child.signalCode !== null ? undefined : new Promise((r) => child.once("exit", r));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 8000);
  await exited;
  clearTimeout(late);
  for (const signal of ["SIGTERM", "SIGKILL"]) {
    const left = family.filter(({ pid, start }) => startOf(pid) === start);
    if (left.length === 0) return;
    for (const { pid } of left) tell(pid, signal);
    for (let k = 0; k < 30 && left.some(({ pid, start }) => startOf(pid) === start); k++)
      await new Promise((r) => setTimeout(r, 100));
  }
}

/** Children of a process and theirs, with the time each was started (a process id alone may be used again). Linux only. */
function descendants(pid) {
  let processes;
  try {
    processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  const parents = new Map(processes.map((name) => [Number(name), Number(stat(name)?.[1])]));
  const below = (id) => [...parents].filter(([, parent]) => parent === id).flatMap(([child]) => [child, ...below(child)]);
  return below(pid).map((id) => ({ pid: id, start: startOf(id) }));
}

/** Fields of /proc/<pid>/stat behind the command's name: state, parent, … */
function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

function startOf(pid) {
  const fields = stat(pid);
  return fields && fields[0] !== "Z" ? fields[19] : undefined;
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

async function freePort(first) {
  for (let port = first; port < first + 200; port++) if (await isFree(port)) return port;
  return fail(`no free port from ${first} to ${first + 199}: choose one with --port`);
}

/** Whether JupyterLab answers; false when it ended before. */
async function answers({ child }, url) {
  while (child.exitCode === null && child.signalCode === null) {
    try {
      if ((await fetch(url)).ok) return true;
    } catch {}
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function openBrowser(address) {
  const command = { darwin: "open", win32: "explorer" }[process.platform] ?? "xdg-open";
  if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  spawn(command, [address], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
