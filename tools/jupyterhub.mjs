// Two users of a real JupyterHub, one service: neither sees the other's projects. Needs jupyterhub, jupyterlab and assay-jupyter on PATH, and
// configurable-http-proxy; without jupyterhub it says that it is skipped.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePorts } from "./free-ports.mjs";
import { commandOf, memoryOf, processesWith } from "./processes.mjs";

if (spawnSync("jupyterhub", ["--version"]).status !== 0) {
  console.log("skipped: jupyterhub is not installed");
  process.exit(0);
}
const work = mkdtempSync(join(tmpdir(), "assay-hub-"));
const home = join(work, "home");
mkdirSync(home);
for (const folder of [work, home]) chmodSync(folder, 0o755);
const assay = process.env["ASSAY_LAB"] ?? fileURLToPath(new URL("../library/lab/bin/assay.mjs", import.meta.url));
const [hubPort, proxyPort, apiPort, servicePort] = await freePorts(4);
const adminToken = randomBytes(32).toString("hex");
const url = `http://127.0.0.1:${servicePort}`;
const hubApi = `http://127.0.0.1:${hubPort}/hub/api`;
const children = [];
const firstCell = `import * as ml from "assay";
import { connect } from "assay-lab";
const lab = await connect();
const rows = Array.from({ length: 1000 }, (_, i) => ({ a: i, b: (i * 7) % 11, y: i % 3 === 0 }));
const forest = await ml.randomForestClassifier().fit(ml.table(rows), { target: "y" });`;
let passed = 0;
let failed = 0;

try {
  const shared = { ...process.env, ASSAY_HOME: home, ASSAY_WORKERS: "0" };
  start("service", process.execPath, [assay, "serve", "--port", String(servicePort)], { ...shared, JUPYTERHUB_API_URL: hubApi });
  await until(() => fetch(`${url}/health`).then(({ ok }) => ok));
  writeFileSync(join(work, "jupyterhub_config.py"), hubConfig());
  start("hub", "jupyterhub", ["-f", join(work, "jupyterhub_config.py")], process.env);
  await until(() => fetch(`${hubApi}/`).then(({ ok }) => ok));
  await tryTwoUsers();
  if (process.argv.includes("--memory")) console.log(`memory in MB: ${JSON.stringify(await memoryOfUsers())}`);
} catch (error) {
  failed++;
  console.log(`FAIL ${error.stack}`);
} finally {
  for (const { child } of children.reverse()) await end(child);
  spawnSync(process.execPath, [assay, "db", "stop"], { env: { ...process.env, ASSAY_HOME: home } });
  if (failed) for (const { name, log } of children) console.log(`--- ${name}\n${readFileSync(log, "utf8").slice(-4000)}`);
  rmSync(work, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);

async function tryTwoUsers() {
  const [alice, bob] = [await openServer("alice"), await openServer("bob")];
  const me = await alice("GET", "/api/auth/me");
  check(
    "the hub's user is the user of the service",
    me.body.user?.username === "alice" && me.body.user.signs_in_by === "jupyterhub",
    me,
  );
  check("nobody of the hub administers", me.body.user?.admin === false, me);
  const project = (await alice("POST", "/api/projects", { name: "secret" })).body.project?.project_id;
  const run = await alice("POST", "/api/ml/runs", { experiment: "mine" });
  check("a user writes a run", run.status === 201, run);
  const runId = run.body.run_id;
  const projects = await bob("GET", "/api/projects?which=all");
  check("another sees no project but their own", projects.body.items?.every(({ owner }) => owner === "bob") === true, projects);
  for (const [name, path] of [
    ["project", `/api/projects/${project}`],
    ["project's runs", `/api/ml/experiments/list?project_id=${project}`],
    ["run", `/api/ml/experiments/${runId}`],
    ["default project", `/api/ml/datasets?project_id=${me.body.project_id}`],
  ]) {
    const answer = await bob("GET", path);
    check(`another's ${name} is not there`, answer.status === 404, answer);
  }
  const own = await bob("GET", "/api/ml/experiments/list");
  check("another's list is empty", own.body.items?.length === 0, own);
  const foreign = await bob.at("alice")("GET", "/api/auth/me");
  check("a user does not reach another's server", [403, 404].includes(foreign.status), foreign);
  const put = await alice("PUT", `/api/projects/${project}/members/bob`, { role: "viewer" });
  check("an owner lets another in", put.status === 200 && (await bob("GET", `/api/projects/${project}`)).status === 200, put);
  const refused = await bob("POST", `/api/ml/runs?project_id=${project}`, { experiment: "x" });
  check("a viewer writes nothing", refused.status === 403, refused);
  const forged = await fetch(`${url}/api/auth/jupyterhub`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-assay": "1" },
    body: JSON.stringify({ hub_token: "0".repeat(64) }),
  });
  check("a token that the hub does not know is refused", forged.status === 401, forged.status);
  const page = await fetch(`http://127.0.0.1:${proxyPort}/user/alice/assay/api/auth/me`, { redirect: "manual" });
  check("nobody signed in at the hub reaches nothing", [302, 403].includes(page.status), page.status);
  const crossed = await alice("POST", "/api/projects", { name: "forged" }, { origin: "https://evil.example" });
  check("a foreign page changes nothing", crossed.status !== 201, crossed);
}

