import { existsSync } from "node:fs";
import { type Column, ConflictError, DataError, ParamsError, readParquet, suggest, Table } from "assay";
import type { FeatureView, TrainingSet, TrainingSetRequest } from "../contract/feature-views.ts";
import { authorize, type Session } from "../projects/session.ts";
import { datasetVersion } from "./datasets.ts";
import { erasedOf, offlineRows } from "./feature-view-materialize.ts";
import { asOf, orderedRows, rowKeysOf, takeOrMissing } from "./feature-view-rows.ts";
import { getFeatureView } from "./feature-views.ts";
import { sharedTable } from "./tables.ts";
import { uploadDataset } from "./upload.ts";

/**
 * Joins to each row of a dataset what the feature views knew of its key at its instant, and stores the rows as a dataset; a row of the future never
 * counts, one at the same instant does, one older than the view's TTL does not. A feature whose name is taken gets `view__feature`.
 */
export async function makeTrainingSet(session: Session, ref: string, request: TrainingSetRequest): Promise<TrainingSet> {
  await authorize(session, "write");
  const views = await viewsOf(session, [ref, ...(request.feature_views ?? [])]);
  const source = await datasetVersion(session, request.entities);
  const { table } = await sharedTable(session, `${source.datasetId}@${source.version}`);
  const wanted = request.features && new Set(request.features);
  if (wanted) checkFeatures(wanted, views);
  const erased = await erasedOf(session);
  const columns = table.names.map((name): [string, Column] => [name, table.column(name)]);
  const taken = new Set(table.names);
  const counts = { matched: {} as Record<string, number>, stale: {} as Record<string, number> };
  const used: { readonly viewId: string; readonly runId: string }[] = [];
  for (const view of views) {
    const keys = rowKeysOf(table, keyColumns(table, view, request));
    const offline = await offlineRows(session, view);
    const path = await session.store.fetch(offline.file);
    if (!existsSync(path)) throw new ConflictError(`features: ${view.name} was materialised anew meanwhile; try again`);
    const rows = orderedRows(await readParquet(path), view, erased, session.projectId);
    const found = await asOf(keys, rowKeysOf(rows, view), view.ttl_seconds === null ? null : view.ttl_seconds * 1000);
    const cited = `${view.name}@${view.version}`;
    [counts.matched[cited], counts.stale[cited]] = [found.matched, found.stale];
    used.push({ viewId: view.feature_view_id, runId: offline.runId });
    for (const { name } of view.columns) {
      if (wanted && !wanted.has(name)) continue;
      const own = taken.has(name) ? `${view.name}__${name}` : name;
      if (taken.has(own)) throw new DataError(`features: the name "${own}" is taken twice: rename it in the view's query`);
      taken.add(own);
      columns.push([own, takeOrMissing(rows.column(name), found.rows)]);
    }
  }
  const note = `${source.name}@${source.version} with ${views.map(({ name, version }) => `${name}@${version}`).join(", ")}`;
  const stored = await uploadDataset(session, new Table(columns), { name: request.name, newVersion: true, note });
  await recordUse(session, `${stored.dataset_id}@${stored.version}`, used);
  return { dataset_id: `${stored.name}@${stored.version}`, rows: table.rows, ...counts };
}

async function viewsOf(session: Session, refs: readonly string[]): Promise<FeatureView[]> {
  const views = await Promise.all(refs.map((ref) => getFeatureView(session, ref)));
  const names = views.map(({ name }) => name);
  const twice = names.find((name, k) => names.indexOf(name) < k);
  if (twice !== undefined) throw new ParamsError(`features: ${twice} is named twice`);
  return views;
}

function checkFeatures(wanted: ReadonlySet<string>, views: readonly FeatureView[]): void {
  const known = views.flatMap(({ columns }) => columns.map(({ name }) => name));
  for (const name of wanted)
    if (!known.includes(name))
      throw Object.assign(new DataError(`features: the views have no feature "${name}"${suggest(name, known)}`), {
        field: "features",
      });
}

function keyColumns(table: Table, view: FeatureView, request: TrainingSetRequest): { entity: string; event_time: string } {
  const columns = { entity: request.entity ?? view.entity, event_time: request.event_time ?? view.event_time };
  for (const field of ["entity", "event_time"] as const)
    if (!table.names.includes(columns[field]))
      throw Object.assign(
        new DataError(`features: ${request.entities} has no column "${columns[field]}"${suggest(columns[field], table.names)}`),
        { field },
      );
  return columns;
}

async function recordUse(
  session: Session,
  ref: string,
  used: readonly { readonly viewId: string; readonly runId: string }[],
): Promise<void> {
  const { id } = await datasetVersion(session, ref);
  const rows = used.map(({ viewId, runId }) => ({
    dataset_version_id: id,
    feature_view_id: viewId,
    feature_view_run_id: runId,
    project_id: session.projectId,
  }));
  await session.db
    .insertInto("dataset_features")
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
