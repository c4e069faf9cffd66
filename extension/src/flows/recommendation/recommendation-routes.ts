import type {
  EtlRequest,
  EtlRun,
  EtlSource,
  LogLine,
  RecommendCompare,
  Recommended,
  RecommendFeedback,
  RecommendTrain,
  SimilarItems,
  TrainedRecommender,
} from "assay-lab/contract";
import type { Api } from "../../api";
import { type Page, type ParamsSchema, path } from "../../routes";

/** What is asked for somebody. */
export interface TopQuestion {
  user: string;
  k: number;
  /** Default: the newest. */
  recommender?: string | undefined;
  category?: string | undefined;
  region?: string | undefined;
  /** Eight numbers from 0 to 1, of somebody who is new. */
  profile?: readonly number[] | undefined;
}

/** A measure with its interval over people, where it has one. */
export type Measured = TrainedRecommender["measures"][string];

const runs = (...rest: string[]) => path("etl", "runs", ...rest);

/** The service's routes of the recommendation flow by what they do. */
export const recommendationRoutes = {
  makeSource: (api: Api, body: EtlSource) => api.post<{ job_id: string }>(path("etl", "source"), body),
  start: (api: Api, body: EtlRequest) => api.post<{ run: EtlRun }>(runs(), body).then(({ run }) => run),
  runs: (api: Api) => api.get<Page<EtlRun>>(runs(), { limit: 50 }),
  report: async (api: Api, id: string) => (await api.blob(runs(id, "report"))).text(),
  downloadReport: (api: Api, id: string, fileName: string) => api.download(runs(id, "report"), fileName),
  downloadMetadata: (api: Api, id: string, fileName: string) => api.download(runs(id, "metadata"), fileName),
  /** What the steps of a run said, oldest first. */
  log: (api: Api, job: string) => api.get<{ items: LogLine[] }>(path("jobs", job, "logs")).then(({ items }) => items),

  train: (api: Api, body: RecommendTrain) =>
    api.post<{ job_id: string; run_id: string | null }>(path("recommend", "train"), body),
  compare: (api: Api, body: RecommendCompare) => api.post<{ job_id: string }>(path("recommend", "compare"), body),
  recommenders: (api: Api) => api.get<Page<TrainedRecommender>>(path("recommend", "models"), { limit: 100 }),
  params: (api: Api, algorithm: string) =>
    api
      .get<{ schema: ParamsSchema }>(path("algorithms", algorithm, "params"), { task_type: "recommendation" })
      .then(({ schema }) => schema),
  /** A look, which records nothing. */
  top: (api: Api, { user, k, recommender, category, region, profile }: TopQuestion, signal?: AbortSignal) =>
    api.get<Recommended>(
      path("recommend", user),
      { k, recommender_id: recommender, category, region, profile: profile?.join(",") },
      signal,
    ),
  /** A showing by the arm of a test that the person is in: it is counted. */
  show: (api: Api, test: string, { user, k, category, region, profile }: TopQuestion) =>
    api.post<Recommended>(path("recommend"), { user_id: user, k, category, region, profile, ab_test_name: test }),
  /** The items that are most like one. */
  similar: (api: Api, recommender: string, item: string, k: number) =>
    api.get<SimilarItems>(path("recommend", "models", recommender, "similar"), { item_id: item, k }),
  tell: (api: Api, body: RecommendFeedback) => api.post(path("recommend", "feedback"), body),
};
