import { z } from "zod";
import { route } from "./route.ts";
import {
  changesAnswer,
  changesQuery,
  leaseAnswer,
  reclaimed,
  reclaimRequest,
  recordAnswer,
  recordFound,
  recordQuery,
  type StudyWire,
  studyCreate,
  studyPatch,
  type TrialWire,
  trialBegin,
  trialBegun,
  trialFinish,
  trialPatch,
  trialsAdd,
  trialsAdded,
  trialUpdate,
  workerHeard,
} from "./study-storage.ts";
import { byId } from "./values.ts";

const root = "/api/ml/studies";
const number = z.coerce.number().int().min(0).max(2_147_483_647);
const oneTrial = byId.extend({ number });
const citedNumber = z.object({ id: z.string().min(1).max(200).describe("Id or name of the study."), number });
const study: StudyWire = {
  id: "01981c3e-7b00-7c42-9d6f-0b6a51a1d501",
  name: "koi forest",
  directions: ["maximize"],
  attributes: { sampler: "tpe" },
  stopped: false,
  created_at: "2026-07-18T09:30:00.000Z",
};
const trial: TrialWire = {
  number: 7,
  state: "running",
  params: { max_depth: 6 },
  distributions: { max_depth: { type: "int", low: 1, high: 20 } },
  fixed: null,
  values: null,
  intermediate: [[1, 0.71]],
  error: null,
  attributes: {},
  started_at: "2026-07-18T09:31:00.000Z",
  ended_at: null,
  worker: "kernel-1",
  attempt: 1,
};
const cited = { id: study.id };
const citedTrial = { ...cited, number: 7 };
const lease = { worker: "kernel-1", attempt: 1 };
const changes = { cursor: "12", trials: [], more: false, stopped: false };

/** Ask and tell: a program searches by itself, and the service keeps its study; several programs may share one. */
export const studyStorageRoutes = {
  create: route({
    method: "POST",
    path: root,
    summary: "Makes a study that a program searches.",
    body: studyCreate,
    answer: recordAnswer,
    statuses: [201],
    example: { body: { name: study.name, directions: ["maximize"] }, answer: { study } },
  }),
  find: route({
    method: "GET",
    path: "/api/ml/study-records",
    summary: "The study of a name, as a program opens it; null where there is none.",
    query: recordQuery,
    answer: recordFound,
    example: { query: { name: study.name }, answer: { study } },
  }),
  change: route({
    method: "PATCH",
    path: `${root}/:id`,
    summary: "Merges attributes by key, sets or clears the stop.",
    params: byId,
    body: studyPatch,
    example: { params: cited, body: { stopped: false } },
  }),
  begin: route({
    method: "POST",
    path: `${root}/:id/begin`,
    summary: "Hands out the next trial, and tells what others did meanwhile.",
    params: byId,
    body: trialBegin,
    answer: trialBegun,
    example: { params: cited, body: { worker: "kernel-1" }, answer: { trial, changes } },
  }),
  changes: route({
    method: "GET",
    path: `${root}/:id/changes`,
    summary: "Trials that changed since a cursor.",
    params: byId,
    query: changesQuery,
    answer: changesAnswer,
    example: { params: cited, answer: { changes } },
  }),
  addTrials: route({
    method: "POST",
    path: `${root}/:id/trials`,
    summary: "Adds trials from elsewhere: ended, or waiting with the parameters they shall take.",
    params: byId,
    body: trialsAdd,
    answer: trialsAdded,
    example: { params: cited, body: { trials: [{ state: "waiting", fixed: { max_depth: 8 } }] }, answer: { numbers: [8] } },
  }),
  changeTrial: route({
    method: "PATCH",
    path: `${root}/:id/trials/:number`,
    summary: "Merges attributes of a trial by key, whether or not it has ended.",
    params: citedNumber,
    body: trialPatch,
    example: { params: { id: study.name, number: 0 }, body: { attributes: { looked_at_by: "ada" } } },
  }),
  updateTrial: route({
    method: "POST",
    path: `${root}/:id/trials/:number/update`,
    summary: "Adds to a running trial.",
    params: oneTrial,
    body: trialUpdate,
    answer: leaseAnswer,
    example: { params: citedTrial, body: { ...lease, intermediate: [[2, 0.74]] }, answer: { held: true } },
  }),
  finishTrial: route({
    method: "POST",
    path: `${root}/:id/trials/:number/finish`,
    summary: "Ends a running trial, once.",
    params: oneTrial,
    body: trialFinish,
    answer: leaseAnswer,
    example: { params: citedTrial, body: { ...lease, state: "completed", values: [0.77] }, answer: { held: true } },
  }),
  heartbeat: route({
    method: "POST",
    path: `${root}/:id/heartbeat`,
    summary: "Says that a worker's running trials are alive.",
    params: byId,
    body: workerHeard,
    example: { params: cited, body: { worker: "kernel-1" } },
  }),
  reclaim: route({
    method: "POST",
    path: `${root}/:id/reclaim`,
    summary: "Takes running trials from workers that fell silent.",
    params: byId,
    body: reclaimRequest,
    answer: reclaimed,
    example: { params: cited, body: { silent_ms: 60_000, attempts: 2 }, answer: { trials: 0 } },
  }),
};
