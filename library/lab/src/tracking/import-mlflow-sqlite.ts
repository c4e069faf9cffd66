import { DataError } from "assay";
import type { FoundRun } from "./import-mlflow-files.ts";
import { mlflowRun } from "./import-mlflow-run.ts";
import { type ImportedPoint, type ImportedRun, splitNames } from "./import-source.ts";
import type { SqliteFile, SqliteRow } from "./import-sqlite.ts";

const batch = 5000;
/** What SQLite has for ±Infinity in MLflow's tables. */
const greatest = 1.7976931348623157e308;

/** Whether a database is MLflow's. */
export function isMlflowDatabase({ tables }: SqliteFile): boolean {
  return ["experiments", "runs", "metrics", "params", "tags"].every((name) => tables.has(name));
}

/** The runs of an MLflow database, oldest first. Source: MLflow 1.0 to 3.17, mlflow/store/tracking/dbmodels/models.py. */
export function* mlflowSqliteRuns(database: SqliteFile, file: string): Generator<FoundRun> {
  const experiments = new Map([...database.rows("select * from experiments")].map((row) => [row["experiment_id"], row]));
  const ids = [...database.rows("select run_uuid from runs order by start_time, run_uuid")].map((row) => row["run_uuid"]);
  for (const id of ids) {
    const [row] = [...database.rows("select * from runs where run_uuid = ?", String(id))];
    const experiment = experiments.get(row!["experiment_id"] ?? null);
    yield {
      name: String(id),
      experiment: String(experiment?.["name"] ?? `experiment ${row!["experiment_id"]}`),
      deleted: experiment?.["lifecycle_stage"] === "deleted",
      read: async () => readRun(database, row!, String(experiment?.["name"] ?? `experiment ${row!["experiment_id"]}`), file),
    };
  }
}

function readRun(database: SqliteFile, row: SqliteRow, experiment: string, file: string): ImportedRun {
  const id = String(row["run_uuid"]);
  const values = (table: "params" | "tags"): Record<string, string> =>
    Object.fromEntries(
      [...database.rows(`select key, value from ${table} where run_uuid = ? order by key`, id)].map(({ key, value }) => [
        String(key),
        String(value ?? ""),
      ]),
    );
  const text = (name: string): string | null =>
    row[name] === null || row[name] === undefined || row[name] === "" ? null : String(row[name]);
  const number = (name: string): number | null => (row[name] === null || row[name] === undefined ? null : Number(row[name]));
  const names = [...database.rows("select distinct key from metrics where run_uuid = ? order by key", id)].map(({ key }) =>
    String(key),
  );
  const [count] = [...database.rows("select count(*) as n from metrics where run_uuid = ?", id)];
  const place = `${file}, runs ${id}`;
  return mlflowRun(
    {
      id,
      experiment,
      experimentId: text("experiment_id"),
      name: text("name"),
      status: row["status"] ?? "RUNNING",
      startMs: number("start_time"),
      endMs: number("end_time"),
      lifecycle: text("lifecycle_stage"),
      artifactUri: text("artifact_uri"),
      user: text("user_id"),
      sourceName: text("source_name"),
      sourceVersion: text("source_version"),
      dataset: datasetOf(database, id),
      params: values("params"),
      tags: values("tags"),
      sizes: Number(count!["n"]),
      place,
      hasFiles: false,
    },
    [],
    {
      async *points() {
        yield* pointsOf(database, id, splitNames(names), place);
      },
      async *files() {},
    },
  );
}

function* pointsOf(
  database: SqliteFile,
  id: string,
  places: ReturnType<typeof splitNames>,
  place: string,
): Generator<ImportedPoint[]> {
  const columns = ["key", "value", "timestamp", ...["step", "is_nan"].filter((name) => database.has("metrics", name))];
  let points: ImportedPoint[] = [];
  for (const row of database.rows(
    `select ${columns.join()} from metrics where run_uuid = ? order by key, ${database.has("metrics", "step") ? "step, " : ""}timestamp`,
    id,
  )) {
    const point = {
      ...places.get(String(row["key"]))!,
      step: Number(row["step"] ?? 0),
      value: metricValueOf(row),
      at: Number(row["timestamp"]),
    };
    if (!Number.isSafeInteger(point.step) || !Number.isFinite(point.at))
      throw new DataError(
        `import: metric ${JSON.stringify(row["key"])} must have a step and a time, got ${row["step"]} and ${row["timestamp"]} (${place})`,
      );
    points.push(point);
    if (points.length === batch) {
      yield points;
      points = [];
    }
  }
  if (points.length > 0) yield points;
}

function metricValueOf(row: SqliteRow): number {
  if (row["is_nan"] || row["value"] === null) return Number.NaN;
  const value = Number(row["value"]);
  return Math.abs(value) >= greatest ? Math.sign(value) * Infinity : value;
}

function datasetOf(database: SqliteFile, id: string): { name: string; digest: string } | null {
  if (!database.has("inputs", "destination_id") || !database.has("datasets", "dataset_uuid")) return null;
  const sql =
    "select d.name, d.digest from inputs i join datasets d on d.dataset_uuid = i.source_id where i.destination_id = ? limit 1";
  const [row] = [...database.rows(sql, id)];
  return row ? { name: String(row["name"]), digest: String(row["digest"]) } : null;
}
