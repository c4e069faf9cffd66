// `npm run binder`: what mybinder.org does with binder/, as far as it goes without Docker: the Dockerfile that repo2docker prints is read, postBuild
// and start run as an ordinary user in a clean folder, and every notebook runs without a network, in 2 GB on two cores. Writes docs/binder.md.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { runTests, temporaryFolder } from "./assay.mjs";
import { again, fail, node24, root, setup } from "./setup.mjs";

const memoryMb = 2048;
const repo2docker = "2026.4.0";
const user = `assay-binder-${process.pid}`;
const group = `/sys/fs/cgroup/memory/${user}`;
const toUser = ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--inh-caps=-all", "bash", "-c"];
const figures = {};
const seconds = (begin) => (performance.now() - begin) / 1000;

if (process.argv.length > 2) fail(`binder takes no argument, got ${process.argv.slice(2).join(" ")}`);
await setup();
if (!again(fileURLToPath(import.meta.url))) {
  if (process.getuid?.() !== 0 || !existsSync("/sys/fs/cgroup/memory/cgroup.procs"))
    fail("binder: the trial needs Linux and root, for a user, a network and a memory group of its own (cgroup v1)");
  const folder = temporaryFolder("binder");
  // as in the image, the repository is the user's home
  const [home, env] = [join(folder, "jovyan"), join(folder, "env")];
  try {
    mkdirSync(group);
    writeFileSync(join(group, "memory.limit_in_bytes"), String(memoryMb * 2 ** 20));
    execFileSync("useradd", ["--no-create-home", "--home-dir", home, "--shell", "/bin/bash", user]);
    await runTests(tests({ folder, home, env }));
    if (process.exitCode === 0) writeFileSync(join(root, "docs/binder.md"), page());
  } finally {
    await endGroup();
    rmdirSync(group);
    spawnSync("userdel", [user]);
  }
}

function tests({ folder, home, env }) {
  return [
    {
      name: "repo2docker takes environment.yml, postBuild and start, and runs them as an ordinary user",
      run: () => checkDockerfile(join(folder, "repo2docker")),
    },
    {
      name: "the packages of environment.yml go together",
      run() {
        copyRepository(home);
        makeEnvironment(home, env);
        const [, version] = /^jupyterlab==(\S+)$/m.exec(asUser("pip freeze", { home, env }));
        figures.jupyterlab = version;
        assert.ok(Number.parseFloat(version) >= 4.6, version);
      },
    },
    {
      name: "postBuild builds and installs everything",
      run() {
        const begin = performance.now();
        asUser("./binder/postBuild", { home, env, ...registries() });
        figures.build = seconds(begin);
        figures.sizeMb = Number(execFileSync("du", ["-sm", home], { encoding: "utf8" }).split("\t")[0]);
      },
    },
    { name: "the first cell answers", run: () => firstCell({ home, env }) },
    {
      name: "every notebook runs without a network, in 2 GB on two cores",
      async run() {
        const watch = watchMemory();
        const { child, out } = fenced("./binder/start python tools/notebooks.py", { home, env });
        const code = await ended(child);
        figures.peakMb = watch();
        assert.equal(code, 0, out());
        figures.notebooks = [...out().matchAll(/^ok +(\S+) ([\d.]+) s$/gm)].map(([, name, time]) => [name, Number(time)]);
        const names = readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb"));
        assert.deepEqual(figures.notebooks.map(([name]) => name).sort(), names.sort());
        assert.match(readFileSync(join(group, "memory.oom_control"), "utf8"), /^oom_kill 0$/m);
      },
    },
  ];
}

