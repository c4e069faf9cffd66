import * as ml from "assay";
import type { SelectFeaturesAnswer, SelectFeaturesRequest } from "../contract/selection.ts";
import { toMetricValue } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { sharedTable } from "./tables.ts";

/** Chooses columns of a stored dataset. Throws DataError for a column that is not there, naming the field. */
export async function selectDatasetFeatures(
  session: Session,
  body: SelectFeaturesRequest,
  signal?: AbortSignal,
): Promise<Omit<SelectFeaturesAnswer, "status">> {
  const { version, table } = await sharedTable(session, body.dataset_id);
  requireColumns(table, "target_column", [body.target_column]);
  requireColumns(table, "feature_columns", body.feature_columns ?? []);
  const { selected, features, measure, notes } = await ml.selectFeatures(table, {
    target: body.target_column,
    method: body.method,
    seed: body.random_seed,
    ...(body.n_features !== undefined && { nFeatures: body.n_features }),
    ...(body.feature_columns && { features: body.feature_columns }),
    ...(body.task_type && { task: body.task_type }),
    ...(signal && { signal }),
  });
  return {
    dataset_id: `${version.name}@${version.version}`,
    method: body.method,
    measure,
    selected_features: [...selected],
    feature_importance: features.map(({ feature, selected: isSelected, score, pValue, rank }) => ({
      feature,
      selected: isSelected,
      score: score === null ? null : toMetricValue(score),
      p_value: pValue === null ? null : toMetricValue(pValue),
      rank,
    })),
    notes: [...notes],
  };
}

function requireColumns(table: ml.Table, field: string, names: readonly string[]): void {
  const missing = names.find((name) => !table.names.includes(name));
  if (missing !== undefined)
    throw Object.assign(new ml.DataError(`selectFeatures: no column "${missing}"${ml.suggest(missing, table.names)}`), {
      field,
      value: missing,
    });
}
