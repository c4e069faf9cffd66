import { randomUUID } from "node:crypto";
import * as ml from "assay";
import type { Job } from "../../contract/jobs.ts";
import type {
  RecommenderComparison,
  RecommendFeedback,
  RecommendRequest,
  SimilarItems,
  TrainedRecommender,
} from "../../contract/recommend.ts";
import { display, htmlTable } from "../../html.ts";
import type { RecommendAnswer } from "./recommend.ts";
import type { ServingDoor } from "./serving-door.ts";

/** On which rows of the ETL recommenders are trained and judged. */
export interface RecommenderRows {
  /** Default "recommendation_train". */
  readonly dataset?: string | undefined;
  /** Default "recommendation_test". */
  readonly testDataset?: string | undefined;
  /** From which score on a row counts: 1 viewed, 3 clicked (the default), 5 booked. */
  readonly engagement?: number | undefined;
  /** Length of the lists that are judged; default 10. */
  readonly k?: number | undefined;
}

/** How a recommender is trained. */
export interface RecommenderTraining extends RecommenderRows {
  /** In snake_case, as `GET /api/ml/algorithms/{name}/params` lists them. */
  readonly hyperparameters?: Readonly<Record<string, unknown>> | undefined;
}

/** A recommender by its name, with hyperparameters where they are not the usual ones. */
export type ComparedRecommender = string | { readonly algorithm: string; readonly hyperparameters?: Record<string, unknown> };