/** Has repo2docker print its Dockerfile for a copy of the repository, and reads it. */
function checkDockerfile(place) {
  execFileSync("python3", ["-m", "venv", place]);
  const quiet = { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
  execFileSync(join(place, "bin/pip"), ["install", "--quiet", `jupyter-repo2docker==${repo2docker}`], quiet);
  const args = ["--no-build", "--debug", "--user-id", "1000", "--user-name", "jovyan", root];
  const { stdout, stderr } = spawnSync(join(place, "bin/repo2docker"), args, quiet);
  const lines = `${stdout}\n${stderr}`.split("\n").map((line) => line.trim());
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the Dockerfile's own variables
  for (const line of [
    "COPY --chown=1000:1000 src/ ${REPO_DIR}/",
    "RUN ./binder/postBuild",
    'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"',
    'ENTRYPOINT ["/usr/local/bin/repo2docker-entrypoint"]',
  ])
    assert.ok(lines.includes(line), `the Dockerfile has no line ${line}`);
  const after = lines.slice(0, lines.indexOf("RUN ./binder/postBuild"));
  assert.equal(
    after.findLast((line) => line.startsWith("USER ")),
    "USER ${NB_USER}",
  );
  assert.ok(lines.some((line) => line.includes('env update -p ${NB_PYTHON_PREFIX} --file "binder/environment.yml"')));
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
}

/** What a clone would have, as the user's home. */
function copyRepository(home) {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const files = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean);
  for (const file of files) cpSync(join(root, file), join(home, file));
  execFileSync("chown", ["-R", `${user}:`, home]);
}

/** conda-forge is not npm or PyPI: the same names from PyPI, and Node beside them. */
function makeEnvironment(home, env) {
  mkdirSync(env);
  execFileSync("chown", [`${user}:`, env]);
  const listed = readFileSync(join(root, "binder/environment.yml"), "utf8").matchAll(/^ {2}- (\S+)$/gm);
  const packages = [...listed].map(([, each]) => each).filter((each) => !/^(python|nodejs)=|^pip$/.test(each));
  const exact = packages.map((each) => each.replace(/^([\w-]+)=([\d.]+)$/, "$1==$2.*"));
  asUser(`python3 -m venv ${env}`, { home, env });
  asUser(`pip install --quiet ${exact.map((each) => `'${each}'`).join(" ")}`, { home, env, ...registries() });
  cpSync(node24(), join(env, "bin/node"));
  const npm = execFileSync("bash", ["-c", 'readlink -f "$(command -v npm)"'], { encoding: "utf8" }).trim();
  symlinkSync(npm, join(env, "bin/npm"));
}

