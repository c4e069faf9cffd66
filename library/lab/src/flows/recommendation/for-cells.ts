import { readFile } from "node:fs/promises";
import { DataError } from "assay";
import type { EtlRequest, EtlRun, EtlSource } from "../../contract/etl.ts";
import type { Job } from "../../contract/jobs.ts";
import type { SourceMapping } from "../../contract/source-mapping.ts";
import { display, htmlTable } from "../../html.ts";
import { cancelJob, jobEnded } from "../../jobs/index.ts";
import type { Session } from "../../projects/session.ts";
import { reportFrame } from "../../reports/index.ts";
import { getEtlRun, listEtlRuns, metadataNameOf, reportNameOf } from "./etl-runs.ts";
import { storeFeedback } from "./feedback.ts";
import { recommendFor } from "./recommend.ts";
import { compareRecommenders, listRecommenders, trainRecommender } from "./recommenders.ts";
import type { ServingDoor } from "./serving-door.ts";
import { type RecommenderServing, servingBy } from "./serving-for-cells.ts";
import { similarItemsOf } from "./similar-items.ts";
import { startEtl, startEtlSource } from "./start-etl.ts";

/** How a version of the dataset is made. */
export interface EtlCellOptions {
  /** Default "1.0"; "next" is the refresh behind the newest. */
  readonly version?: string;
  /** Default 90. */
  readonly windowDays?: number;
  /** Items that were not shown, to each that was clicked; default 2. */
  readonly negativeSampleRatio?: number;
  /** Share of the rows, the newest, that test; default 0.2. */
  readonly testSize?: number;
  /** Default 42. */
  readonly seed?: number;
  /** People who must share age group, region and segment; default 5. */
  readonly kAnonymity?: number;
  /** The window's end; default now. */
  readonly until?: Date;
  /** Where the application keeps what is read; default the travel application's tables. */
  readonly mapping?: SourceMapping;
}

/** Options as the contract takes them. */
export function etlRequest({
  version,
  windowDays,
  negativeSampleRatio,
  testSize,
  seed,
  kAnonymity,
  until,
  mapping,
}: EtlCellOptions): EtlRequest {
  return {
    version,
    window_days: windowDays,
    negative_sample_ratio: negativeSampleRatio,
    test_size: testSize,
    random_seed: seed,
    k_anonymity: kAnonymity,
    until: until?.toISOString(),
    mapping,
  };
}

/** A made-up application, as cells ask for one. */
export type SourceCellOptions = Pick<EtlSource, "users" | "items" | "interactions" | "days" | "replace"> & {
  readonly seed?: number;
  readonly until?: Date;
};

/** The same as the contract takes it. */
export function sourceRequest({ seed, until, ...size }: SourceCellOptions): EtlSource {
  return { ...size, random_seed: seed, until: until?.toISOString() };
}

/** A quality report, shown in a frame of its own in a notebook. */
export interface QualityReport {
  html(): string;
}