/** What somebody is recommended, and by whom. */
export interface RecommendCellOptions {
  /** Default 10. */
  readonly k?: number | undefined;
  /** A trained one by its id; default the newest. */
  readonly recommender?: string | undefined;
  /** A registered one: `name@1.0.0`, `name@production`. */
  readonly model?: string | undefined;
  /** The arm of this person answers, and the exposure is recorded. */
  readonly abTest?: string | undefined;
  readonly category?: string | undefined;
  readonly region?: string | undefined;
  /** Eight numbers in [0, 1] of somebody who is new. */
  readonly profile?: readonly number[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** What the test's result is split by. */
  readonly segments?: RecommendRequest["segments"];
}

/** A recommender that is being trained elsewhere. */
export interface SentRecommender {
  readonly jobId: string;
  /** Its run, which `lab.registry.deploy` takes. */
  readonly runId: string;
  /** Resolves with the recommender once it is trained. Throws DataError with its job's error. */
  done(options?: { readonly signal?: AbortSignal }): Promise<TrainedRecommender>;
}

/** Recommenders as cells use them: training, comparison, answers, feedback. */
export interface RecommenderServing {
  /** Trains a recommender on the rows of the ETL by a job; it then answers. */
  train(algorithm: string, options?: RecommenderTraining): Promise<SentRecommender>;
  /** Fits several by a job and judges them on the same users, popularity and chance beside them; none is kept. */
  compare(models: readonly ComparedRecommender[], options?: RecommenderRows): Promise<ml.RecommenderReport>;
  /** The newest first. */
  models(): Promise<readonly TrainedRecommender[]>;
  /** The best items for somebody, or for a profile of eight numbers that is nobody's, with reasons. */
  recommend(who: string | readonly number[], options?: RecommendCellOptions): Promise<RecommendAnswer>;
  /** Items that are like one; by the newest recommender, or another. */
  similar(item: string, options?: { readonly k?: number; readonly recommender?: string }): Promise<Omit<SimilarItems, "status">>;
  /** Says what somebody made of an item; later answers, and the A/B tests they are in, know it. */
  feedback(
    user: string,
    item: string,
    action: RecommendFeedback["action"],
    options?: { readonly recommender?: string; readonly feedbackId?: string; readonly at?: Date },
  ): Promise<void>;
}

/** Recommenders behind a door: each answer as it comes, and as a notebook draws it. */
export function servingBy(door: ServingDoor): RecommenderServing {
  return {
    async train(algorithm, { hyperparameters, ...rows } = {}) {
      const { job_id, run_id } = await door.train({ algorithm, hyperparameters: { ...hyperparameters }, ...rowsOf(rows) });
      const done: SentRecommender["done"] = async ({ signal } = {}) => {
        const { recommender_id: id } = resultsOf("train", await door.ended(job_id, signal)) as { recommender_id: string };
        return shownRecommender((await door.models()).find(({ recommender_id }) => recommender_id === id)!);
      };
      return { jobId: job_id, runId: run_id!, done };
    },
    async compare(models, rows = {}) {
      const specs = models.map((model) => (typeof model === "string" ? { algorithm: model } : model));
      const { job_id } = await door.compare({ models: specs, ...rowsOf(rows) });
      const report = resultsOf("compare", await door.ended(job_id)) as RecommenderComparison;
      const { new_users: newUsers, ...rest } = report;
      return ml.shownRecommenderReport({ ...rest, newUsers });
    },
    models: async () => shownRecommenders(await door.models()),
    async recommend(who, { recommender, abTest, profile, exclude, ...asked } = {}) {
      const [user_id, own] = typeof who === "string" ? [who, profile] : [randomUUID(), who];
      const whose = { recommender_id: recommender, ab_test_name: abTest };
      return shownAnswer(
        await door.show({ ...asked, ...whose, user_id, profile: own && [...own], exclude: exclude && [...exclude] }),
      );
    },
    async similar(item, { k, recommender } = {}) {
      const id = recommender ?? (await door.models())[0]?.recommender_id;
      if (id === undefined) throw new ml.NotFoundError("recommend: no recommender was trained: lab.recommendations.train(…)");
      const found = await door.similar(id, { item_id: item, ...(k !== undefined && { k }) });
      return display(found, () => htmlTable(found.items));
    },
    feedback: async (user_id, item_id, action, { recommender, feedbackId, at } = {}) =>
      void (await door.feedback({
        ...{ user_id, item_id, action },
        recommender_id: recommender,
        feedback_id: feedbackId,
        at: at?.toISOString(),
      })),
  };
}

function rowsOf({ dataset, testDataset, engagement, k }: RecommenderRows) {
  return { dataset_id: dataset, test_dataset_id: testDataset, engagement, k };
}

/** What a job gave. Throws DataError where it did not complete. */
function resultsOf(verb: string, { job_status, error, results }: Job): unknown {
  if (job_status === "completed") return results;
  throw new ml.DataError(`recommendations.${verb}: its job is ${job_status}: ${error ?? "it was cancelled"}`);
}

/** The measure of lists that a table shows first. */
const shownMeasure = /^(\w+)\.(ndcg|recall|coverage)@/;

function factsOf({ recommender_id, algorithm, model, dataset, users, items, measures }: TrainedRecommender) {
  const own = Object.entries(measures).filter(([name]) => shownMeasure.exec(name)?.[1] === algorithm);
  const figures = Object.fromEntries(own.map(([name, { value }]) => [name.slice(algorithm.length + 1), value]));
  return { recommender_id, algorithm, model, dataset, users, items, ...figures };
}

function shownRecommenders(recommenders: readonly TrainedRecommender[]): readonly TrainedRecommender[] {
  return display([...recommenders], () => htmlTable(recommenders.map(factsOf)));
}

/** A recommender with its measures and the baselines', drawn in a notebook. */
function shownRecommender(recommender: TrainedRecommender): TrainedRecommender {
  return display({ ...recommender }, () => {
    const rows = new Map<string, Record<string, unknown>>();
    for (const [name, { value, low, high }] of Object.entries(recommender.measures)) {
      const [by, measure] = [name.slice(0, name.indexOf(".")), name.slice(name.indexOf(".") + 1)];
      const interval = low === null || high === null ? "" : ` (${low.toPrecision(3)} … ${high.toPrecision(3)})`;
      rows.set(by, { ...(rows.get(by) ?? { recommender: by }), [measure]: `${value.toPrecision(3)}${interval}` });
    }
    return htmlTable([factsOf(recommender)]) + htmlTable([...rows.values()]);
  });
}

function shownAnswer(answer: RecommendAnswer): RecommendAnswer {
  return display({ ...answer }, () => {
    const { algorithm, model, source, ab_test } = answer;
    const items = answer.items.map(({ because, ...item }) => ({
      ...item,
      because: because.map(({ item_id, contribution }) => `${item_id} (${contribution.toPrecision(2)})`).join(", "),
    }));
    return htmlTable([{ algorithm, model, source, test: ab_test?.test_name, arm: ab_test?.arm }]) + htmlTable(items);
  });
}
