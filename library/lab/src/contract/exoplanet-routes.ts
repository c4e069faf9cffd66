import { event, eventsQuery } from "./events.ts";
import {
  type SignalDataset,
  sessionAnswer,
  sessionList,
  sessionStart,
  sessionStarted,
  signalDatasetList,
  signalPredict,
  signalPredicted,
  signalUpload,
  signalUploaded,
  type TrainingSession,
  workspaceQuery,
} from "./exoplanet.ts";
import { route } from "./route.ts";
import { byId } from "./values.ts";

const root = "/api/training";

const koi: SignalDataset = {
  dataset_id: "01981c3e-5a00-7c42-9d6f-0b6a51a1d001",
  name: "koi",
  dataset: "koi@1",
  samples: 9197,
  size_bytes: 512_340,
  report: {
    format: "koi",
    file_name: "koi_cumulative.csv",
    rows_read: 9564,
    rows_kept: 9197,
    rules: [{ rule: "missing", column: "koi_impact", rows: 363, message: "koi_impact is missing", first_line: 92 }],
    problems: [{ line: 92, column: "koi_impact", value: null, rule: "missing", message: "koi_impact is missing" }],
    classes: { CANDIDATE: 1875, CONFIRMED: 2744, "FALSE POSITIVE": 4578 },
    stars: 7925,
    leaky_columns: ["koi_score", "koi_pdisposition"],
    ignored_columns: ["ra", "dec"],
    assumed: [],
  },
  created_at: "2026-07-18T09:00:00.000Z",
};

const session: TrainingSession = {
  session_id: "01981c3e-6f00-7a11-8c55-2f1f6f1f0a01",
  job_id: "01981c3e-6f01-7d22-b1f4-91c08b6c2d10",
  session_status: "training",
  model_name: "exoplanet_model",
  saved_as: null,
  model_id: null,
  dataset: "koi@1",
  epochs: 20,
  epoch: 2,
  metrics: { accuracy: 0.741, val_accuracy: 0.752, loss: 0.71, val_loss: 0.68, period_mae: 0.31, depth_mae: 0.18 },
  results: {},
  progress: { step: 2, steps: 20, elapsed_ms: 9400 },
  error: null,
  created_at: "2026-07-18T09:20:00.000Z",
  started_at: "2026-07-18T09:20:01.000Z",
  ended_at: null,
};
const whole = {
  ...session,
  history: [
    { epoch: 1, accuracy: 0.69, val_accuracy: 0.73, loss: 0.92, val_loss: 0.77, period_mae: 0.4, depth_mae: 0.27 },
    { epoch: 2, ...session.metrics },
  ],
  logs: [{ id: "1", level: "info", message: "7357 signals to train on", at: "2026-07-18T09:20:01.000Z" }],
};
const cited = { id: session.session_id };

/** Exoplanet training: tables of transit signals, sessions, predictions. */
export const exoplanetRoutes = {
  upload: route({
    method: "POST",
    path: `${root}/upload-dataset`,
    summary: "Checks a CSV table of transit signals and stores the rows that pass.",
    form: signalUpload,
    answer: signalUploaded,
    statuses: [201],
    example: { form: { name: "koi" }, answer: { dataset: koi } },
  }),
  datasets: route({
    method: "GET",
    path: `${root}/datasets`,
    summary: "Tables of transit signals, newest first, with what their check found.",
    query: workspaceQuery,
    answer: signalDatasetList,
    example: { answer: { items: [koi], next_cursor: null } },
  }),
  exampleTable: route({
    method: "GET",
    path: `${root}/example`,
    summary: "A made-up table of 1,200 signals to try the flow with.",
    file: ["text/csv"],
    example: {},
  }),
  start: route({
    method: "POST",
    path: `${root}/start`,
    summary: "Starts a training session and answers at once.",
    body: sessionStart,
    answer: sessionStarted,
    statuses: [202],
    example: {
      body: { dataset_id: koi.dataset_id, epochs: 20, model_name: "exoplanet_model" },
      answer: { session_id: session.session_id, job_id: session.job_id, session_status: "pending" },
    },
  }),
  sessions: route({
    method: "GET",
    path: `${root}/sessions`,
    summary: "Training sessions, newest first, with their metrics as of now.",
    query: workspaceQuery,
    answer: sessionList,
    example: { answer: { items: [session], next_cursor: null } },
  }),
  session: route({
    method: "GET",
    path: `${root}/sessions/:id`,
    summary: "A training session with every epoch and its log.",
    params: byId,
    answer: sessionAnswer,
    example: { params: cited, answer: { session: whole } },
  }),
  sessionEvents: route({
    method: "GET",
    path: `${root}/sessions/:id/events`,
    summary: "What happened and happens to a session, until it has ended.",
    params: byId,
    query: eventsQuery,
    events: event,
    example: { params: cited },
  }),
  cancel: route({
    method: "POST",
    path: `${root}/sessions/:id/cancel`,
    summary: "Ends a session.",
    params: byId,
    answer: sessionAnswer,
    example: { params: cited, answer: { session: { ...whole, session_status: "cancelled" } } },
  }),
  predict: route({
    method: "POST",
    path: `${root}/predict`,
    action: "read",
    summary: "Label, period and depth of signals by the current network, through the registry.",
    body: signalPredict,
    answer: signalPredicted,
    example: {
      body: {
        features: {
          period: 9.488,
          duration: 2.958,
          depth: 616,
          impact: 0.146,
          snr: 35.8,
          steff: 5455,
          srad: 0.927,
          slogg: 4.467,
          tmag: 15.3,
        },
      },
      answer: {
        model: "exoplanet_model@exoplanet_model_20260718_092500",
        model_id: "01981c3e-7a10-7c42-9d6f-0b6a51a1c0de",
        prediction_id: "01981c3e-7b20-7c42-9d6f-0b6a51a1c0df",
        source: "advanced",
        warnings: [],
        items: [
          {
            label: "CONFIRMED",
            label_proba: { CANDIDATE: 0.17, CONFIRMED: 0.78, "FALSE POSITIVE": 0.05 },
            period: 8.1,
            depth: 640,
          },
        ],
      },
    },
  }),
};
