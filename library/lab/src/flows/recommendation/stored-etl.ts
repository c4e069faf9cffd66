import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { DataError } from "assay";
import type { EtlRun, EtlSettings } from "../../contract/etl.ts";
import { datasetVersion, parquetDraft, uploadDataset } from "../../datasets/index.ts";
import { openDuckdb } from "../../engine/index.ts";
import { numberSetting } from "../../number-setting.ts";
import { authorize, type Session } from "../../projects/session.ts";
import { type EtlOptions, type EtlOutcome, filesOf, runEtl } from "./etl.ts";
import { enterRun, getEtlRun, versionOf } from "./etl-runs.ts";
import { hashKeyOf } from "./hash-key.ts";
import { nameFiles } from "./name-files.ts";
import { sourceOf } from "./source-place.ts";

/** DuckDB's share of a run at most, in MB: the process stays below 2 GB. */
const memoryMost = 1000;

/** A run that is to be done. */
interface StoredEtl extends Pick<EtlOptions, "signal" | "log" | "sizes" | "pageRows" | "threads"> {
  readonly id: string;
  readonly jobId: string | null;
  /** The application's database, of whoever is trusted with it; default what the service may read. */
  readonly database?: EtlOptions["database"] | undefined;
  readonly onProgress?: (step: number, steps: number) => void;
}

/** A run that was done, and the folder of its files in the store. */
interface DoneEtl {
  readonly run: EtlRun;
  readonly folder: string;
}

/**
 * Runs the ETL and keeps what comes of it: the run with its steps, the quality report, the rows as the datasets `recommendation_train` and
 * `recommendation_test`. Throws DataError naming the figures where a check fails; the report is kept then too.
 */
export async function storeEtl(session: Session, settings: EtlSettings, options: StoredEtl): Promise<DoneEtl> {
  await authorize(session, "write");
  const { id, jobId, log = () => {}, onProgress, database, ...rest } = options;
  await enterRun(session, id, settings, jobId);
  try {
    const version = await versionOf(session, settings.version);
    await change(session, id, { status: "running", version, started_at: new Date(), error: null });
    const root = `recommendation/project_${session.projectId}`;
    const [datasets, work] = [session.store.path(`${root}/datasets`), session.store.path(`${root}/work`)];
    for (const folder of [datasets, work]) await mkdir(folder, { recursive: true, mode: 0o750 });
    const outcome = await runEtl(
      { ...settings, version },
      {
        ...rest,
        database: database ?? (await sourceOf(settings.mapping)),
        datasets,
        work,
        hashKey: await hashKeyOf(session),
        memoryMb: Math.min(memoryMost, numberSetting("ASSAY_MEMORY_MB") ?? memoryMost),
        log,
        onSteps: async (steps) => {
          onProgress?.(
            steps.filter(({ step_status }) => step_status === "completed" || step_status === "kept").length,
            steps.length,
          );
          await change(session, id, { steps: JSON.stringify(steps) });
        },
      },
    );
    const report = `${root}/reports/${id}.html`;
    await session.store.write(report, Buffer.from(outcome.report));
    await nameFiles(session, id, [report]);
    await change(session, id, {
      report,
      checks: JSON.stringify(outcome.checks),
      privacy: JSON.stringify(outcome.privacy),
      train_rows: outcome.rows.train,
      test_rows: outcome.rows.test,
    });
    const failed = outcome.checks.filter(({ passed }) => !passed);
    if (outcome.folder === undefined)
      throw Object.assign(
        new DataError(
          `etl: ${failed.length} of ${outcome.checks.length} checks failed: ${failed.map(({ message }) => message).join("; ")}`,
        ),
        {
          report: session.store.path(report),
        },
      );
    const files = Object.values(filesOf(version)).map((name) => `${root}/datasets/v${version}/${name}`);
    await nameFiles(session, id, files);
    const kept = await keepRows(session, outcome.folder, outcome, id);
    await change(session, id, { status: "completed", ...kept, ended_at: new Date() });
    return { run: await getEtlRun(session, id), folder: outcome.folder };
  } catch (error) {
    const { name, message } = error as Error;
    const status = name === "AbortError" ? "cancelled" : "failed";
    await change(session, id, { status, error: message, ended_at: new Date() }).catch(() => {}); // its attempt may be over
    throw error;
  }
}

async function keepRows(session: Session, folder: string, { version }: EtlOutcome, id: string) {
  const names = filesOf(version);
  const engine = await openDuckdb({ folder: dirname(folder) });
  try {
    const kept = async (side: "train" | "test"): Promise<string> => {
      const draft = await parquetDraft(session, engine, `${folder}/${names[side]}`);
      const info = await uploadDataset(session, draft, {
        name: `recommendation_${side}`,
        fileName: names[side],
        target: "booking_probability",
        newVersion: true,
        note: `recommendation ETL ${version}, run ${id}`,
      });
      return (await datasetVersion(session, `${info.dataset_id}@${info.version}`)).id;
    };
    return { train_version_id: await kept("train"), test_version_id: await kept("test") };
  } finally {
    await engine.close();
  }
}

async function change(session: Session, id: string, values: Record<string, unknown>): Promise<void> {
  await session.db.updateTable("etl_runs").set(values).where("project_id", "=", session.projectId).where("id", "=", id).execute();
}
