import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { uploadDataset } from "../../datasets/index.ts";
import { backup } from "../../db/backup.ts";
import { crashJobs, endJob } from "../../jobs/leases.ts";
import { connect } from "../../lab.ts";
import { makeLogger } from "../../log.ts";
import type { Opened, Session } from "../../projects/session.ts";
import { flowers } from "../../testing/flowers.ts";
import { pdfText } from "../../testing/pdf-text.ts";
import { type Answered, type Ask, asking, askingWith, cookieOf } from "../../testing/signed-in.ts";
import { testSession } from "../../testing/test-session.ts";
import { type App, makeApp } from "../app.ts";
import { canaries, found, secretAddress } from "./canaries.ts";
import { noteResult } from "./results.ts";

let opened: Opened & { readonly home: string };
let app: App;
let logged = "";
let stranger: Ask;
let ada: Ask;
let cookie = "";
/** Ada's project. */
let hers: Session;
/** Of ada, made by the service. */
let token = "";
/** Ada's run, to which secrets are told in every place that takes words. */
let run = "";
const counts: Record<string, number> = {};
const kept = (text: string): string[] => found(text, { token });

beforeAll(async () => {
  opened = await testSession();
  vi.stubEnv("ASSAY_TOKEN", canaries.operatorToken);
  vi.stubEnv("HF_TOKEN", canaries.modelHubToken);
  vi.stubEnv("DATABASE_URL", process.env["DATABASE_URL"]!.replace("assay@", `assay:${canaries.databasePassword}@`));
  vi.stubEnv("LOG_LEVEL", "trace");
  const log = makeLogger("http", { write: (line: string) => (logged += line) } as never);
  app = await makeApp(opened.session, { signIn: true, token: canaries.operatorToken, logger: log as never });
  stranger = asking(app);
  const signedIn = await stranger("POST", "/api/auth/register", { username: "ada", password: canaries.password });
  cookie = cookieOf(signedIn);
  ada = askingWith(app, signedIn);
  token = (await ada("POST", "/api/auth/tokens", { name: "nightly" })).body.token;
  const { project_id: projectId, user } = (await ada("GET", "/api/auth/me")).body;
  hers = { ...opened.session, projectId, userId: user.user_id };
  await uploadDataset(hers, flowers(), { name: "flowers" });
});
afterAll(async () => {
  await app.close();
  await opened.close();
  vi.unstubAllEnvs();
});

/** Tells that no secret stands in texts, and how many of them there are of a kind. */
function expectNone(kind: string, texts: readonly (readonly [where: string, text: string])[]): void {
  counts[kind] = (counts[kind] ?? 0) + texts.length;
  expect(texts.flatMap(([where, text]) => kept(text).map((name) => `${where}: ${name}`))).toEqual([]);
}
const told = (answers: readonly Answered[]) =>
  answers.map(({ body, headers }, k) => [`answer ${k}`, JSON.stringify([body, headers])] as const);

test("answers to signing in, well or badly, hold none", async () => {
  const operator = asking(app, { authorization: `Bearer ${canaries.operatorToken}` });
  const answers = [
    await stranger("POST", "/api/auth/login", { username: "ada", password: canaries.wrongPassword }),
    await stranger("POST", "/api/auth/login", { username: canaries.wrongPassword.slice(0, 20), password: 3 as never }),
    await stranger("GET", `/api/ml/datasets?token=${token}`),
    await asking(app, { authorization: `Bearer ${canaries.bearer}` })("GET", "/api/ml/datasets"),
    await ada("GET", "/api/auth/me"),
    await ada("GET", "/api/auth/tokens"),
    await operator("GET", "/api/ml/jobs"),
    await ada("GET", "/metrics"),
    await ada("GET", "/api/activity"),
    await ada("GET", "/api/openapi.json"),
    await stranger("GET", "/ready"),
  ];
  expectNone("answers", told(answers));
});

test("a run that is told them everywhere holds none", async () => {
  const made = await ada("POST", "/api/ml/runs", {
    experiment: "secrets",
    name: `from ${secretAddress}`,
    params: { hub_token: canaries.modelHubToken, nested: { password: canaries.databasePassword }, url: secretAddress },
    environment: { HF_TOKEN: canaries.modelHubToken, DATABASE_URL: secretAddress },
    notes: `read from ${secretAddress}, by ${token}`,
    description: `Authorization: Bearer ${canaries.bearer}`,
    tags: { api_key: canaries.modelHubToken },
    code: { cell: `await connect({ url, token: "${token}" })` },
  });
  run = made.body.run_id;
  const at = `/api/ml/runs/${run}`;
  const answers = [
    made,
    await ada("POST", `${at}/params`, { params: { secret: canaries.bearer } }),
    await ada("POST", `${at}/logs`, {
      lines: [{ level: "error", message: `cannot reach ${secretAddress} with HF_TOKEN=${canaries.modelHubToken}` }],
    }),
    await ada("POST", `${at}/finish`, {
      run_status: "failed",
      error: `Bearer ${canaries.bearer} refused by ${secretAddress}`,
      stack: `at ${secretAddress}`,
    }),
    await ada("GET", at),
    await ada("GET", `${at}/logs`),
    await ada("GET", "/api/ml/experiments/list"),
  ];
  expect(JSON.stringify(answers[4]!.body)).toContain("[redacted]");
  expectNone("answers", told(answers));
});

