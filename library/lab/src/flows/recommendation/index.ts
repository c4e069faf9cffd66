import "./subject-rows.ts";

export { createSource } from "./create-source.ts";
export { enterRun, getEtlRun, listEtlRuns, metadataNameOf, reportNameOf } from "./etl-runs.ts";
export { storeFeedback } from "./feedback.ts";
export {
  type EtlCellOptions,
  type QualityReport,
  type Recommendations,
  recommendationsOf,
  type SentEtl,
  type SourceCellOptions,
} from "./for-cells.ts";
export { hashKeyOf, userKey } from "./hash-key.ts";
export { keepRecommender } from "./keep-recommender.ts";
export { loadMovielens } from "./load-movielens.ts";
export { movielensMapping } from "./mappings.ts";
export { type RecommendAnswer, recommendFor } from "./recommend.ts";
export { compareRecommenders, listRecommenders, trainRecommender } from "./recommenders.ts";
export type {
  ComparedRecommender,
  RecommendCellOptions,
  RecommenderRows,
  RecommenderServing,
  RecommenderTraining,
  SentRecommender,
} from "./serving-for-cells.ts";
export { similarItemsOf } from "./similar-items.ts";
export { sizesOf } from "./size-settings.ts";
export { applicationUrl } from "./source-place.ts";
export type { SourceOptions } from "./source-settings.ts";
export { readEtlSettings, startEtl, startEtlSource } from "./start-etl.ts";
export { storeEtl } from "./stored-etl.ts";
