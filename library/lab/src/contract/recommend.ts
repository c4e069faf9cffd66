import { z } from "zod";
import { answer, id, instant, listOf, page } from "./values.ts";

const ref = z.string().min(1).max(300);
const recommenderSpec = z.object({
  algorithm: z
    .string()
    .min(1)
    .max(100)
    .default("ease")
    .describe("As GET /api/ml/algorithms?task_type=recommendation lists them."),
  hyperparameters: z.record(z.string(), z.unknown()).default({}),
});
const trainedOn = {
  dataset_id: ref.default("recommendation_train").describe("Rows of the ETL to train on."),
  test_dataset_id: ref.default("recommendation_test").describe("Rows of the ETL to test on."),
  engagement: z
    .number()
    .int()
    .min(1)
    .max(5)
    .default(3)
    .describe("From which score on a row counts: 1 viewed, 3 clicked, 5 booked."),
  k: z.number().int().min(1).max(100).default(10),
};

/** Body of POST /api/ml/recommend/train. */
export const recommendTrain = recommenderSpec.extend(trainedOn);
export type RecommendTrain = z.input<typeof recommendTrain>;

/** Body of POST /api/ml/recommend/compare. */
export const recommendCompare = z.object({
  models: z.array(recommenderSpec).min(1).max(8).describe("Fitted on the same rows; popularity and random stand beside."),
  ...trainedOn,
});
export type RecommendCompare = z.input<typeof recommendCompare>;

const measure = z.object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() });

/** What a comparison's job gives as its results. */
export const recommenderComparison = z.object({
  users: z.number().int().describe("With held-out items, whom the fit knew: means are over these."),
  new_users: z.number().int().describe("With held-out items, whom the fit did not know; they are left out."),
  k: z.array(z.number().int()),
  confidence: z.number(),
  models: z.array(z.object({ name: z.string(), algorithm: z.string(), measures: z.record(z.string(), measure) })),
  differences: z
    .array(z.object({ a: z.string(), b: z.string(), measure: z.string(), value: z.number(), low: z.number(), high: z.number() }))
    .describe("Mean of a less mean of b, over the same users."),
});
export type RecommenderComparison = z.infer<typeof recommenderComparison>;

/** A recommender that answers. */
export const trainedRecommender = z.object({
  recommender_id: id,
  run_id: id.nullable(),
  model: z.string().nullable().describe("name@version of the newest version that it is registered as."),
  algorithm: z.string(),
  dataset: z.string().describe("name@version."),
  users: z.number().int(),
  items: z.number().int(),
  size_bytes: z.number(),
  measures: z.record(z.string(), measure).describe('By "model.measure@k"; popularity and random stand beside.'),
  created_at: instant,
});
export type TrainedRecommender = z.infer<typeof trainedRecommender>;

const user = z
  .string()
  .min(1)
  .max(200)
  .refine((key) => !key.includes("\0"), "must have no NUL")
  .describe("As the application names the user, or key:… with the user_key of a dataset.");
const filters = {
  category: z.string().max(200).optional().describe("Only items of this category."),
  region: z.string().max(200).optional().describe("Only items of this region."),
};
const whose = {
  recommender_id: id.optional().describe("Default: the newest."),
  model: ref.optional().describe("A registered one: name@version, name@production, name@alias, name, or the version's id."),
};
const dimensionNames = "Climate, culture, budget, activity, group, urban, gastronomy, popularity of somebody who is new.";

/** Query of GET /api/ml/recommend/{user_id}. */
export const recommendQuery = z.object({
  k: z.coerce.number().int().min(1).max(100).default(10),
  ...whose,
  ...filters,
  profile: z
    .string()
    .regex(/^(0|1|0?\.\d+|[01]\.\d+)(,(0|1|0?\.\d+|[01]\.\d+)){7}$/, "must be eight numbers from 0 to 1 with commas between")
    .optional()
    .describe(dimensionNames),
});
export const recommendParams = z.object({ user_id: user });

/** Body of POST /api/ml/recommend. */
export const recommendRequest = z
  .object({
    user_id: user,
    k: z.number().int().min(1).max(100).default(10),
    ...whose,
    ab_test_name: z.string().min(1).max(200).optional().describe("The arm of this person answers, and the exposure is recorded."),
    ...filters,
    profile: z.array(z.number().min(0).max(1)).length(8).optional().describe(dimensionNames),
    exclude: z.array(ref).max(1000).optional().describe("Items that are not to come; unknown ones say nothing."),
    segments: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .optional()
      .describe("What the test's result is split by: kept of the first exposure."),
    project_id: id.optional(),
  })
  .refine(
    ({ recommender_id, model, ab_test_name }) =>
      [recommender_id, model, ab_test_name].filter((given) => given !== undefined).length <= 1,
    { path: ["model"], message: "is one of recommender_id, model and ab_test_name; more than one was sent" },
  );
export type RecommendRequest = z.input<typeof recommendRequest>;

/** An item for somebody, and which of their own items speak for it. */
export const recommendedItem = z.object({
  item_id: z.string(),
  score: z.number(),
  category: z.string().nullable(),
  region: z.string().nullable(),
  because: z
    .array(z.object({ item_id: z.string(), contribution: z.number() }))
    .describe(
      "The three of the person's own items that say most, with their shares. The shares of all their items sum to the score of ease and item_knn, and to that of als and two_tower for a person who is taken in anew, exactly; elsewhere the score has a rest that no item carries: bpr's bias of the item, and what the fit made of the person's vector beyond what their items make of it now.",
    ),
});
export const recommended = answer({
  user_id: z.string(),
  recommender_id: id,
  model: z.string().nullable().describe("name@version, where a registered one answered."),
  ab_test: z
    .object({
      test_name: z.string(),
      arm: z.enum(["a", "b"]).nullable().describe("null: the test was stopped, its winner answers."),
    })
    .nullable(),
  algorithm: z.string(),
  source: z
    .enum(["model", "feedback", "profile", "popularity"])
    .describe(
      "What the answer is of: the fit with what the person told since, what a newcomer told, the profile that was sent, or what most people took.",
    ),
  items: z.array(recommendedItem),
});
export type Recommended = z.infer<typeof recommended>;

/** Query of GET /api/ml/recommend/models/{id}/similar. */
export const similarQuery = z.object({ item_id: ref, k: z.coerce.number().int().min(1).max(100).default(10) });
export const similarItems = answer({
  recommender_id: id,
  algorithm: z.string(),
  item_id: z.string(),
  source: z
    .enum(["vectors", "model"])
    .describe("vectors: by the cosine of the items' vectors; model: by the algorithm's own likeness."),
  items: z.array(recommendedItem.omit({ because: true })),
});
export type SimilarItems = z.infer<typeof similarItems>;

/** Body of POST /api/ml/recommend/feedback. */
export const recommendFeedback = z.object({
  user_id: user,
  item_id: ref,
  action: z.enum(["viewed", "clicked", "booked", "rejected"]),
  recommender_id: id.optional(),
  feedback_id: z.string().min(1).max(200).optional().describe("The same again counts once in A/B results."),
  at: z.iso.datetime({ offset: true }).optional().describe("When it happened; default now."),
});
export type RecommendFeedback = z.input<typeof recommendFeedback>;
export const recommendQueued = answer({ job_id: id, run_id: id.nullable() });
export const recommenderList = listOf(trainedRecommender);
export const recommenderListQuery = page;
