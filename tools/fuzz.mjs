// The OpenAPI document turned into requests by Schemathesis, good and bad ones, against a real service: none may end in a 5xx or in an answer
// that the document does not know, nor be answered to nobody known.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder, unhurried } from "./assay.mjs";
import { freePort } from "./free-ports.mjs";
import { node24, python, root, run } from "./setup.mjs";

const folder = temporaryFolder("fuzz");
const token = randomBytes(16).toString("hex");
const seconds = Number(process.env.ASSAY_FUZZ_SECONDS ?? 75);
const port = await freePort();
const base = `http://127.0.0.1:${port}`;
const seedNumber = process.env.ASSAY_FUZZ_SEED ?? "1";
/** The built program, or with ASSAY_FUZZ_SOURCE its sources. */
const program = process.env.ASSAY_FUZZ_SOURCE
  ? ["--conditions=assay-source", join(root, "library/lab/src/cli/main.ts")]
  : [join(root, "library/lab/bin/assay.mjs")];
const schemathesis = process.env.ASSAY_SCHEMATHESIS ?? join(dirname(python), "st");

/** Operations that Schemathesis has something to say of. */
function failedOf(out) {
  return [...out.matchAll(/^_+ ([A-Z]+ \/\S+) _+$/gm)].map(([, operation]) => operation);
}

/** A schema without tuples, whose `prefixItems` Schemathesis turns into the `items` of older drafts and then refuses: lists of as many, each of one of their kinds. */
function withoutTuples(value) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(withoutTuples);
  const { prefixItems, ...rest } = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutTuples(each)]));
  if (!Array.isArray(prefixItems)) return prefixItems === undefined ? rest : { ...rest, prefixItems };
  return { ...rest, items: { anyOf: prefixItems }, minItems: prefixItems.length, maxItems: prefixItems.length };
}

/** Operations that do not end, or that would end the session of the test itself. */
const leftOut = ["/events", "/api/auth/logout"];

function startService() {
  const child = spawn(node24(), [...program, "serve", "--port", String(port)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...unhurried,
      ASSAY_HOME: join(folder, "home"),
      ASSAY_TOKEN: token,
      ASSAY_WORKERS: "1",
      LOG_LEVEL: "error",
    },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log += text));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return { child, ended, log: () => log };
}

