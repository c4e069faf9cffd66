import { DataError } from "assay";
import { type ImportedRun, readValue } from "./import-source.ts";

/** A run as MLflow keeps it, in files or tables. */
interface MlflowRecord {
  readonly id: string;
  readonly experiment: string;
  readonly experimentId: string | null;
  readonly name: string | null;
  /** A word, or its number in files. */
  readonly status: unknown;
  readonly startMs: number | null;
  readonly endMs: number | null;
  /** active, deleted. */
  readonly lifecycle: string | null;
  readonly artifactUri: string | null;
  readonly user: string | null;
  readonly sourceName: string | null;
  readonly sourceVersion: string | null;
  readonly dataset: { readonly name: string; readonly digest: string } | null;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Of its metrics, in bytes or rows: tells a run that went on. */
  readonly sizes: number;
  /** File, or table and row. */
  readonly place: string;
  /** Whether its files lie in the store. */
  readonly hasFiles: boolean;
}

/** Statuses by the numbers of MLflow's file store. */
const statuses = ["", "RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

/** Tags of MLflow's own that say what a field of ours says. */
const own = new Set(["mlflow.runName", "mlflow.user", "mlflow.parentRunId", "mlflow.note.content", "mlflow.source.git.commit"]);

/** A run of MLflow as ours. Throws DataError for an id or a status that is none. */
export function mlflowRun(
  record: MlflowRecord,
  notes: readonly string[],
  reading: Pick<ImportedRun, "points" | "files">,
): ImportedRun {
  const { id, tags, params, place } = record;
  if (!/^[\w-]{1,64}$/.test(id))
    throw new DataError(`import: run_id must be 1 to 64 letters and digits, got ${JSON.stringify(id.slice(0, 80))} (${place})`);
  const { status, error } = statusOf(record);
  const commit = tags["mlflow.source.git.commit"] ?? record.sourceVersion;
  const more = [...notes];
  if (!record.hasFiles && record.artifactUri && !/^(file:|[./])/.test(record.artifactUri))
    more.push(`its files lie at ${record.artifactUri.slice(0, 200)} and were not copied`);
  return {
    externalId: id,
    parentExternalId: tags["mlflow.parentRunId"] ?? null,
    experiment: record.experiment,
    name: (record.name ?? tags["mlflow.runName"] ?? id).slice(0, 200),
    status,
    error,
    startedAt: dateOf(record.startMs),
    endedAt: dateOf(record.endMs),
    deleted: record.lifecycle === "deleted",
    params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, readValue(value)])),
    tags: Object.fromEntries(Object.entries(tags).filter(([name]) => !own.has(name))),
    description: tags["mlflow.note.content"] ?? "",
    dataset: record.dataset?.name ?? null,
    code: commit ? { commit } : null,
    source: {
      program: "mlflow",
      run_id: id,
      experiment_id: record.experimentId,
      user: tags["mlflow.user"] ?? record.user,
      source_name: tags["mlflow.source.name"] ?? record.sourceName,
      dataset_digest: record.dataset?.digest,
      artifact_uri: record.artifactUri,
    },
    fingerprint: [status, record.endMs, record.sizes, Object.keys(params).length, record.lifecycle].join("/"),
    notes: more,
    ...reading,
  };
}

function statusOf({ status, place }: MlflowRecord): Pick<ImportedRun, "status" | "error"> {
  const word = typeof status === "number" ? statuses[status] : String(status).toUpperCase();
  switch (word) {
    case "FINISHED":
      return { status: "completed", error: null };
    case "FAILED":
      return { status: "failed", error: "failed in MLflow" };
    case "KILLED":
      return { status: "cancelled", error: "killed in MLflow" };
    case "RUNNING":
    case "SCHEDULED":
      return {
        status: "cancelled",
        error: `was ${word.toLowerCase()} in MLflow when it was imported: import again once it has ended`,
      };
    default:
      throw new DataError(
        `import: status must be one of ${statuses.slice(1).join(", ")} or 1 to 5, got ${JSON.stringify(status)} (${place})`,
      );
  }
}

/** An instant; null for what no calendar has. */
function dateOf(ms: number | null): Date | null {
  return ms !== null && ms > 0 && ms < 253_402_300_800_000 ? new Date(ms) : null;
}