function registries() {
  const names = Object.keys(process.env).filter((name) =>
    /^(pip_|npm_config_(registry|cafile)|node_extra_ca|https?_proxy)/i.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

/** The user's environment: nothing of ours but PATH. */
function settings({ home, env, ...more }) {
  const system = process.env.PATH.split(delimiter).filter((place) => /^\/(usr\/)?(local\/)?s?bin$/.test(place));
  return {
    PATH: [join(env, "bin"), ...system].join(delimiter),
    HOME: home,
    REPO_DIR: home,
    USER: user,
    LANG: "C.UTF-8",
    ...more,
  };
}

/** Runs a command to its end as the user, in their home; answers with what it printed. Throws with the end of it. */
function asUser(command, place) {
  const [program, ...args] = [...toUser, command];
  const options = { cwd: place.home, env: settings(place), encoding: "utf8", maxBuffer: 2 ** 26 };
  const { status, stdout, stderr } = spawnSync(program, args, options);
  assert.equal(status, 0, `${command} ended with ${status}\n${`${stdout}${stderr}`.slice(-3000)}`);
  return stdout;
}

/** Starts a command as the user with no network but this machine's own, within the memory group, on two cores. */
function fenced(command, place) {
  const inside = `ip link set lo up && echo $$ > ${group}/cgroup.procs && exec taskset -c 0,1 ${toUser.join(" ")} '${command}'`;
  const child = spawn("unshare", ["--net", "sh", "-c", inside], {
    cwd: place.home,
    env: settings(place),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
  return { child, out: () => said };
}

/** Times from the start of the image to JupyterLab, to the service, and to the answer of a first cell. */
async function firstCell(place) {
  const command =
    "./binder/start jupyter lab --no-browser --ip=127.0.0.1 --port=8888 --IdentityProvider.token=binder & node tools/binder-cell.mjs";
  const { child, out } = fenced(command, place);
  await ended(child);
  const told = out()
    .split("\n")
    .find((line) => line.startsWith('{"lab"'));
  assert.ok(told, out().slice(-3000));
  figures.first = JSON.parse(told);
  assert.equal(figures.first.text, "42");
}

/** Looks at what the group holds beside the files that the kernel keeps; the answer ends it and gives the most. */
function watchMemory() {
  let most = 0;
  const look = setInterval(() => {
    const [, bytes] = /^total_rss (\d+)$/m.exec(readFileSync(join(group, "memory.stat"), "utf8"));
    most = Math.max(most, Number(bytes) / 2 ** 20);
  }, 100);
  return () => {
    clearInterval(look);
    return Math.round(most);
  };
}

/** The code with which a fenced command has ended, once what it left running is ended too and its output is whole. */
async function ended(child) {
  const closed = new Promise((resolve) => child.once("close", resolve));
  const code = await new Promise((resolve) => child.once("exit", resolve));
  await endGroup();
  await closed;
  return code;
}

/** Ends every process of the group, by its id. */
async function endGroup() {
  const left = () => readFileSync(join(group, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
  for (let k = 0; left().length > 0; k++) {
    for (const pid of left()) {
      try {
        process.kill(pid, k < 50 ? "SIGTERM" : "SIGKILL");
      } catch {} // it has just ended
    }
    await sleep(100);
  }
}

function page() {
  const { first, notebooks, build, sizeMb, peakMb, jupyterlab } = figures;
  const load = loadavg()[0].toFixed(1);
  return `# Binder

\`binder/\` is what [repo2docker](https://repo2docker.readthedocs.io) makes an image of, for mybinder.org or a BinderHub of your own: \`environment.yml\` is its
environment, \`postBuild\` builds the packages and makes the database, \`start\` starts PostgreSQL beside JupyterLab. The address depends on where your copy of this
repository lies: \`https://mybinder.org/v2/gh/OWNER/REPOSITORY/HEAD?urlpath=lab/tree/notebooks/quickstart.ipynb\`, or \`/v2/git/\` with the whole address,
percent-encoded.

The image has neither the Kepler table nor, as a rule, a way to NASA's archive: \`ml.kepler()\` then generates rows of the same shape and says so. The
other notebooks bring their tables or make them. \`ASSAY_FAST=1\` is set: notebooks take their small path, and say so.

## Tried

Written by \`npm run binder\`, which reads the Dockerfile that repo2docker ${repo2docker} prints for this repository, and then does in a clean folder, as an ordinary
user made for it, what that Dockerfile does: the environment, \`postBuild\`, \`start\`. Notebooks and first cell run in a network namespace that holds nothing but
the loopback, in a memory group of ${memoryMb / 1024} GB, on two cores (${cpus()[0].model.trim()}, load ${load}). Not tried: an image built by Docker, and conda-forge, whose packages are
taken from PyPI by the same names and versions.

| what | measured |
| --- | --- |
| JupyterLab | ${jupyterlab} |
| postBuild | ${build.toFixed(0)} s |
| the repository afterwards | ${sizeMb} MB |
| start to JupyterLab | ${first.lab.toFixed(1)} s |
| start to the answer of the first cell, which imports both packages | ${first.cell.toFixed(1)} s |
| start to the service's \`/ready\` behind JupyterLab | ${first.ready.toFixed(1)} s |
${notebooks.map(([name, time]) => `| ${name} | ${time.toFixed(0)} s |`).join("\n")}
| most memory of all processes | ${peakMb} MB |
`;
}
