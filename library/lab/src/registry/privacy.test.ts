import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ml from "assay";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { defineFeatureView, materialize, uploadDataset } from "../datasets/index.ts";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { trainedRun } from "../testing/trained-run.ts";
import {
  changeSettings,
  createAbTest,
  deployRun,
  eraseSubject,
  flushPredictions,
  flushShadows,
  keepUpload,
  listPredictionFiles,
  predict,
  predictFile,
  predictForUser,
  reportOutcomes,
} from "./index.ts";

/** Columns that name a person whom rows are about, and the erasure of each. */
const subjectColumns = [
  "ab_assignments.user_key",
  "ab_outcomes.user_key",
  "embeddings.entity",
  "feature_rows.key",
  "outcomes.user_key",
  "predictions.user_key",
  "prediction_files.people",
  "recommendation_feedback.user_key",
];
/** Columns of users who sign in, which are no subjects of predictions, and what looks alike. */
const others =
  /^(users|sessions|api_tokens|invitations|sign_in_failures|project_members|activity_log|people_settings)\.|\.user_id$/;

const session = sessionOfTests();
const canary = "canary-7f3a9c";
const other = "other-1b2c3d";
const row = { petal_length: 1.4, petal_width: 0.3, colour: "white" };

/** Tables that hold a text anywhere in any row. */
async function tablesWith(text: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`.execute(session().db);
  const found: string[] = [];
  for (const { name } of rows) {
    const hit = await sql`select from ${sql.id(name)} t where t::text like ${`%${text}%`} limit 1`.execute(session().db);
    if (hit.rows.length > 0) found.push(name);
  }
  return found;
}

function filesWith(text: string): string[] {
  const names = readdirSync(session().store.folder, { recursive: true }) as string[];
  const paths = names.map((name) => join(session().store.folder, name)).filter((path) => statSync(path).isFile());
  return paths.filter((path) => readFileSync(path).includes(text));
}

async function live(person: string, testName: string): Promise<void> {
  const { prediction_id } = await predict(session(), "watched", row, { userId: person });
  await predictForUser(session(), testName, row, { userId: person });
  await flushPredictions(session());
  await reportOutcomes(session(), [
    { prediction_id, truth: "aster" },
    { user_id: person, metric: "clicked", value: true },
  ]);
}

test("every column that can name a person is one that an erasure reaches", async () => {
  const { rows } = await sql<{ place: string }>`select table_name || '.' || column_name as place from information_schema.columns
    where table_schema = 'public' and (column_name ~ '(^|_)(user|subject|person|people|visitor|customer|entity)(_|$)' or column_name = 'key')
    order by 1`.execute(session().db);
  const found = rows.map(({ place }) => place).filter((place) => !others.test(place));
  const knownOtherwise = [
    "api_tokens.hint",
    "erasures.subject_hash", // a hash, kept so that late rows stay out
    "events.subject_id", // a run, a job, a model
    "feature_views.entity", // a column's name
    "job_checkpoints.key",
    "monitors.subject", // a column's name
    "prediction_files.user_column", // a column's name
    "recommendation_files.subject_id", // a run, a recommender
    "recommenders.user_count", // how many
  ];
  expect(found.filter((place) => !knownOtherwise.includes(place)).sort()).toEqual([...subjectColumns].sort());
});

test("one call erases a person from every table and file, and nobody else", async () => {
  await deployRun(session(), await trainedRun(session(), 4), { name: "watched" });
  await deployRun(session(), await trainedRun(session(), 2), { name: "watched" });
  await changeSettings(session(), "watched", { log: "values" });
  await createAbTest(session(), { test_name: "arms", model_a_id: "watched@1.0.0", model_b_id: "watched@1.1.0" });
  await createAbTest(session(), { test_name: "shade", model_a_id: "watched@1.0.0", model_b_id: "watched@1.1.0", shadow: true });
  for (const person of [canary, other]) {
    await live(person, "arms");
    await predictForUser(session(), "shade", row, { userId: person });
  }
  await flushShadows(300_000);
  await flushPredictions(session());

  const seen = new Date(Date.UTC(2026, 0, 1));
  const visits = [canary, other].map((person) => ({ person, seen, visits: 3 }));
  await uploadDataset(session(), ml.table(visits), { name: "visits" });
  await defineFeatureView(session(), {
    name: "visits",
    entity: "person",
    event_time: "seen",
    source: { kind: "dataset", datasets: { visits: "visits" } },
  });
  await materialize(session(), "visits");

  const folder = mkdtempSync(join(tmpdir(), "assay-privacy-"));
  const file = async (k: number, people: readonly string[]): Promise<void> => {
    const path = join(folder, `${k}.csv`);
    writeFileSync(path, ["who,colour,petal_length,petal_width", ...people.map((person) => `${person},white,1,0.3`)].join("\n"));
    const request = {
      file: await keepUpload(session(), path),
      fileName: "rows.csv",
      output: "csv",
      onBadRow: "error",
      userColumn: "who",
    } as const;
    const jobId = `01900000-0000-7000-8000-00000000000${k}`;
    await predictFile(session(), "watched@1.0.0", request, { jobId, signal: new AbortController().signal, progress: () => {} });
  };
  await file(1, [canary, other]);
  await file(2, [other]);

  expect(await tablesWith(canary)).toEqual(
    expect.arrayContaining(["ab_assignments", "ab_outcomes", "feature_rows", "outcomes", "predictions"]),
  );
  expect(filesWith(canary).length).toBeGreaterThan(0);
  const counts = await eraseSubject(session(), canary);
  expect(counts).toMatchObject({ assignments: 1, outcomes: 3, features: 1, prediction_files: 1 });
  expect(counts["predictions"]).toBe(5);
  expect(await tablesWith(canary)).toEqual([]);
  // what the person's own projects gave as a dataset is theirs to change; the offline rows go with the next materialisation
  await materialize(session(), "visits");
  const kept = filesWith(canary).map((path) => path.slice(session().store.folder.length + 1));
  expect(kept.filter((path) => !path.startsWith("datasets/"))).toEqual([]);
  expect(await tablesWith(other)).toEqual(
    expect.arrayContaining(["ab_assignments", "ab_outcomes", "feature_rows", "outcomes", "predictions"]),
  );
  const { items } = await listPredictionFiles(session());
  expect(items.map(({ rows, user_column }) => [rows, user_column])).toEqual([[1, "who"]]);
});

test("a file whose person is erased while it is predicted is not kept", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "assay-privacy-")), "late.csv");
  writeFileSync(path, "who,colour,petal_length,petal_width\nlate-4d5e6f,white,1,0.3\n");
  const request = {
    file: await keepUpload(session(), path),
    fileName: "late.csv",
    output: "csv",
    onBadRow: "error",
    userColumn: "who",
  } as const;
  const jobId = "01900000-0000-7000-8000-000000000009";
  let erasing: Promise<unknown> | undefined;
  const progress = (): void => void (erasing ??= eraseSubject(session(), "late-4d5e6f"));
  const signal = new AbortController().signal;
  const predicting = predictFile(session(), "watched@1.0.0", request, { jobId, signal, progress }).then(
    (result) => result.file_name,
    (error: Error) => error.message,
  );
  const said = await predicting;
  await erasing;
  expect(["late predicted.csv", expect.stringContaining("was erased meanwhile")]).toContainEqual(said);
  expect(filesWith("late-4d5e6f")).toEqual([]);
  expect(await tablesWith("late-4d5e6f")).toEqual([]);
});
