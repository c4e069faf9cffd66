// Monitoring over a long log of predictions, and online features: ninety days of a model with twenty columns, filled by generate_series.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../assay.mjs";
import { root } from "../setup.mjs";

const load = (path) => import(pathToFileURL(join(root, "library/lab/src", path)).href);
const days = 90;
const columns = 20;

/** Lines of `npm run bench -- monitoring`. */
export async function benchMonitoring({ isSmall, line }) {
  process.env.ASSAY_HOME ??= temporaryFolder("monitoring");
  const { openSession } = await load("projects/session.ts");
  const { session, close } = await openSession();
  const count = isSmall ? 200_000 : 10_000_000;
  const versionId = await fillLog(session, count);
  const { checkMonitors, createMonitor, modelDrift, modelPerformance } = await load("registry/index.ts");
  const window = { from: new Date(Date.now() - days * 86_400_000).toISOString(), step: "day" };
  const drift = await percentiles(5, () => modelDrift(session, versionId, window));
  line("drift of 90 days, 20 columns", `${ms(drift.p50)}`, "≤ 1 s", `over ${count.toLocaleString("en")} predictions`);
  const week = { step: "day" };
  const performance = await percentiles(5, () => modelPerformance(session, versionId, week));
  line(
    "performance of a week from outcomes",
    ms(performance.p50),
    "≤ 3 s",
    `${Math.round(count / 10).toLocaleString("en")} outcomes`,
  );
  await createMonitor(session, "watched", { name: "inputs", measure: "input_drift", threshold: 0.25 });
  const check = await percentiles(20, () => checkMonitors(session));
  line("a look at one monitor", ms(check.p50), "≤ 50 ms");
  await benchOnline(session, isSmall ? 20_000 : 1_000_000, line);
  await close();
}

const ms = (value) => `${value.toFixed(1)} ms`;

async function percentiles(times, work) {
  const taken = [];
  for (let k = 0; k < times; k++) {
    const begin = performance.now();
    await work(k);
    taken.push(performance.now() - begin);
  }
  taken.sort((a, b) => a - b);
  return { p50: taken[Math.floor(taken.length / 2)], p99: taken[Math.min(taken.length - 1, Math.floor(0.99 * taken.length))] };
}

async function fillLog(session, count) {
  const { random } = await import("assay");
  const { binsOf } = await load("registry/drift-bins.ts");
  const { sketchSize } = await load("registry/drift-profile.ts");
  const { insertSketch } = await load("registry/monitor-sketch.ts");
  const { sql } = await import("kysely");
  const { v7: uuidv7 } = await import("uuid");
  const { db, projectId } = session;
  const [modelId, versionId, profileId] = [uuidv7(), uuidv7(), uuidv7()];
  const draw = random(7, "monitoring");
  const cells = Array.from({ length: 5000 }, () => draw.normal());
  const names = Array.from({ length: columns }, (_, j) => `x${j}`);
  const profile = {
    columns: names.map((name) => binsOf(name, "number", cells, 50)),
    prediction: binsOf("y", "category", ["a", "b"], 50),
  };
  const signature = { columns: names.map((name) => ({ name, kind: "number" })), target: "y", classes: ["a", "b"] };
  await db.insertInto("models").values({ id: modelId, project_id: projectId, name: "watched" }).execute();
  await db
    .insertInto("model_versions")
    .values({
      ...{ id: versionId, project_id: projectId, model_id: modelId, version: "1.0.0", status: "production", run_id: null },
      ...{ algorithm: "bench", task: "classification", params: "{}", metrics: "{}", tags: "{}", prior: null },
      ...{
        signature: JSON.stringify(signature),
        dataset_version_id: null,
        content_hash: "",
        size_bytes: 0,
        file: "",
        created_by: null,
      },
    })
    .execute();
  await db
    .insertInto("model_profiles")
    .values({
      model_version_id: versionId,
      project_id: projectId,
      id: profileId,
      dataset: null,
      row_count: 5000,
      profile: JSON.stringify(profile),
    })
    .execute();
  await sql`insert into predictions (id, project_id, model_version_id, source, row_count, inputs_hash, prediction, latency_ms, at)
    select uuidv7(at - clock_timestamp()), ${projectId}::uuid, ${versionId}::uuid, 'advanced', 1, '', case when i % 3 = 0 then '["a"]'::jsonb else '["b"]' end, 1, at
    from (select i, now() - i * interval '1 second' * ${(days * 86_400) / count}::float8 as at from generate_series(1, ${count}::integer) i) rows`.execute(
    db,
  );
  await sql`insert into outcomes (prediction_id, project_id, model_version_id, predicted_at, actual)
    select id, project_id, model_version_id, at, case when latency_ms > 0 and hashtext(id::text) % 4 = 0 then '"a"'::jsonb else '"b"' end
    from predictions where hashtext(id::text) % 10 = 0`.execute(db);
  await sql`analyze`.execute(db);
  const size = sketchSize(profile);
  await db.transaction().execute(async (work) => {
    for (let hour = 0; hour < 24 * days; hour++) {
      const rows = Math.round(count / (24 * days));
      const sketch = { requests: rows, rows, basicRows: 0, emergencyRows: 0, latencySumMs: rows, latencyMaxMs: 1 };
      const at = new Date((Math.floor(Date.now() / 3_600_000) - hour) * 3_600_000);
      await insertSketch(session, work, versionId, at, profileId, {
        ...sketch,
        counts: new Float64Array(size).fill(Math.ceil(rows / 50)),
      });
    }
  });
  return versionId;
}

async function benchOnline(session, keys, line) {
  const { sql } = await import("kysely");
  const { v7: uuidv7 } = await import("uuid");
  const { onlineFeatures } = await load("datasets/index.ts");
  const { db, projectId } = session;
  const id = uuidv7();
  const names = Array.from({ length: columns }, (_, j) => `f${j}`);
  await db
    .insertInto("feature_views")
    .values({
      ...{ id, project_id: projectId, name: "people", version: 1, source: JSON.stringify({ kind: "dataset", datasets: {} }) },
      ...{ entity: "key", event_time: "at", ttl_seconds: null, owner: null },
      columns: JSON.stringify(names.map((name) => ({ name, kind: "number" }))),
    })
    .execute();
  const values = JSON.stringify(Object.fromEntries(names.map((name, j) => [name, j / 7])));
  await sql`insert into feature_rows (feature_view_id, key, project_id, event_at, "values")
    select ${id}::uuid, 'user-' || i, ${projectId}::uuid, now(), ${values}::jsonb from generate_series(1, ${keys}::integer) i`.execute(
    db,
  );
  const one = await percentiles(2000, (k) => onlineFeatures(session, "people", [`user-${1 + ((k * 7919) % keys)}`]));
  line(
    "online features of one key",
    `p99 ${ms(one.p99)}`,
    "p99 ≤ 10 ms",
    `p50 ${ms(one.p50)}, ${keys.toLocaleString("en")} keys, 20 features`,
  );
  const many = await percentiles(200, (k) =>
    onlineFeatures(
      session,
      "people",
      Array.from({ length: 100 }, (_, i) => `user-${1 + ((k * 7919 + i * 104_729) % keys)}`),
    ),
  );
  line("online features of a hundred keys", `p99 ${ms(many.p99)}`, "p99 ≤ 30 ms", `p50 ${ms(many.p50)}`);
}
