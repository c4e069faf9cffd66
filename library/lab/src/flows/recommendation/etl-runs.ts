import { ConflictError, NotFoundError } from "assay";
import { sql } from "kysely";
import { type EtlRun, type EtlSettings, nextVersion } from "../../contract/etl.ts";
import { type Page, pageOf, readCursor } from "../../db/pages.ts";
import type { RowOf } from "../../db/row-of.ts";
import { authorize, type Session } from "../../projects/session.ts";
import { filesOf } from "./etl.ts";
import { pendingSteps } from "./run-steps.ts";

/** Enters a run before it begins; a job that is taken up again keeps its own. */
export async function enterRun(session: Session, id: string, settings: EtlSettings, jobId: string | null): Promise<void> {
  await authorize(session, "write");
  await session.db
    .insertInto("etl_runs")
    .values({
      id,
      project_id: session.projectId,
      job_id: jobId,
      status: "queued",
      version: settings.version === nextVersion ? null : settings.version,
      settings: JSON.stringify(settings),
      steps: JSON.stringify(pendingSteps()),
      checks: "[]",
      created_by: session.userId,
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
}

/** The version that a run makes. Throws ConflictError for one that exists. */
export async function versionOf(session: Session, wanted: string): Promise<string> {
  const made = await session.db
    .selectFrom("etl_runs")
    .select("version")
    .where("project_id", "=", session.projectId)
    .where("status", "=", "completed")
    .orderBy("id", "desc")
    .limit(10_000)
    .execute();
  const versions = made.map(({ version }) => version!);
  if (wanted !== nextVersion) {
    if (!versions.includes(wanted)) return wanted;
    throw Object.assign(
      new ConflictError(`etl: the version ${wanted} exists and is never overwritten; take another, or "${nextVersion}"`),
      { field: "version", value: wanted },
    );
  }
  const [newest] = versions
    .map((version) => version.split(".").map(Number) as [number, number])
    .sort((a, b) => b[0] - a[0] || b[1] - a[1]);
  return newest ? `${newest[0]}.${newest[1] + 1}` : "1.0";
}

/** Runs of the project, newest first. */
export async function listEtlRuns(
  session: Session,
  { limit = 50, cursor }: { readonly limit?: number | undefined; readonly cursor?: string | undefined } = {},
): Promise<Page<EtlRun>> {
  await authorize(session, "read");
  let query = runRows(session)
    .orderBy("e.id", "desc")
    .limit(limit + 1);
  if (cursor !== undefined) query = query.where("e.id", "<", String(readCursor(cursor, 1)[0]));
  return pageOf(await query.execute(), limit, toRun, (row) => [row.id]);
}

/** A run with its steps, checks and privacy. Throws NotFoundError. */
export async function getEtlRun(session: Session, id: string): Promise<EtlRun> {
  await authorize(session, "read");
  const row = await runRows(session).where(sql<boolean>`e.id::text = ${id}`).executeTakeFirst();
  if (!row) throw new NotFoundError(`etl: no run ${id}`);
  return toRun(row);
}

/** Name of a run's quality report in the store. Throws NotFoundError where it has none. */
export async function reportNameOf(session: Session, id: string): Promise<string> {
  await getEtlRun(session, id);
  const row = await session.db
    .selectFrom("etl_runs")
    .select("report")
    .where("project_id", "=", session.projectId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row?.report) throw new NotFoundError(`etl: run ${id} has no quality report: it did not come so far`);
  return row.report;
}

/** Name of the metadata of the version that a run made, in the store. Throws NotFoundError where it made none. */
export async function metadataNameOf(session: Session, id: string): Promise<string> {
  const { run_status, version } = await getEtlRun(session, id);
  if (run_status !== "completed" || version === null)
    throw new NotFoundError(`etl: run ${id} has no metadata: it is ${run_status}, a version is made by a run that completes`);
  return `recommendation/project_${session.projectId}/datasets/v${version}/${filesOf(version).metadata}`;
}

function runRows({ db, projectId }: Session) {
  return db
    .selectFrom("etl_runs as e")
    .leftJoin("jobs as j", "j.id", "e.job_id")
    .leftJoin("dataset_versions as a", "a.id", "e.train_version_id")
    .leftJoin("datasets as ad", "ad.id", "a.dataset_id")
    .leftJoin("dataset_versions as b", "b.id", "e.test_version_id")
    .leftJoin("datasets as bd", "bd.id", "b.dataset_id")
    .selectAll("e")
    .select(["j.status as job_status", "j.error as job_error"])
    .select(["ad.name as train_name", "a.version as train_no", "bd.name as test_name", "b.version as test_no"])
    .where("e.project_id", "=", projectId);
}

type RunRow = RowOf<typeof runRows>;

function toRun(row: RunRow): EtlRun {
  const settings = row.settings as EtlSettings;
  // a job that was cancelled or lost does not write here any more
  const isLost =
    (row.status === "queued" || row.status === "running") && (row.job_status === "failed" || row.job_status === "cancelled");
  const count = (rows: string | null): number | null => (rows === null ? null : Number(rows));
  return {
    etl_run_id: row.id,
    job_id: row.job_id,
    run_status: isLost ? (row.job_status as "failed" | "cancelled") : row.status,
    version: row.version,
    window_days: settings.window_days,
    settings,
    steps: row.steps,
    checks: row.checks,
    privacy: row.privacy,
    train_rows: count(row.train_rows),
    test_rows: count(row.test_rows),
    train_dataset: row.train_name === null ? null : `${row.train_name}@${row.train_no}`,
    test_dataset: row.test_name === null ? null : `${row.test_name}@${row.test_no}`,
    error: row.error ?? (isLost ? row.job_error : null),
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    ended_at: row.ended_at?.toISOString() ?? null,
  };
}
