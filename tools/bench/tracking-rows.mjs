// Ten thousand runs in our tables and in MLflow's, the same ones, made by the database itself.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../setup.mjs";

/** The embedded server of ASSAY_HOME, started by opening our lab once. */
export async function ensureServer() {
  const { connect } = await import(pathToFileURL(join(root, "library/lab/dist/index.js")).href);
  await (await connect()).datasets.list();
  const host = join(process.env.ASSAY_HOME, "pg18");
  if (!existsSync(host)) throw new Error(`no database below ${host}`);
  return { host, port: 5432, user: "assay", database: "postgres" };
}

const algorithms = "(array['random_forest', 'ridge', 'svm', 'knn'])[1 + g % 4]";

/** Runs of experiment "bench" with ten parameters, two tags, and their metrics by step. */
export async function fillAssay(db, { runs, metrics, steps }) {
  const { rows } = await db.query("select id, project_id from experiments limit 1");
  const [{ project_id: project }] = rows;
  const experiment = "01900000-0000-7000-8000-00000000be7c";
  await db.query("insert into experiments (id, project_id, name) values ($1, $2, 'bench')", [experiment, project]);
  await db.query(
    `insert into runs (id, project_id, experiment_id, name, status, algorithm, task, params, tags, created_at, started_at, ended_at)
    select ('019000000000' || '7000' || '8000' || lpad(to_hex(g), 12, '0'))::uuid, $1, $2, 'run ' || g, 'completed', ${algorithms}, 'classification',
      (select jsonb_object_agg('param_' || p, (g * (p + 1)) % 97) from generate_series(0, 9) p),
      jsonb_build_object('team', (array['a', 'b', 'c'])[1 + g % 3], 'owner', 'user ' || g % 40), now() - g * interval '1 minute', now(), now()
    from generate_series(1, $3::integer) g`,
    [project, experiment, runs],
  );
  await db.query(
    `insert into run_metrics (run_id, name, split, step, value)
    select r.id, 'metric_' || m, 'test', s, random() from runs r, generate_series(0, $2::integer) m, generate_series(0, $3::integer) s
    where r.experiment_id = $1`,
    [experiment, metrics - 1, steps - 1],
  );
  await db.query(
    `insert into run_values (run_id, project_id, kind, name, split, value, low, high, points, last_step, last_id)
    select m.run_id, $1, 'metric', m.split || '.' || m.name, m.split, (array_agg(m.value order by m.step desc, m.id desc))[1], min(m.value),
      max(m.value), count(*), max(m.step), max(m.id)
    from run_metrics m join runs r on r.id = m.run_id where r.experiment_id = $2 group by m.run_id, m.split, m.name`,
    [project, experiment],
  );
  await db.query(
    `update runs r set summarised_id = last_event_id(), metrics = (
      select jsonb_object_agg(name, value) from run_values v where v.run_id = r.id and kind = 'metric')
    where experiment_id = $1`,
    [experiment],
  );
  await db.query("vacuum analyze");
}

/** The same in MLflow's tables. */
export async function fillMlflow(db, { runs, metrics, steps }, experiment) {
  await db.query(
    `insert into runs (run_uuid, name, source_type, user_id, status, start_time, end_time, lifecycle_stage, artifact_uri, experiment_id)
    select md5('bench' || g), 'run ' || g, 'LOCAL', 'bench', 'FINISHED', g, g + 1000, 'active', '/tmp/' || g, $1
    from generate_series(1, $2::integer) g`,
    [Number(experiment), runs],
  );
  const own = "from runs r where r.experiment_id = $1";
  await db.query(
    `insert into params (key, value, run_uuid) select 'param_' || p, (length(r.name) * (p + 1))::text, r.run_uuid
    from runs r, generate_series(0, 9) p where r.experiment_id = $1`,
    [Number(experiment)],
  );
  await db.query(`insert into tags (key, value, run_uuid) select 'team', 'a', r.run_uuid ${own}`, [Number(experiment)]);
  await db.query(`insert into tags (key, value, run_uuid) select 'owner', 'user', r.run_uuid ${own}`, [Number(experiment)]);
  await db.query(
    `insert into metrics (key, value, timestamp, run_uuid, step, is_nan)
    select 'metric_' || m, random(), s, r.run_uuid, s, false from runs r, generate_series(0, $2::integer) m, generate_series(0, $3::integer) s
    where r.experiment_id = $1`,
    [Number(experiment), metrics - 1, steps - 1],
  );
  await db.query(
    `insert into latest_metrics (key, value, timestamp, step, is_nan, run_uuid)
    select m.key, m.value, m.timestamp, m.step, false, m.run_uuid from metrics m join runs r using (run_uuid)
    where r.experiment_id = $1 and m.step = $2`,
    [Number(experiment), steps - 1],
  );
  await db.query("vacuum analyze");
}