async function ask(method, path, body) {
  const form = body instanceof FormData;
  const answer = await fetch(base + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "x-assay": "1", ...(!form && body && { "content-type": "application/json" }) },
    ...(body && { body: form ? body : JSON.stringify(body) }),
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`);
  return json;
}

async function until(what, isSo) {
  for (const end = Date.now() + 240_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 200)))
    if (await isSo().catch(() => false)) return;
  throw new Error(`${what} did not come`);
}

/** A project with one of each thing; its ids by the place in a path where they stand. */
async function seed() {
  const rows = Array.from({ length: 80 }, (_, i) => [(i % 9) + 0.5, (i * 5) % 7, ["a", "b"][i % 2], i % 9 > 4 ? "high" : "low"]);
  const datasets = await upload("things", [["x", "y", "group", "level"], ...rows]);
  const visits = [1, 2, 3].map((day) => [`u${day}`, `2026-06-0${day}T00:00:00Z`, day]);
  await upload("visits", [["user_id", "seen_at", "visits_30d"], ...visits]);
  const training = { dataset_id: datasets, algorithm: "decision_tree", target_column: "level" };
  const { experiment_id } = await ask("POST", "/api/ml/experiments/create", { name: "fuzz", ...training });
  const { job_id } = await ask("POST", `/api/ml/experiments/${experiment_id}/train`);
  await until("the trained model", async () => {
    const { experiment } = await ask("GET", `/api/ml/experiments/${experiment_id}`);
    return experiment.status === "completed";
  });
  const versions = [];
  for (const promote of [true, false])
    versions.push(
      (await ask("POST", "/api/ml/models/deploy", { experiment_id, model_name: "things", promote_to_production: promote }))
        .model_id,
    );
  const work = { kind: "train", request: { ...training, algorithm: "dummy" } };
  const { schedule } = await ask("POST", "/api/ml/schedules", { name: "nightly", cron: "0 3 * * *", ...work });
  const monitorOf = { name: "x moves", measure: "input_drift", subject: "x", threshold: 0.2 };
  const { monitor } = await ask("POST", "/api/ml/models/things/monitors", monitorOf);
  const features = { x: 1.5, y: 2, group: "a" };
  const { prediction_id } = await ask("POST", "/api/ml/models/predict", { model_id: "things", features, user_id: "u1" });
  const abTest = { test_name: "fuzzed", model_a_id: versions[0], model_b_id: versions[1] };
  await ask("POST", "/api/ml/models/ab-test", abTest);
  const { study_id } = await ask("POST", "/api/ml/models/tune", { ...training, study: "fuzzed", n_trials: 4 });
  const { split_id } = await ask("POST", "/api/ml/data/split", { dataset_id: datasets, target_column: "level" });
  const drawn = { name: "xs", type: "histogram", configuration: { column: "x" } };
  const { chart } = await ask("POST", `/api/ml/datasets/${datasets}/charts`, drawn);
  const { view } = await ask("POST", "/api/ml/views", { kind: "experiments", name: "all", content: { columns: ["name"] } });
  const kept = { kind: "training", name: "tree", content: { algorithm: "decision_tree" } };
  const { template } = await ask("POST", "/api/ml/templates", kept);
  const source = { kind: "dataset", datasets: { visits: "visits" } };
  await ask("POST", "/api/ml/feature-views", { name: "visits", source, entity: "user_id", event_time: "seen_at" });
  await ask("POST", "/api/ml/feature-views/visits/materialize", {});
  const { project } = await ask("POST", "/api/projects", { name: "fuzzed" });
  const { token_info } = await ask("POST", "/api/auth/tokens", { name: "fuzzed" });
  await ask("POST", "/api/users", { username: "grace" });
  return {
    datasets: datasets,
    experiments: experiment_id,
    runs: experiment_id,
    models: versions[0],
    jobs: job_id,
    schedules: schedule.schedule_id,
    monitors: monitor.monitor_id,
    predictions: prediction_id,
    "ab-test": "fuzzed",
    studies: study_id,
    splits: split_id,
    charts: chart.chart_id,
    views: view.id,
    templates: template.id,
    "feature-views": "visits",
    projects: project.project_id,
    tokens: token_info.token_id,
    users: "grace",
    members: "grace",
  };
}

async function upload(name, rows) {
  const form = new FormData();
  form.set("name", name);
  form.set("file", new Blob([rows.map((row) => row.join(",")).join("\n")]), `${name}.csv`);
  return (await ask("POST", "/api/ml/datasets/upload", form)).dataset_id;
}

/** The document with the examples of path parameters replaced by what is there. */
async function writeDocument(ids) {
  const document = await ask("GET", "/api/openapi.json");
  for (const [path, methods] of Object.entries(document.paths)) {
    if (leftOut.some((part) => path.endsWith(part))) {
      delete document.paths[path];
      continue;
    }
    const known = new Map([...path.matchAll(/([\w-]+)\/\{(\w+)\}/g)].map(([, group, name]) => [name, ids[group]]));
    for (const { parameters = [] } of Object.values(methods))
      for (const parameter of parameters)
        if (parameter.in === "path" && known.get(parameter.name)) parameter.example = known.get(parameter.name);
  }
  const file = join(folder, "openapi.json");
  writeFileSync(file, JSON.stringify(withoutTuples(document)));
  return { file, operations: Object.values(document.paths).flatMap((methods) => Object.keys(methods)).length };
}

const { child, ended, log } = startService();
try {
  await until("the service", async () => (await fetch(`${base}/ready`)).ok);
  const { file, operations } = await writeDocument(await seed());
  const report = join(folder, "report.json");
  const { out } = await run(
    schemathesis,
    [
      ...["run", file, "--url", base],
      ...["-H", `Authorization: Bearer ${token}`, "-H", "X-Assay: 1"],
      ...["--checks", "not_a_server_error,content_type_conformance,response_schema_conformance,ignored_auth"],
      ...[
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        process.env.ASSAY_FUZZ_EXAMPLES ?? "6",
        "--max-time",
        String(seconds),
      ],
      ...["--workers", "2", "--seed", seedNumber, "--no-shrink", "--continue-on-failure", "--request-timeout", "60"],
      ...["--warnings", "off", "--report", "json", "--report-json-path", report],
    ],
    { cwd: folder },
  );
  if (process.env.ASSAY_FUZZ_REPORT) writeFileSync(process.env.ASSAY_FUZZ_REPORT, readFileSync(report));
  if (!/Test cases:/.test(out)) throw new Error(out.slice(-4000));
  const failed = failedOf(out);
  const cases = /(\d+) generated/.exec(out)?.[1];
  if (failed.length > 0) console.log(out.slice(out.search(/=+ (ERRORS|FAILURES) =+/)).slice(0, 20_000), log().slice(-6000));
  console.log(`${cases} requests to ${operations} operations`);
  console.log(`${operations - new Set(failed).size} passed, ${new Set(failed).size} failed`);
} finally {
  child.kill("SIGTERM");
  await ended;
  await run(node24(), [...program, "db", "stop", "--if-unused"], {
    env: { ASSAY_HOME: join(folder, "home") },
  });
}