/** What the hub takes, what a user's server takes, and what their kernel takes once a cell has brought both packages in and fitted a model. */
async function memoryOfUsers() {
  const carol = await openServer("carol");
  const take = (pids, matching) => pids.reduce((sum, pid) => sum + (matching.test(commandOf(pid)) ? memoryOf(pid) : 0), 0);
  const ofCarol = () => processesWith("JUPYTERHUB_USER=carol");
  await sleep(5000);
  const [server, relay] = [/jupyterhub-singleuser|ipykernel|python/, /assay(\.mjs)? serve/].map((each) => take(ofCarol(), each));
  const { id } = (await carol.jupyter("POST", "/api/kernels", { name: "assay" })).body;
  await runCell(carol.socket(`/api/kernels/${id}/channels`), firstCell);
  const kernel = take(ofCarol(), /./) - server - relay;
  const hub = children.find(({ name }) => name === "hub").child.pid;
  const proxy = spawnSync("pgrep", ["-P", String(hub)], { encoding: "utf8" })
    .stdout.split("\n")
    .filter(Boolean);
  const service = children.find(({ name }) => name === "service").child.pid;
  const around = { hub: memoryOf(hub), proxy: take(proxy, /configurable-http-proxy/), service: memoryOf(service) };
  const whole = Object.entries({ server, relay, kernel, ...around }).map(([name, mb]) => [name, Math.round(mb)]);
  return Object.fromEntries(whole);
}

/** Runs a cell in a kernel by the Jupyter protocol. Throws where it fails. */
function runCell(url, code) {
  const header = { msg_id: "cell", msg_type: "execute_request", username: "carol", session: "memory", version: "5.3" };
  const content = { code, silent: false, store_history: true, allow_stdin: false, stop_on_error: true, user_expressions: {} };
  const asked = { channel: "shell", header: { ...header, date: new Date() }, parent_header: {}, metadata: {}, content };
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.onopen = () => socket.send(JSON.stringify(asked));
    socket.onerror = (event) => reject(new Error(`the kernel's channels: ${event.message}`));
    socket.onmessage = ({ data }) => {
      const { msg_type, content } = JSON.parse(data);
      if (msg_type !== "execute_reply") return;
      socket.close();
      if (content.status === "ok") resolve();
      else reject(new Error(`the cell: ${content.evalue}`));
    };
  });
}

/** Starts a user's server; asks through it with a token of theirs. */
async function openServer(name) {
  await hub("POST", `/users/${name}`);
  await hub("POST", `/users/${name}/server`);
  await until(async () => (await hub("GET", `/users/${name}`)).servers?.[""]?.ready === true);
  const { token } = await hub("POST", `/users/${name}/tokens`, { note: "test" });
  const asker =
    (owner, below = "/assay") =>
    async (method, path, body, headers = {}) => {
      const answer = await fetch(`http://127.0.0.1:${proxyPort}/user/${owner}${below}${path}`, {
        method,
        redirect: "manual",
        headers: {
          authorization: `token ${token}`,
          "x-assay": "1",
          ...(body && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text.startsWith("{") ? JSON.parse(text) : text.slice(0, 300) };
    };
  const own = asker(name);
  await until(async () => (await own("GET", "/health")).status === 200);
  const socket = (path) => `ws://127.0.0.1:${proxyPort}/user/${name}${path}?token=${token}`;
  return Object.assign(own, { at: asker, jupyter: asker(name, ""), socket });
}

async function hub(method, path, body) {
  const answer = await fetch(`${hubApi}${path}`, {
    method,
    headers: { authorization: `token ${adminToken}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`hub: ${method} ${path} answered ${answer.status} ${text.slice(0, 300)}`);
  return text ? JSON.parse(text) : {};
}

function hubConfig() {
  const environment = {
    ASSAY_URL: url,
    ASSAY_LAB: assay,
    ASSAY_NODE: process.execPath,
    NODE_OPTIONS: process.env["NODE_OPTIONS"] ?? "",
  };
  return `
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.Authenticator.allow_all = True
c.JupyterHub.bind_url = "http://127.0.0.1:${proxyPort}"
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = ${hubPort}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${apiPort}"
c.JupyterHub.db_url = "sqlite:///${work}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "${work}/cookie_secret"
c.ConfigurableHTTPProxy.pid_file = "${work}/proxy.pid"
c.JupyterHub.services = [{"name": "test", "api_token": "${adminToken}", "admin": True}]
c.JupyterHub.load_roles = [{"name": "tester", "scopes": ["admin:users", "admin:servers", "tokens"], "services": ["test"]}]
c.SimpleLocalProcessSpawner.home_dir_template = "${work}/users/{username}"
c.Spawner.args = ["--allow-root"]
c.Spawner.environment = ${JSON.stringify(environment)}
c.Spawner.http_timeout = 60
`;
}

function start(name, command, args, env) {
  const log = join(work, `${name}.log`);
  const out = openSync(log, "a");
  children.push({ name, log, child: spawn(command, args, { env, cwd: work, stdio: ["ignore", out, out] }) });
}

async function end(child) {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await Promise.race([gone, sleep(15_000)]);
  child.kill("SIGKILL");
}

async function until(asked, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; ; await sleep(300)) {
    if (await asked().catch(() => false)) return;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for ${asked}`);
  }
}

function check(name, holds, answer) {
  if (holds) passed++;
  else failed++;
  console.log(holds ? `ok   ${name}` : `FAIL ${name}: ${JSON.stringify(answer).slice(0, 400)}`);
}
