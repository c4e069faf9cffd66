import {
  recommendCompare,
  recommended,
  recommenderList,
  recommenderListQuery,
  recommendFeedback,
  recommendParams,
  recommendQuery,
  recommendQueued,
  recommendRequest,
  recommendTrain,
  similarItems,
  similarQuery,
  type TrainedRecommender,
} from "./recommend.ts";
import { route } from "./route.ts";
import { answer, byId } from "./values.ts";

const root = "/api/ml/recommend";

const ease: TrainedRecommender = {
  recommender_id: "01981c3e-9a00-7c42-9d6f-0b6a51a1f001",
  run_id: "01981c3e-9a00-7c42-9d6f-0b6a51a1f002",
  model: "travel@1.0.0",
  algorithm: "ease",
  dataset: "recommendation_train@1",
  users: 12_804,
  items: 1986,
  size_bytes: 31_400_000,
  measures: { "ease.ndcg@10": { value: 0.081, low: 0.078, high: 0.084 } },
  created_at: "2026-07-18T09:20:00.000Z",
};

const answered = {
  user_id: "4711",
  recommender_id: ease.recommender_id,
  model: null,
  ab_test: null,
  algorithm: "ease",
  source: "model",
  items: [
    { item_id: "12", score: 0.41, category: "beach_resort", region: "coast", because: [{ item_id: "7", contribution: 0.3 }] },
  ],
};

/** Recommenders: training, answers, feedback. */
export const recommendRoutes = {
  train: route({
    method: "POST",
    path: `${root}/train`,
    summary: "Trains a recommender on the rows of the ETL by a job; the newest answers.",
    body: recommendTrain,
    answer: recommendQueued,
    statuses: [202],
    example: {
      body: { algorithm: "ease" },
      answer: { job_id: "01981c3e-9a00-7c42-9d6f-0b6a51a1f003", run_id: ease.run_id },
    },
  }),
  compare: route({
    method: "POST",
    path: `${root}/compare`,
    summary: "Fits several recommenders on the rows of the ETL by a job and judges them on the same users; keeps none.",
    body: recommendCompare,
    answer: recommendQueued,
    statuses: [202],
    example: {
      body: { models: [{ algorithm: "ease" }, { algorithm: "als", hyperparameters: { factors: 32 } }] },
      answer: { job_id: "01981c3e-9a00-7c42-9d6f-0b6a51a1f004", run_id: null },
    },
  }),
  models: route({
    method: "GET",
    path: `${root}/models`,
    summary: "Recommenders that were trained, newest first, with their measures.",
    query: recommenderListQuery,
    answer: recommenderList,
    example: { answer: { items: [ease], next_cursor: null } },
  }),
  similar: route({
    method: "GET",
    path: `${root}/models/:id/similar`,
    summary: "Items that are like one, by a recommender's vectors or by its own likeness.",
    params: byId,
    query: similarQuery,
    answer: similarItems,
    example: {
      params: { id: ease.recommender_id },
      query: { item_id: "12", k: 1 },
      answer: {
        recommender_id: ease.recommender_id,
        algorithm: "als",
        item_id: "12",
        source: "vectors",
        items: [{ item_id: "31", score: 0.93, category: "beach_resort", region: "coast" }],
      },
    },
  }),
  feedback: route({
    method: "POST",
    path: `${root}/feedback`,
    summary: "Says what somebody made of an item; later answers to this person know it.",
    body: recommendFeedback,
    answer: answer({}),
    statuses: [201],
    example: { body: { user_id: "4711", item_id: "12", action: "clicked" } },
  }),
  show: route({
    method: "POST",
    path: root,
    action: "read",
    summary:
      "The best items for somebody who is shown them: by a recommender, a registered version, or the arm that an A/B test gives them, with the exposure recorded.",
    body: recommendRequest,
    answer: recommended,
    example: {
      body: { user_id: "4711", k: 1, ab_test_name: "rules-or-ease" },
      answer: { ...answered, model: "travel@1.0.0", ab_test: { test_name: "rules-or-ease", arm: "b" } },
    },
  }),
  recommend: route({
    method: "GET",
    path: `${root}/:user_id`,
    summary:
      "A look at the best items for somebody, with reasons, that records nothing; newcomers get answers by their feedback, their profile, or what most people took.",
    params: recommendParams,
    query: recommendQuery,
    answer: recommended,
    example: {
      params: { user_id: "4711" },
      query: { k: 1 },
      answer: answered,
    },
  }),
};
