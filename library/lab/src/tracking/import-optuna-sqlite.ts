import { DataError } from "assay";
import type { OptunaStudy } from "./import-optuna-journal.ts";
import { type OptunaTrial, optunaDirection, optunaNumber, optunaState, pythonJson } from "./import-optuna-values.ts";
import type { SqliteFile, SqliteRow } from "./import-sqlite.ts";

/** Whether a database is Optuna's. */
export function isOptunaDatabase({ tables }: SqliteFile): boolean {
  return (
    ["studies", "trials", "trial_params", "trial_values"].every((name) => tables.has(name)) ||
    (tables.has("studies") && tables.has("trials") && tables.has("trial_params"))
  );
}

/**
 * The studies of an Optuna database of any release: before 2.0 a trial had its value in its own row and its number among the
 * system attributes, before 2.4 a study one direction, before 3.0 values had no type. Source: Optuna 0.9 to 4.9,
 * storages/_rdb/models.py and its migrations.
 */
export function readOptunaDatabase(database: SqliteFile, file: string): OptunaStudy[] {
  return [...database.rows("select * from studies order by study_id")].map((row) => {
    const id = Number(row["study_id"]);
    const place = `${file}, study ${row["study_name"]}`;
    return {
      name: String(row["study_name"]),
      directions: directionsOf(database, row, place),
      userAttributes: attributesOf(database, "study_user_attributes", "study_id", id, place),
      systemAttributes: attributesOf(database, "study_system_attributes", "study_id", id, place),
      place,
      trials: () => trialsOf(database, id, place),
    };
  });
}

function directionsOf(database: SqliteFile, study: SqliteRow, place: string): ("minimize" | "maximize")[] {
  if (!database.tables.has("study_directions")) return [optunaDirection(study["direction"] ?? "NOT_SET", place)];
  const order = database.has("study_directions", "objective") ? "objective" : "study_direction_id";
  const rows = [
    ...database.rows(`select direction from study_directions where study_id = ? order by ${order}`, Number(study["study_id"])),
  ];
  return rows.length === 0 ? ["minimize"] : rows.map(({ direction }) => optunaDirection(direction, place));
}

function* trialsOf(database: SqliteFile, study: number, place: string): Generator<OptunaTrial> {
  const numbered = database.has("trials", "number");
  let next = 0;
  for (const row of database.rows(
    `select * from trials where study_id = ? order by ${numbered ? "number" : "trial_id"}`,
    study,
  )) {
    const number = numbered && row["number"] !== null ? Number(row["number"]) : next;
    if (number !== next)
      throw new DataError(`importOptuna: trials must be numbered one by one, got ${number} behind ${next - 1} (${place})`);
    next++;
    yield trialOf(database, row, number, `${place}, trial ${number}`);
  }
}

function trialOf(database: SqliteFile, row: SqliteRow, number: number, place: string): OptunaTrial {
  const id = Number(row["trial_id"]);
  const { _number, ...systemAttributes } = attributesOf(database, "trial_system_attributes", "trial_id", id, place);
  const params = database.rows(
    "select param_name, param_value, distribution_json from trial_params where trial_id = ? order by param_id",
    id,
  );
  return {
    number,
    state: optunaState(row["state"], place),
    values: valuesOf(database, row, id, place),
    params: new Map(
      [...params].map(({ param_name, param_value, distribution_json }) => [
        String(param_name),
        { value: optunaNumber(param_value, String(param_name), place), distribution: String(distribution_json) },
      ]),
    ),
    intermediate: intermediateOf(database, id, place),
    userAttributes: attributesOf(database, "trial_user_attributes", "trial_id", id, place),
    systemAttributes,
    startedAt: row["datetime_start"] == null ? null : String(row["datetime_start"]),
    endedAt: row["datetime_complete"] == null ? null : String(row["datetime_complete"]),
  };
}

function valuesOf(database: SqliteFile, trial: SqliteRow, id: number, place: string): number[] | null {
  if (database.has("trials", "value") && trial["value"] !== null) return [optunaNumber(trial["value"], "a value", place)];
  // before 2.4 a table of this name held the intermediate values
  if (!database.has("trial_values", "objective")) return null;
  const rows = [...database.rows("select * from trial_values where trial_id = ? order by objective", id)];
  return rows.length === 0 ? null : rows.map((row) => typedNumber(row["value"], row["value_type"], place));
}

function intermediateOf(database: SqliteFile, id: number, place: string): Map<number, number> {
  if (database.tables.has("trial_intermediate_values")) {
    const rows = database.rows("select * from trial_intermediate_values where trial_id = ? order by step", id);
    return new Map(
      [...rows].map((row) => [
        Number(row["step"]),
        typedNumber(row["intermediate_value"], row["intermediate_value_type"], place),
      ]),
    );
  }
  if (!database.has("trial_values", "step")) return new Map();
  const rows = database.rows("select step, value from trial_values where trial_id = ? order by step", id);
  return new Map([...rows].map((row) => [Number(row["step"]), typedNumber(row["value"], undefined, place)]));
}

/** A value with its type, which says what SQLite cannot hold. */
function typedNumber(value: unknown, type: unknown, place: string): number {
  if (type === "INF_POS") return Infinity;
  if (type === "INF_NEG") return -Infinity;
  if (type === "NAN" || value === null) return Number.NaN;
  return optunaNumber(value, "a value", place);
}

function attributesOf(database: SqliteFile, table: string, key: string, id: number, place: string): Record<string, unknown> {
  if (!database.tables.has(table)) return {};
  return Object.fromEntries(
    [...database.rows(`select key, value_json from ${table} where ${key} = ? order by key`, id)].map((row) => {
      try {
        return [String(row["key"]), pythonJson(String(row["value_json"]))];
      } catch (cause) {
        throw new DataError(
          `importOptuna: attribute ${row["key"]} must be JSON, got ${String(row["value_json"]).slice(0, 80)} (${place})`,
          { cause },
        );
      }
    }),
  );
}
