import { exampleRun, exampleSeries } from "./example-run.ts";
import { route } from "./route.ts";
import {
  columnsAnswer,
  groupsAnswer,
  groupsQuery,
  runSelection,
  runsChanged,
  runsChosen,
  runsMove,
  seriesRequest,
  tagsBulk,
} from "./runs.ts";
import { seriesAnswer } from "./training.ts";

const root = "/api/ml/runs";
const ids = [exampleRun.id];
const changed = { runs: 1 };

/** What tables of runs ask (columns, groups, curves), and what is done with many runs at once, all or none. */
export const manyRunRoutes = {
  columns: route({
    method: "GET",
    path: `${root}/columns`,
    summary: "Names of every metric, parameter and tag that runs of a selection have.",
    query: runSelection,
    answer: columnsAnswer,
    example: {
      query: { experiment: "koi" },
      answer: {
        metrics: [{ name: "test.accuracy", runs: 12 }],
        params: [{ name: "n_estimators", runs: 12 }],
        tags: [{ name: "team", runs: 3 }],
      },
    },
  }),
  groups: route({
    method: "GET",
    path: `${root}/groups`,
    summary: "Runs of a selection by a field's values.",
    query: groupsQuery,
    answer: groupsAnswer,
    example: {
      query: { by: "algorithm", metric: "metrics.test.accuracy" },
      answer: {
        groups: [
          {
            value: "random_forest",
            runs: 12,
            completed: 11,
            failed: 1,
            training: 0,
            mean: 0.771,
            min: 0.742,
            max: 0.783,
            last_created_at: exampleRun.created_at,
          },
        ],
      },
    },
  }),
  series: route({
    method: "POST",
    path: `${root}/series`,
    action: "read",
    summary: "Curves of several runs.",
    body: seriesRequest,
    answer: seriesAnswer,
    example: { body: { ids, names: ["train.loss"], points: 300 }, answer: { series: [exampleSeries] } },
  }),
  tagMany: route({
    method: "POST",
    path: `${root}/tags`,
    summary: "Sets and removes tags of many runs.",
    body: tagsBulk,
    answer: runsChanged,
    example: { body: { ids, set: { team: "survey" }, remove: ["draft"] }, answer: changed },
  }),
  moveMany: route({
    method: "POST",
    path: `${root}/move`,
    summary: "Moves runs into another experiment.",
    body: runsMove,
    answer: runsChanged,
    example: { body: { ids, experiment: "koi, final" }, answer: changed },
  }),
  deleteMany: route({
    method: "POST",
    path: `${root}/delete`,
    summary: "Deletes runs; they can be restored.",
    body: runsChosen,
    answer: runsChanged,
    example: { body: { ids }, answer: changed },
  }),
  restoreMany: route({
    method: "POST",
    path: `${root}/restore`,
    summary: "Brings deleted runs back.",
    body: runsChosen,
    answer: runsChanged,
    example: { body: { ids }, answer: changed },
  }),
};