test("jobs whose arguments hold them in words of people, and that fail with them, tell none", async () => {
  const training = { dataset_id: "flowers", target_column: "kind", algorithm: "dummy" };
  const made = await ada("POST", "/api/ml/experiments/create", {
    ...{ name: "jobs", ...training, run_name: `with ${secretAddress}`, description: `Bearer ${canaries.bearer}` },
    tags: { api_key: canaries.modelHubToken, from: secretAddress },
  });
  const work = { kind: "train", request: training, experiment: "jobs", run_name: `by ${token}` };
  const sent = await ada("POST", "/api/ml/jobs", work);
  const error = `cannot reach ${secretAddress} with HF_TOKEN=${canaries.modelHubToken}`;
  await endJob(hers, await taken(made.body.job_id), "failed", { error, stack: `at ${error}` });
  await crashJobs(opened.session.db, [await taken(sent.body.job_id)], error);
  const ids = [made, sent].map(({ body }) => body.job_id);
  const looked = ["/jobs", ...ids.flatMap((id) => [`/jobs/${id}`, `/jobs/${id}/logs`]), `/runs/${made.body.experiment_id}`];
  const answers = [made, sent, ...(await Promise.all(looked.map((path) => ada("GET", `/api/ml${path}`))))];
  expect(answers[3]!.body.job).toMatchObject({ job_status: "failed", error: expect.stringContaining("[redacted]") });
  expectNone("answers", told(answers));
});

/** A job that is waiting, in the hands of a worker. */
async function taken(jobId: string) {
  const { rows } = await sql<{ attempt: number; run_id: string }>`update jobs set status = 'running', attempt = attempt + 1
    where id = ${jobId} returning attempt, run_id`.execute(opened.session.db);
  await sql`update runs set status = 'training', attempt = ${rows[0]!.attempt} where id = ${rows[0]!.run_id}`.execute(
    opened.session.db,
  );
  return { jobId, runId: rows[0]!.run_id, attempt: rows[0]!.attempt };
}

test("reports as HTML and as PDF hold none", async () => {
  const ask = (format: string) => app.inject({ url: `/api/ml/experiments/${run}/report?format=${format}`, headers: { cookie } });
  const [html, pdf] = [await ask("html"), await ask("pdf")];
  const printed = pdfText(pdf.rawPayload);
  expect(printed).toContain("[redacted]");
  expectNone("reports", [
    ["HTML", html.body],
    ["PDF", printed],
    ["the PDF's bytes", pdf.rawPayload.toString("latin1")],
  ]);
});

test("event streams of a run and of the project tell none", async () => {
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const ofRun = await (await fetch(`${url}/api/ml/experiments/${run}/events`, { headers: { cookie } })).text();
  expect(ofRun).toContain("[redacted]");
  const project = await fetch(`${url}/api/ml/events?after=0`, { headers: { cookie } });
  const reader = project.body!.getReader();
  let ofProject = "";
  while (!/"job_status":"failed"/.test(ofProject)) ofProject += new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
  expectNone("streams", [
    ["of the run", ofRun],
    ["of the project", ofProject],
  ]);
});

test("a cell whose run fails with one keeps none", async () => {
  const lab = await connect();
  const failing = lab.experiment("cells").run("failing", async (tracked) => {
    await tracked.params({ apiKey: canaries.modelHubToken });
    throw new Error(`cannot reach ${secretAddress}`);
  });
  await expect(failing).rejects.toThrow("cannot reach");
  expectNone("answers", [["runs", JSON.stringify(await lab.runs({ filter: "experiment = 'cells'" }))]]);
  await lab.close();
});

test("no table holds one", async () => {
  const { rows: tables } = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(opened.session.db);
  const texts = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await sql<{
        text: string | null;
      }>`select string_agg(t::text, chr(10)) as text from ${sql.table(name)} t`.execute(opened.session.db);
      return [name, rows[0]?.text ?? ""] as const;
    }),
  );
  expect(texts.find(([name]) => name === "runs")![1]).toContain("[redacted]");
  expectNone("tables", texts);
});

test("no file of the home and of a backup holds one", async () => {
  await backup(opened.server, join(opened.home, "backup"), { release: "0.1.0", store: opened.session.store });
  const files = filesBelow(opened.home);
  expect(files.some(([path, text]) => path.includes("backup") && text.includes("[redacted]"))).toBe(true);
  expectNone("files", files);
});

test("no line of the log holds one", () => {
  const lines = logged.trim().split("\n");
  expect(lines.length).toBeGreaterThan(20);
  expectNone(
    "log lines",
    lines.map((line, k) => [`line ${k}`, line] as const),
  );
  noteResult("secrets", { planted: Object.keys(canaries).length + 1, ...counts });
});

/** Every file below a folder as text, packed ones unpacked. */
function filesBelow(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => [path, String(path.endsWith(".gz") ? gunzipSync(readFileSync(path)) : readFileSync(path))]);
}
