import { type Cell, ParamsError, type PredictorModel, type Table } from "assay";
import { v7 as uuidv7 } from "uuid";
import { type DatasetVersion, sharedTable } from "../datasets/index.ts";
import type { Work } from "../db/database.ts";
import { transaction } from "../db/database.ts";
import { authorize, type Session } from "../projects/session.ts";
import { auditModel } from "./audit.ts";
import { defineDeploymentStep } from "./deploy.ts";
import { binCount, binsOf, type ColumnBins } from "./drift-bins.ts";
import { models } from "./serving.ts";
import { findVersion } from "./versions.ts";

/** What a version's inputs and predictions look like where nothing has moved. */
export interface ReferenceProfile {
  readonly columns: readonly ColumnBins[];
  readonly prediction: ColumnBins | null;
}

/** A reference as it is stored. */
export interface Reference {
  readonly id: string;
  readonly dataset: string | null;
  readonly rows: number;
  readonly createdAt: Date;
  readonly profile: ReferenceProfile;
}

const sampledRows = 50_000;
const manyColumns = 100;

/** The training data as reference, at every deployment whose run names a dataset. */
defineDeploymentStep(async (session, { versionId, model, datasetVersionId }) => {
  if ((model.task as string) === "recommendation") return undefined; // it reads no columns of rows
  const dataset = datasetVersionId && (await datasetOf(session, datasetVersionId));
  if (!dataset) return undefined;
  const read = await sharedTable(session, dataset);
  if (model.columns.some(({ name }) => !read.table.names.includes(name))) return undefined; // trained on columns that a cell made
  const profile = await profileOf(model, read.table);
  return (db) => storeReference(session, db, versionId, read.version, profile);
});

/**
 * Holds a version's drift against a dataset's rows from now on, in place of its training data; earlier counts have other bins and are not shown
 * any more. Throws ParamsError naming a column that the dataset has not.
 */
export async function setReference(
  session: Session,
  ref: string,
  dataset: string,
): Promise<{ readonly dataset: string; readonly rows: number }> {
  await authorize(session, "write");
  const version = await findVersion(session, ref);
  const { version: data, table } = await sharedTable(session, dataset);
  const model = await models.load(session.store, version.file, version.content_hash);
  const gone = model.columns.find(({ name }) => !table.names.includes(name));
  if (gone)
    throw Object.assign(
      new ParamsError(
        `reference: ${data.name}@${data.version} has no column "${gone.name}", which ${version.name}@${version.version} reads`,
      ),
      { field: "dataset_id" },
    );
  const profile = await profileOf(model, table);
  const detail = { reference: `${data.name}@${data.version}` };
  await transaction(session.db, async (db) => {
    await storeReference(session, db, version.id, data, profile);
    const change = {
      modelId: version.model_id,
      versionId: version.id,
      version: version.version,
      action: "settings",
      detail,
    } as const;
    await auditModel(session, db, change);
  });
  kept.delete(version.id);
  return { dataset: detail.reference, rows: table.rows };
}

/** What a version is held against. */
export async function referenceOf(
  { db }: { readonly db: Session["db"] | Work },
  versionId: string,
): Promise<Reference | undefined> {
  const row = await db.selectFrom("model_profiles").selectAll().where("model_version_id", "=", versionId).executeTakeFirst();
  return (
    row && { id: row.id, dataset: row.dataset, rows: Number(row.row_count), createdAt: row.created_at, profile: row.profile }
  );
}

const keptMs = 5000;
const keptMost = 500;
const kept = new Map<string, { readonly at: number; readonly found: Reference | undefined }>();

/** What a version is held against, from memory where it was asked for in the last seconds. */
export async function knownReference(db: Work, versionId: string): Promise<Reference | undefined> {
  const known = kept.get(versionId);
  if (known && performance.now() - known.at < keptMs) return known.found;
  const found = await referenceOf({ db }, versionId);
  kept.delete(versionId);
  kept.set(versionId, { at: performance.now(), found });
  if (kept.size > keptMost) kept.delete(kept.keys().next().value!);
  return found;
}

/** Every list of bins of a profile, in the order in which sketches hold their counts. */
export function binsInOrder({ columns, prediction }: ReferenceProfile): ColumnBins[] {
  return prediction ? [...columns, prediction] : [...columns];
}

/** How many counts a sketch of the profile holds. */
export function sketchSize(profile: ReferenceProfile): number {
  return binsInOrder(profile).reduce((sum, bins) => sum + binCount(bins), 0);
}

/** Bins and counts of a table's columns and of the model's predictions for it; of many rows, of a sample. O(d n log n). */
async function profileOf(model: PredictorModel, table: Table): Promise<ReferenceProfile> {
  const rows = table.rows > sampledRows ? table.sample(sampledRows) : table;
  const parts = model.columns.length > manyColumns ? 10 : 50;
  const columns = model.columns.map(({ name, levels }) => binsOf(name, levels ? "category" : "number", rows.values(name), parts));
  const predicted = (await Promise.resolve(model.predict(rows)).catch(() => undefined)) as ArrayLike<Cell> | undefined;
  const kind = model.task === "regression" ? "number" : "category";
  return { columns, prediction: predicted ? binsOf(model.target ?? "prediction", kind, Array.from(predicted), parts) : null };
}

async function storeReference(
  { projectId }: Session,
  db: Work,
  versionId: string,
  { name, version, rows }: DatasetVersion,
  profile: ReferenceProfile,
): Promise<void> {
  const values = {
    id: uuidv7(),
    dataset: `${name}@${version}`,
    row_count: rows,
    profile: JSON.stringify(profile),
    created_at: new Date(),
  };
  await db
    .insertInto("model_profiles")
    .values({ ...values, model_version_id: versionId, project_id: projectId })
    .onConflict((conflict) => conflict.column("model_version_id").doUpdateSet(values))
    .execute();
}

async function datasetOf({ db }: Session, versionId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom("dataset_versions as v")
    .innerJoin("datasets as d", "d.id", "v.dataset_id")
    .select(["d.id", "v.version"])
    .where("v.id", "=", versionId)
    .executeTakeFirst();
  return row && `${row.id}@${row.version}`;
}
