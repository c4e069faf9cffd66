import { sql } from "kysely";
import type { FeatureLineage } from "../contract/feature-views.ts";
import type { Work } from "../db/database.ts";
import { authorize, type Session } from "../projects/session.ts";

/** What was made with a feature view, or with `name@2` alone: dataset versions, those that steps made of them, and the model versions trained on these. */
export async function featureLineage(session: Session, ref: string): Promise<FeatureLineage> {
  await authorize(session, "read");
  const { db, projectId } = session;
  const [name, version = null] = ref.split("@") as [string, string?];
  const made = sql`with recursive made as (
      select u.dataset_version_id as id, f.name || '@' || f.version as view from dataset_features u join feature_views f on f.id = u.feature_view_id
      where f.project_id = ${projectId} and f.name = ${name} and (${version}::text is null or f.version::text = ${version})
      union
      select v.id, made.view from dataset_versions v join made on v.parent_id = made.id and v.origin in ('steps', 'restore')
    )`;
  const datasets = await sql<{ dataset: string; version: number; view: string }>`${made}
    select d.name as dataset, v.version, made.view from made join dataset_versions v on v.id = made.id join datasets d on d.id = v.dataset_id
    order by d.name, v.version, made.view limit 500`.execute(db);
  const models = await sql<{ id: string; name: string; version: string; status: string }>`${made}
    select m.id, n.name, m.version, m.status from model_versions m join models n on n.id = m.model_id
    where m.dataset_version_id in (select id from made) order by n.name, m.id limit 500`.execute(db);
  return {
    datasets: datasets.rows.map(({ dataset, version, view }) => ({ dataset, version, feature_view: view })),
    models: models.rows.map(({ id, name, version, status }) => ({ model_id: id, name, version, version_status: status })),
  };
}

/** Names of the feature views, of whatever version, that read a dataset. */
export async function viewsReading(
  db: Work,
  projectId: string,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select distinct f.name from feature_views f
    cross join lateral jsonb_each_text(coalesce(f.source -> 'datasets', '{}')) as read
    where f.project_id = ${projectId} and split_part(read.value, '@', 1) in (${id}, ${name})
    order by f.name limit 100`.execute(db);
  return rows.map((row) => row.name);
}
