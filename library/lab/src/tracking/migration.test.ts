import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import { expect, test } from "vitest";
import { socketFolder } from "../db/home.ts";

const folder = new URL("../db/migrations/", import.meta.url);

/** An empty database of its own, and how migrations are applied to it. */
async function emptyDatabase() {
  const name = `old_${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  const connection = { host: socketFolder(process.env["ASSAY_TEST_HOME"]!), port: 5432, user: "assay" };
  const admin = new pg.Client({ ...connection, database: "postgres" });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const client = new pg.Client({ ...connection, database: name });
  await client.connect();
  const apply = async (wanted: (file: string) => boolean): Promise<void> => {
    for (const file of readdirSync(folder).sort().filter(wanted)) await client.query(readFileSync(new URL(file, folder), "utf8"));
  };
  return { client, apply };
}

const [user, project, experiment, run] = [1, 2, 3, 4].map((k) => `01900000-0000-7000-8000-00000000000${k}`);

test("runs of an earlier release have their values by name, and their summary goes on", async () => {
  const { client, apply } = await emptyDatabase();
  await apply((file) => file < "0004");
  await client.query(`
    insert into users (id, username) values ('${user}', 'me');
    insert into projects (id, owner_id, name) values ('${project}', '${user}', 'default');
    insert into experiments (id, project_id, name) values ('${experiment}', '${project}', 'old');
    insert into runs (id, project_id, experiment_id, name, params, tags) values
      ('${run}', '${project}', '${experiment}', 'old', '{"maxDepth": 3, "criterion": "gini", "rate": "NaN"}', '{"team": "a"}');
    insert into run_metrics (run_id, name, split, step, value) values
      ('${run}', 'loss', 'train', 0, 5), ('${run}', 'loss', 'train', 2, 1), ('${run}', 'loss', 'train', 1, 'NaN');`);
  await apply((file) => file >= "0004");
  const { rows } = await client.query("select kind, name, value, low, high, points, text from run_values order by kind, name");
  expect(rows).toEqual([
    { kind: "metric", name: "train.loss", value: 1, low: 1, high: 5, points: "3", text: null },
    { kind: "param", name: "criterion", value: null, low: null, high: null, points: null, text: "gini" },
    { kind: "param", name: "max_depth", value: 3, low: null, high: null, points: null, text: "3" },
    { kind: "param", name: "rate", value: Number.NaN, low: null, high: null, points: null, text: "NaN" },
    { kind: "tag", name: "team", value: null, low: null, high: null, points: null, text: "a" },
  ]);
  const after = await client.query(`select summarised_id >= (select max(id) from run_metrics) as up from runs`);
  expect(after.rows).toEqual([{ up: true }]);
  await client.query("delete from runs");
  expect(
    (await client.query("select (select count(*) from run_values) + (select count(*) from run_metrics) as left")).rows,
  ).toEqual([{ left: "0" }]);
  await client.end();
});

test("what the machine did is no metric of an earlier release's runs any more", async () => {
  const { client, apply } = await emptyDatabase();
  await apply((file) => file < "0020");
  await client.query(`
    insert into users (id, username) values ('${user}', 'me');
    insert into projects (id, owner_id, name) values ('${project}', '${user}', 'default');
    insert into experiments (id, project_id, name) values ('${experiment}', '${project}', 'old');
    insert into runs (id, project_id, experiment_id, name, metrics) values ('${run}', '${project}', '${experiment}', 'old',
      '{"train.loss": 1, "train.system/cpu_utilization_percentage": 2, "system.memory_mb": 3}');
    insert into run_metrics (run_id, name, split, step, value) values
      ('${run}', 'loss', 'train', 0, 1), ('${run}', 'system/cpu_utilization_percentage', 'train', 0, 2), ('${run}', 'memory_mb', 'system', 0, 3);
    insert into run_values (run_id, project_id, kind, name, split, value) values
      ('${run}', '${project}', 'metric', 'train.loss', 'train', 1), ('${run}', '${project}', 'metric', 'system.memory_mb', 'system', 3),
      ('${run}', '${project}', 'metric', 'train.system/cpu_utilization_percentage', 'train', 2);`);
  await apply((file) => file >= "0020");
  expect((await client.query("select metrics from runs")).rows).toEqual([{ metrics: { "train.loss": 1 } }]);
  expect((await client.query("select name from run_values")).rows).toEqual([{ name: "train.loss" }]);
  expect((await client.query("select split, name from run_metrics order by value")).rows).toEqual([
    { split: "train", name: "loss" },
    { split: "system", name: "cpu_utilization_percentage" },
    { split: "system", name: "memory_mb" },
  ]);
  await client.end();
});
