import { deleted } from "./datasets.ts";
import { route } from "./route.ts";
import { byId } from "./values.ts";
import { type Kept, keepRequest, keptList, keptListQuery, templateAnswer, viewAnswer } from "./views.ts";

const views = "/api/ml/views";
const templates = "/api/ml/templates";
const stamps = { created_by: "ada", created_at: "2026-07-18T10:00:00.000Z", updated_at: "2026-07-18T10:00:00.000Z" };

const best: Kept = {
  id: "01981c3e-8a00-7c42-9d6f-0b6a51a1d601",
  kind: "experiments",
  name: "best forests",
  content: { filter: "algorithm = 'random_forest'", sort: "-metrics.test.accuracy", columns: ["name", "metrics.test.accuracy"] },
  ...stamps,
};
const forest: Kept = {
  id: "01981c3e-8b00-7c42-9d6f-0b6a51a1d602",
  kind: "training",
  name: "koi forest",
  content: { dataset_id: "koi", target_column: "koi_disposition", algorithm: "random_forest" },
  ...stamps,
};

/** Views that people keep: how a panel shows things. */
export const viewRoutes = {
  list: route({
    method: "GET",
    path: views,
    summary: "Kept views by panel and name.",
    query: keptListQuery,
    answer: keptList,
    example: { query: { kind: "experiments" }, answer: { items: [best], next_cursor: null } },
  }),
  create: route({
    method: "POST",
    path: views,
    summary: "Keeps a view under its panel and name.",
    body: keepRequest,
    answer: viewAnswer,
    statuses: [201],
    example: { body: { kind: best.kind, name: best.name, content: best.content }, answer: { view: best } },
  }),
  get: route({
    method: "GET",
    path: `${views}/:id`,
    summary: "A kept view.",
    params: byId,
    answer: viewAnswer,
    example: { params: { id: best.id }, answer: { view: best } },
  }),
  delete: route({
    method: "DELETE",
    path: `${views}/:id`,
    summary: "Deletes a kept view.",
    params: byId,
    answer: deleted,
    example: { params: { id: best.id }, answer: { deleted: best.id } },
  }),
};

/** Filled-in forms that people keep. */
export const templateRoutes = {
  list: route({
    method: "GET",
    path: templates,
    summary: "Kept templates by form and name.",
    query: keptListQuery,
    answer: keptList,
    example: { query: { kind: "training" }, answer: { items: [forest], next_cursor: null } },
  }),
  create: route({
    method: "POST",
    path: templates,
    summary: "Keeps a filled-in form under its name.",
    body: keepRequest,
    answer: templateAnswer,
    statuses: [201],
    example: { body: { kind: forest.kind, name: forest.name, content: forest.content }, answer: { template: forest } },
  }),
  get: route({
    method: "GET",
    path: `${templates}/:id`,
    summary: "A kept template.",
    params: byId,
    answer: templateAnswer,
    example: { params: { id: forest.id }, answer: { template: forest } },
  }),
  delete: route({
    method: "DELETE",
    path: `${templates}/:id`,
    summary: "Deletes a kept template.",
    params: byId,
    answer: deleted,
    example: { params: { id: forest.id }, answer: { deleted: forest.id } },
  }),
};
