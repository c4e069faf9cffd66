import type { Job } from "../../contract/jobs.ts";
import type {
  RecommendCompare,
  RecommendFeedback,
  RecommendRequest,
  RecommendTrain,
  SimilarItems,
  TrainedRecommender,
} from "../../contract/recommend.ts";
import type { RecommendAnswer } from "./recommend.ts";

/** How cells reach recommenders: beside the database, or through a service. */
export interface ServingDoor {
  train(request: RecommendTrain): Promise<{ readonly job_id: string; readonly run_id: string | null }>;
  compare(request: RecommendCompare): Promise<{ readonly job_id: string }>;
  ended(jobId: string, signal?: AbortSignal): Promise<Job>;
  models(): Promise<readonly TrainedRecommender[]>;
  show(request: RecommendRequest): Promise<RecommendAnswer>;
  similar(recommender: string, query: { readonly item_id: string; readonly k?: number }): Promise<Omit<SimilarItems, "status">>;
  feedback(request: RecommendFeedback): Promise<unknown>;
}
