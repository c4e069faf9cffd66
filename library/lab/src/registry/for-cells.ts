import { copyFile } from "node:fs/promises";
import type { z } from "zod";
import type {
  Alias,
  AuditEntry,
  Benchmark,
  benchmarkRequest,
  CheckReport,
  ModelSettings,
  ModelVersion,
  Prediction,
  PredictionFile,
  VersionComparison,
  VersionStatus,
} from "../contract/models.ts";
import type { ListQuery } from "../db/list-rows.ts";
import { display, htmlTable } from "../html.ts";
import type { Session } from "../projects/session.ts";
import { type AbTests, abTestsOf } from "./ab-for-cells.ts";
import { type AliasOptions, deleteAlias, listAliases, setAlias } from "./aliases.ts";
import { listAudit } from "./audit.ts";
import { benchmarkVersions } from "./benchmark.ts";
import { compareVersions } from "./compare-versions.ts";
import { type Deployment, deployRun } from "./deploy.ts";
import { archive, demote, type MoveOptions, promote, rollback } from "./moves.ts";
import { type PredictOptions, predict } from "./predict.ts";
import { deletePredictionFile, listPredictionFiles } from "./prediction-files.ts";
import { checkPromotion } from "./promotion-checks.ts";
import type { InputRow } from "./read-rows.ts";
import { deleteVersion } from "./references.ts";
import { changeSettings, getSettings } from "./settings.ts";
import { eraseSubject } from "./subjects.ts";
import { findModel, getVersion, listVersions, versionFile } from "./versions.ts";

/** A version, or how it is cited. */
export type VersionRef = string | Pick<ModelVersion, "model_id">;

/** What `lab.registry.benchmark` takes beside the versions. */
interface BenchmarkOptions {
  /** name, `name@3`, or id; or a split. */
  readonly dataset?: string;
  /** Id of a saved split; its `part` is taken. */
  readonly split?: string;
  readonly part?: "train" | "validation" | "test";
  readonly metric?: string;
  readonly maxRows?: number;
  readonly latencyCalls?: number;
  readonly seed?: number;
}

/** The registry as cells use it. A version is given as its id, `name@1.0.0`, `name@production`, `name@alias`, or the version itself. */
export interface Registry extends AbTests {
  /** Registers the model of a run as a staged version. */
  deploy(run: string | { readonly id: string }, deployment: Deployment): Promise<ModelVersion>;
  /** One step up; the version that was in production is archived. The second argument is the reason, or all options. */
  promote(version: VersionRef, options?: string | MoveOptions): Promise<ModelVersion>;
  /** One step down. */
  demote(version: VersionRef, options?: string | MoveOptions): Promise<ModelVersion>;
  archive(version: VersionRef, options?: string | MoveOptions): Promise<ModelVersion>;
  /** Puts an earlier version back into production. */
  rollback(name: string, version: string, options?: string | MoveOptions): Promise<ModelVersion>;
  get(version: VersionRef): Promise<ModelVersion>;
  list(query?: {
    readonly name?: string;
    readonly status?: VersionStatus;
    readonly limit?: number;
  }): Promise<readonly ModelVersion[]>;
  /** Removes a version that nothing refers to; with `force` also its log of predictions. */
  delete(version: VersionRef, options?: { readonly force?: boolean; readonly reason?: string }): Promise<void>;
  /** Writes a version's model file to a path; `ml.loadModel` reads it. */
  download(version: VersionRef, path: string): Promise<void>;
  /** What a promotion of this version would be checked for, and how that goes. */
  check(version: VersionRef): Promise<CheckReport>;
  /** Versions side by side: what differs, and their metrics. */
  compare(versions: readonly VersionRef[]): Promise<VersionComparison>;
  /** Versions on the same rows: metrics with the difference to the first, and latency. */
  benchmark(versions: readonly VersionRef[], options: BenchmarkOptions): Promise<Benchmark>;
  /** Points an alias of a model at a version. */
  alias(name: string, alias: string, version: string, options?: AliasOptions): Promise<Alias>;
  removeAlias(name: string, alias: string, reason?: string): Promise<void>;
  aliases(name: string): Promise<readonly Alias[]>;
  /** What happened to a model, newest first. */
  audit(name: string, query?: { readonly limit?: number }): Promise<readonly AuditEntry[]>;
  /** What a model keeps of predictions, its fallback, and what a promotion needs; with changes, changed. */
  settings(name: string, changes?: Partial<ModelSettings>): Promise<ModelSettings>;
  /** Predicts one row or many with a version. */
  predict(
    version: VersionRef,
    rows: InputRow | readonly InputRow[],
    options?: Pick<PredictOptions, "userId">,
  ): Promise<Omit<Prediction, "status">>;
  /** Files of predictions that are kept, newest first. */
  predictionFiles(query?: ListQuery): Promise<readonly PredictionFile[]>;
  deletePredictionFile(jobId: string): Promise<void>;
  /** Erases a person's rows everywhere, and says how many of what. */
  eraseSubject(userId: string): Promise<Readonly<Record<string, number>>>;
}

