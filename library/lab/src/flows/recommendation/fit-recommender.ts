import * as ml from "assay";
import type { StoredFeatures, StoredInteractions } from "./read-interactions.ts";

/** What is fitted. */
interface RecommenderSpec {
  readonly algorithm: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
}

/** The column that names a user's segment. */
const segmentColumn = "primary_segment";

/** Fits a recommender on rows of the ETL, with the features that it takes. Throws ParamsError for hyperparameters that cannot be. */
export async function fitRecommender(
  { algorithm, hyperparameters }: RecommenderSpec,
  { interactions, features }: Pick<StoredInteractions, "interactions" | "features">,
  options: ml.FitOptions,
): Promise<ml.RecommenderModel> {
  const { name, features: sides } = ml.recommenderEntry(algorithm);
  const given = Object.fromEntries(
    sides.flatMap((side) => {
      const known = features[side] && (name === "segment_popularity" ? segmentsOf(features[side]) : features[side]);
      return known ? [[`${side}Features`, known]] : [];
    }),
  );
  return ml.recommenderByName(algorithm, hyperparameters).fit(interactions, { ...options, ...given });
}

/** The segments alone; undefined where the rows have none, so that all are one. */
function segmentsOf({ table, key }: StoredFeatures): (StoredFeatures & { readonly columns: readonly string[] }) | undefined {
  return table.names.includes(segmentColumn) ? { table, key, columns: [segmentColumn] } : undefined;
}
