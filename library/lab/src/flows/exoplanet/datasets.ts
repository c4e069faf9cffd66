import { DataError, NotFoundError } from "assay";
import type { SignalDataset, SignalReport } from "../../contract/exoplanet.ts";
import { type DatasetVersion, datasetVersion, uploadDataset } from "../../datasets/index.ts";
import { type Page, pageOf, readCursor } from "../../db/pages.ts";
import type { RowOf } from "../../db/row-of.ts";
import { authorize, type Session } from "../../projects/session.ts";
import { checkSignals } from "./check-signals.ts";
import { tableColumns } from "./columns.ts";
import { readSignals } from "./read-signals.ts";

/** How an uploaded file is stored. */
export interface SignalUploadOptions {
  /** Default: the file's name without its ending. */
  readonly name?: string | undefined;
  /** Name of the uploaded file, when the path is one in passing. */
  readonly fileName?: string | undefined;
}

/**
 * Checks a file of transit signals and stores the rows that passed as a dataset, a new version where the name is there. Throws DataError with the
 * place of what is wrong where nothing can be trained.
 */
export async function uploadSignals(
  session: Session,
  path: string,
  { name, fileName }: SignalUploadOptions = {},
): Promise<SignalDataset> {
  await authorize(session, "write");
  const { table, report } = checkSignals(await readSignals(path, fileName));
  const info = await uploadDataset(session, table, {
    name: name ?? report.file_name.replace(/\.[^.]*$/, ""),
    fileName: report.file_name,
    target: "label",
    newVersion: true,
    note: `${report.rows_kept} of ${report.rows_read} signals passed the check`,
  });
  const version = await datasetVersion(session, `${info.dataset_id}@${info.version}`);
  const values = { report: JSON.stringify(report) };
  await session.db
    .insertInto("exoplanet_datasets")
    .values({ dataset_version_id: version.id, project_id: session.projectId, ...values })
    .onConflict((conflict) => conflict.column("dataset_version_id").doUpdateSet(values))
    .execute();
  return getSignals(session, `${info.dataset_id}@${info.version}`);
}

/** A table of signals with what its check found. Throws NotFoundError for a dataset that was not uploaded as one. */
async function getSignals(session: Session, ref: string): Promise<SignalDataset> {
  const version = await datasetVersion(session, ref);
  const row = await signalRows(session).where("e.dataset_version_id", "=", version.id).executeTakeFirst();
  if (!row)
    throw new NotFoundError(`exoplanets: ${version.name}@${version.version} was not uploaded as a table of transit signals`);
  return toDataset(row);
}

/** Tables of signals, newest first. */
export async function listSignals(
  session: Session,
  { limit = 50, cursor }: { readonly limit?: number | undefined; readonly cursor?: string | undefined } = {},
): Promise<Page<SignalDataset>> {
  await authorize(session, "read");
  let query = signalRows(session)
    .orderBy("e.dataset_version_id", "desc")
    .limit(limit + 1);
  if (cursor !== undefined) query = query.where("e.dataset_version_id", "<", String(readCursor(cursor, 1)[0]));
  return pageOf(await query.execute(), limit, toDataset, (row) => [row.id]);
}

/**
 * A dataset that a session can train on: any that has the flow's columns, whether it came by this room or was made of cleaning steps. Throws
 * DataError naming the columns that are missing.
 */
export async function trainableVersion(session: Session, ref: string): Promise<DatasetVersion> {
  const version = await datasetVersion(session, ref);
  const names = version.columns.map(({ name }) => name);
  const missing = tableColumns.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw Object.assign(
      new DataError(
        `exoplanets: ${version.name}@${version.version} lacks ${missing.join(", ")}; upload the table to /api/training/upload-dataset or with lab.exoplanets.upload`,
      ),
      { field: "dataset_id", value: ref },
    );
  return version;
}

function signalRows({ db, projectId }: Session) {
  return db
    .selectFrom("exoplanet_datasets as e")
    .innerJoin("dataset_versions as v", "v.id", "e.dataset_version_id")
    .innerJoin("datasets as d", "d.id", "v.dataset_id")
    .select(["v.id", "d.id as dataset_id", "d.name", "v.version", "v.row_count", "v.size_bytes", "e.report", "e.created_at"])
    .where("e.project_id", "=", projectId);
}

type SignalRow = RowOf<typeof signalRows>;

function toDataset(row: SignalRow): SignalDataset {
  return {
    dataset_id: row.dataset_id,
    name: row.name,
    dataset: `${row.name}@${row.version}`,
    samples: Number(row.row_count),
    size_bytes: row.size_bytes === null ? null : Number(row.size_bytes),
    report: row.report as SignalReport,
    created_at: row.created_at.toISOString(),
  };
}