/** What a version of the dataset is, as its file beside the rows says it: `schema`, `rows`, `settings`, `hashes`, `lineage` and more. */
interface EtlMetadata {
  readonly version: string;
  readonly rows: Readonly<Record<"train" | "test", number>>;
  readonly settings: Readonly<Record<string, unknown>>;
  /** SHA-256 of each file of rows. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly lineage: Readonly<Record<string, unknown>>;
  readonly schema: readonly {
    readonly name: string;
    readonly type: string;
    readonly unit: string | null;
    readonly range: unknown;
    readonly required: boolean;
    readonly description: string;
  }[];
  readonly [more: string]: unknown;
}

/** A run of the ETL that was sent. */
export interface SentEtl {
  readonly id: string;
  /** Where it stands: steps, checks, privacy. */
  status(): Promise<EtlRun>;
  /** Resolves with the run when it has ended, whatever its end. */
  done(options?: { readonly signal?: AbortSignal }): Promise<EtlRun>;
  /** The quality report, once there is one: also of a run whose checks failed. */
  report(): Promise<QualityReport>;
  /** The metadata of the version, once it is made. */
  metadata(): Promise<EtlMetadata>;
  cancel(): Promise<void>;
}

/** The recommendation flow as cells use it. */
export interface Recommendations extends RecommenderServing {
  /** Makes a version of the dataset elsewhere: `{ version: "1.0", windowDays: 90 }`. */
  etl(options?: EtlCellOptions): Promise<SentEtl>;
  etlRuns(): Promise<readonly EtlRun[]>;
  /** A run by its id, whoever started it. */
  etlRun(id: string): SentEtl;
  /** Makes the travel application with people who never were; resolves with the rows of its tables. */
  source(options?: SourceCellOptions): Promise<Readonly<Record<string, number>>>;
}

/** The recommendation flow of a session. */
export function recommendationsOf(session: Session): Recommendations {
  return {
    ...servingBy(servingDoorOf(session)),
    etl: async (options = {}) => sentEtl(session, (await startEtl(session, etlRequest(options))).etl_run_id),
    etlRuns: async () => shownEtlRuns((await listEtlRuns(session)).items),
    etlRun: (id) => sentEtl(session, id),
    source: async (options = {}) => madeSource(await jobEnded(session, await startEtlSource(session, sourceRequest(options)))),
  };
}

function servingDoorOf(session: Session): ServingDoor {
  return {
    async train(request) {
      const { jobId, runId } = await trainRecommender(session, request);
      return { job_id: jobId, run_id: runId ?? null };
    },
    compare: async (request) => ({ job_id: (await compareRecommenders(session, request)).jobId }),
    ended: (id, signal) => jobEnded(session, id, signal),
    models: async () => (await listRecommenders(session, { limit: 500 })).items,
    show: (request) => recommendFor(session, request),
    similar: (id, query) => similarItemsOf(session, id, query),
    feedback: (request) => storeFeedback(session, request),
  };
}

function sentEtl(session: Session, id: string): SentEtl {
  const get = () => getEtlRun(session, id);
  const text = async (name: string) => readFile(await session.store.fetch(name), "utf8");
  return {
    id,
    status: async () => shownEtlRun(await get()),
    async done({ signal } = {}) {
      const { job_id } = await get();
      if (job_id !== null) await jobEnded(session, job_id, signal);
      return shownEtlRun(await get());
    },
    report: async () => shownReport(await text(await reportNameOf(session, id))),
    metadata: async () => shownMetadata(await text(await metadataNameOf(session, id))),
    async cancel() {
      const { job_id } = await get();
      if (job_id !== null) await cancelJob(session, job_id);
    },
  };
}

/** The rows of a source's tables, or why there is none. */
export function madeSource({ job_status, error, results }: Job): Readonly<Record<string, number>> {
  if (job_status !== "completed") throw new DataError(`source: its job is ${job_status}: ${error ?? "it was cancelled"}`);
  const rows = results as Record<string, number>;
  return display(rows, () => htmlTable([rows]));
}

/** A quality report, drawn in a frame of its own in a notebook. */
export function shownReport(html: string): QualityReport {
  return display({ html: () => html }, () => reportFrame(html));
}

/** The metadata of a version, drawn as tables in a notebook: its facts, its files, its columns. */
export function shownMetadata(text: string): EtlMetadata {
  const metadata = JSON.parse(text) as EtlMetadata;
  const { version, rows, hashes, schema, made_at } = metadata;
  const files = Object.entries(hashes).map(([file, sha256]) => ({ file, sha256 }));
  const columns = schema.map(({ range, ...column }) => ({ ...column, range: range === null ? "" : JSON.stringify(range) }));
  return display(
    metadata,
    () =>
      htmlTable([{ version, made_at, train_rows: rows.train, test_rows: rows.test, columns: schema.length }]) +
      htmlTable(files) +
      htmlTable(columns),
  );
}

function factsOf({ etl_run_id, version, run_status, window_days, train_rows, test_rows, privacy, error }: EtlRun) {
  return { etl_run_id, version, status: run_status, window_days, train_rows, test_rows, privacy: privacy?.word ?? null, error };
}

/** A run with its steps and checks, drawn in a notebook. */
export function shownEtlRun(run: EtlRun): EtlRun {
  const steps = run.steps.map(({ step, name, step_status, rows, elapsed_ms }) => ({
    step,
    name,
    status: step_status,
    rows: Object.entries(rows)
      .map(([table, count]) => `${table} ${count.toLocaleString("en")}`)
      .join(", "),
    seconds: elapsed_ms === null ? null : elapsed_ms / 1000,
  }));
  const checks = run.checks.map(({ name, passed, figure, bound }) => ({ check: name, passed, figure, bound }));
  return display({ ...run }, () => htmlTable([factsOf(run)]) + htmlTable(steps) + htmlTable(checks));
}

/** Runs of the ETL, drawn as a table in a notebook. */
export function shownEtlRuns(runs: readonly EtlRun[]): readonly EtlRun[] {
  return display([...runs], () => htmlTable(runs.map(factsOf)));
}