/** The registry of a session. */
export function registryOf(session: Session): Registry {
  const refOf = (version: VersionRef): string => (typeof version === "string" ? version : version.model_id);
  return {
    ...abTestsOf(session),
    deploy: async (run, deployment) => shownVersion(await deployRun(session, typeof run === "string" ? run : run.id, deployment)),
    promote: async (version, options) => shownVersion(await promote(session, refOf(version), options)),
    demote: async (version, options) => shownVersion(await demote(session, refOf(version), options)),
    archive: async (version, options) => shownVersion(await archive(session, refOf(version), options)),
    rollback: async (name, version, options) => shownVersion(await rollback(session, name, version, options)),
    get: async (version) => shownVersion(await getVersion(session, refOf(version))),
    list: async (query) => shownVersions((await listVersions(session, query)).items),
    delete: (version, options) => deleteVersion(session, refOf(version), options),
    download: async (version, path) => {
      const { file } = await versionFile(session, refOf(version));
      await copyFile(await session.store.fetch(file), path);
    },
    check: (version) => checkPromotion(session, refOf(version)),
    compare: (versions) => compareVersions(session, versions.map(refOf)),
    benchmark: (versions, options) => benchmarkVersions(session, requestOf(versions.map(refOf), options)),
    alias: (name, alias, version, options) => setAlias(session, name, alias, version, options),
    removeAlias: (name, alias, reason) => deleteAlias(session, name, alias, reason),
    aliases: (name) => listAliases(session, name),
    audit: async (name, query) => (await listAudit(session, (await findModel(session, name)).id, query)).items,
    settings: (name, changes) => (changes ? changeSettings(session, name, changes) : getSettings(session, name)),
    predict: (version, rows, options) => predict(session, refOf(version), rows, options),
    async predictionFiles(query) {
      const { items } = await listPredictionFiles(session, query);
      return display([...items], () => htmlTable([...items]));
    },
    deletePredictionFile: (jobId) => deletePredictionFile(session, jobId),
    eraseSubject: (userId) => eraseSubject(session, userId),
  };
}

/** A version, drawn with its facts and metrics in a notebook. */
export function shownVersion(version: ModelVersion): ModelVersion {
  return display(version, () => {
    const metrics = Object.entries(version.metrics).map(([metric, value]) => ({ metric, value }));
    return [[versionRow(version)], metrics].map((rows) => (rows.length > 0 ? htmlTable(rows) : "")).join("");
  });
}

/** Versions, drawn as a table in a notebook. */
export function shownVersions(versions: readonly ModelVersion[]): readonly ModelVersion[] {
  return display([...versions], () => (versions.length > 0 ? htmlTable(versions.map(versionRow)) : "<p>no models</p>"));
}

function versionRow({ name, version, version_status, aliases, algorithm, dataset, created_at, model_id }: ModelVersion) {
  const created = created_at.slice(0, 19).replace("T", " ");
  return { model: name, version, status: version_status, aliases: aliases.join(", "), algorithm, dataset, created, model_id };
}

/** A benchmark as the contract takes it. */
export function requestOf(
  model_ids: string[],
  { dataset, split, maxRows, latencyCalls, ...rest }: BenchmarkOptions,
): z.input<typeof benchmarkRequest> {
  const renamed = { dataset_id: dataset, split_id: split, max_rows: maxRows, latency_calls: latencyCalls };
  return { model_ids, ...renamed, ...rest };
}
