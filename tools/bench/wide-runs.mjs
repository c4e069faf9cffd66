// Many runs with many columns, made by the database itself: for tables of runs, not for what stores them.

/** Metrics, parameters and tags of a wide run. */
export const wideShape = { metrics: 150, params: 35, tags: 6 };

const numbers = (count, digits) => Array.from({ length: count }, (_, k) => String(k + 1).padStart(digits, "0"));

/** Every metric, parameter and tag of a wide run, as columns of the table. */
export const wideColumns = [
  ...numbers(wideShape.metrics, 3).map((k) => `metrics.test.metric_${k}`),
  ...numbers(wideShape.params, 3).map((k) => `params.param_${k}`),
  ...numbers(wideShape.tags, 2).map((k) => `tags.tag_${k}`),
];

const project = "(select id from projects order by created_at limit 1)";

/** Wide runs of the experiment `name`, run k called `<name> k`. The names of their metrics are found by the columns' route, the values stand in the run alone. */
export async function fillWideRuns(db, { name, runs }) {
  const { metrics, params, tags } = wideShape;
  const { rows } = await db.query(
    `insert into experiments (id, project_id, name) values (gen_random_uuid(), ${project}, $1) returning id, project_id`,
    [name],
  );
  const [experiment] = rows;
  await db.query(
    `insert into runs (id, project_id, experiment_id, name, status, algorithm, task, params, tags, metrics, created_at, started_at, ended_at)
    select gen_random_uuid(), $1, $2, $3 || ' ' || lpad(g::text, 5, '0'),
      (array['completed', 'completed', 'completed', 'failed', 'cancelled'])[1 + g % 5],
      (array['random_forest', 'ridge', 'svm', 'knn'])[1 + g % 4], 'classification',
      (select jsonb_object_agg('param_' || lpad(p::text, 3, '0'), (g * (p + 1)) % 97) from generate_series(1, $4::integer) p),
      (select jsonb_object_agg('tag_' || lpad(t::text, 2, '0'), (array['north', 'south', 'east'])[1 + (g + t) % 3])
        from generate_series(1, $5::integer) t),
      (select jsonb_object_agg('test.metric_' || lpad(m::text, 3, '0'), ((g * 7919 + m * 104729) % 100003) / 100003.0)
        from generate_series(1, $6::integer) m),
      now() - g * interval '1 minute', now() - g * interval '1 minute', now() - g * interval '1 minute' + g * interval '10 milliseconds'
    from generate_series(1, $7::integer) g`,
    [experiment.project_id, experiment.id, name, params, tags, metrics, runs],
  );
  await db.query(
    `insert into run_values (run_id, project_id, kind, name, split, value, low, high, points, last_step, last_id)
    select r.id, $1, 'metric', m.key, 'test', m.value::float8, m.value::float8, m.value::float8, 1, 0, 0
    from (select id, metrics from runs where experiment_id = $2 limit 1) r, jsonb_each_text(r.metrics) m`,
    [experiment.project_id, experiment.id],
  );
  await db.query("analyze runs");
  await db.query("analyze run_values");
}
