import { z } from "zod";
import { deleted } from "./datasets.ts";
import { citedRun, exampleLine, exampleRun, exampleRunInfo, exampleSeries, exampleSystemSeries } from "./example-run.ts";
import { jobCreated } from "./jobs.ts";
import { route } from "./route.ts";
import {
  cellAnswer,
  childrenAnswer,
  linesLog,
  paramsLog,
  replayAnswer,
  replayRequest,
  runBatch,
  runCreate,
  runEnding,
  runPatch,
  runStarted,
  seriesQuery,
  tagsLog,
} from "./runs.ts";
import { systemAnswer, systemQuery } from "./system-metrics.ts";
import { logsAnswer, logWindow, metricsLog, runAnswer, seriesAnswer } from "./training.ts";
import { byId } from "./values.ts";

const root = "/api/ml/runs";
const whole = { experiment: exampleRunInfo };

/** What a program tells of its run. */
const tellRoutes = {
  heartbeat: route({
    method: "POST",
    path: `${root}/:id/heartbeat`,
    summary: "Says that the run's program lives.",
    params: byId,
    example: { params: citedRun },
  }),
  logMetrics: route({
    method: "POST",
    path: `${root}/:id/metrics`,
    summary: "Appends points of metrics.",
    params: byId,
    body: metricsLog,
    example: { params: citedRun, body: { metrics: [{ name: "loss", split: "train", step: 2, value: 0.44 }], batch_id: "7f-2" } },
  }),
  logParams: route({
    method: "POST",
    path: `${root}/:id/params`,
    summary: "Sets parameters.",
    params: byId,
    body: paramsLog,
    example: { params: citedRun, body: { params: { learning_rate: 0.1 } } },
  }),
  logTags: route({
    method: "POST",
    path: `${root}/:id/tags`,
    summary: "Sets tags.",
    params: byId,
    body: tagsLog,
    example: { params: citedRun, body: { tags: { team: "survey" } } },
  }),
  logLines: route({
    method: "POST",
    path: `${root}/:id/logs`,
    summary: "Appends lines.",
    params: byId,
    body: linesLog,
    example: { params: citedRun, body: { lines: [{ level: "info", message: exampleLine.message }] } },
  }),
  logBatch: route({
    method: "POST",
    path: `${root}/:id/batch`,
    summary: "Metrics, parameters, tags and lines in one message.",
    params: byId,
    body: runBatch,
    example: { params: citedRun, body: { metrics: [{ name: "loss", step: 2, value: 0.44 }], tags: { team: "survey" } } },
  }),
  finish: route({
    method: "POST",
    path: `${root}/:id/finish`,
    summary: "Ends the run; the same ending twice is no error.",
    params: byId,
    body: runEnding,
    answer: runAnswer,
    example: { params: citedRun, body: { run_status: "completed" }, answer: whole },
  }),
};

/** Tracking from any program: a run is made, told what happens, and finished. */
export const runRoutes = {
  create: route({
    method: "POST",
    path: root,
    summary: "Starts a run; it fails unless its program is heard of within `lease_seconds`.",
    body: runCreate,
    answer: runStarted,
    statuses: [201],
    example: {
      body: { experiment: "koi", name: exampleRun.name, algorithm: "random_forest", params: { n_estimators: 300 } },
      answer: { run_id: exampleRun.id, run_status: "training", lease_until: "2026-07-18T09:35:00.000Z" },
    },
  }),
  get: route({
    method: "GET",
    path: `${root}/:id`,
    summary: "One run whole, also a deleted one.",
    params: byId,
    answer: runAnswer,
    example: { params: citedRun, answer: whole },
  }),
  change: route({
    method: "PATCH",
    path: `${root}/:id`,
    summary: "Sets what is given, and leaves the rest.",
    params: byId,
    body: runPatch,
    answer: runAnswer,
    example: { params: citedRun, body: { notes: "the best so far" }, answer: whole },
  }),
  delete: route({
    method: "DELETE",
    path: `${root}/:id`,
    summary: "Deletes a run; it can be restored.",
    params: byId,
    answer: deleted,
    example: { params: citedRun, answer: { deleted: exampleRun.id } },
  }),
  ...tellRoutes,
  metrics: route({
    method: "GET",
    path: `${root}/:id/metrics`,
    aliases: ["/api/ml/experiments/:id/metrics", "/ml/experiments/:id/metrics"],
    summary: "A run's curves, thinned to so many points; what its machine did only where it is named.",
    params: byId,
    query: seriesQuery,
    answer: seriesAnswer,
    example: { params: citedRun, query: { name: "train.loss" }, answer: { series: [exampleSeries] } },
  }),
  systemMetrics: route({
    method: "GET",
    path: `${root}/:id/system-metrics`,
    summary: "What a run's process and machine did: processor, memory, disk, and GPU where there is one.",
    params: byId,
    query: systemQuery,
    answer: systemAnswer,
    example: { params: citedRun, query: { points: 500 }, answer: { series: exampleSystemSeries } },
  }),
  logs: route({
    method: "GET",
    path: `${root}/:id/logs`,
    aliases: ["/api/ml/experiments/:id/logs", "/ml/experiments/:id/logs"],
    summary: "A run's lines behind one that is known.",
    params: byId,
    query: logWindow,
    answer: logsAnswer,
    example: { params: citedRun, query: { after: "0" }, answer: { items: [exampleLine] } },
  }),
  children: route({
    method: "GET",
    path: `${root}/:id/children`,
    summary: "Runs that are a part of one.",
    params: byId,
    answer: childrenAnswer,
    example: { params: citedRun, answer: { items: [{ ...exampleRun, parent_id: exampleRun.id }] } },
  }),
  cell: route({
    method: "GET",
    path: `${root}/:id/cell`,
    summary: "The cell that makes a run.",
    params: byId,
    answer: cellAnswer,
    example: { params: citedRun, answer: { code: 'const run = await lab.train("koi", { algorithm: "random_forest" })' } },
  }),
  replay: route({
    method: "POST",
    path: `${root}/:id/replay`,
    summary: "Does a run again from its record and tells what differs; 200 where the request waits for it.",
    params: byId,
    body: replayRequest.nullish(),
    answer: z.union([jobCreated, replayAnswer]),
    statuses: [202, 200],
    example: {
      params: citedRun,
      body: { wait: true },
      answer: {
        replay: {
          run_id: exampleRun.id,
          replay_id: "01981c40-1200-7f11-a3c2-7d0e5b1f6a90",
          equal: true,
          metrics: [{ name: "test.accuracy", recorded: 0.783, replayed: 0.783, equal: true }],
          differences: [],
        },
      },
    },
  }),
};
