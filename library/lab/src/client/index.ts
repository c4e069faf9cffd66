import type { z } from "zod";
import { type ChartSpec, chartAnswer, chartFigure, chartList } from "../contract/charts.ts";
import { type CompareRequest, compareAnswer } from "../contract/compare.ts";
import {
  type DatasetChange,
  datasetAnswer,
  datasetList,
  datasetPreview,
  datasetProfile,
  datasetUploaded,
  deleted,
  diffAnswer,
  type ExportFormat,
  storageAnswer,
} from "../contract/datasets.ts";
import type { Event } from "../contract/events.ts";
import { type ImportSource, importAnswer } from "../contract/imports.ts";
import {
  jobAnswer,
  jobList,
  jobLogsAnswer,
  jobQueued,
  type jobSubmit,
  type ScheduleCreate,
  scheduleAnswer,
  type scheduleChange,
  scheduleList,
} from "../contract/jobs.ts";
import {
  compareModelsAnswer,
  compareModelsQueued,
  type compareModelsRequest,
  selectFeaturesAnswer,
  type selectFeaturesRequest,
} from "../contract/selection.ts";
import { type SplitRequest, splitCreated, splitIndicesAnswer, splitList } from "../contract/splits.ts";
import {
  cleanAnswer,
  type cleanRequest,
  previewAnswer,
  type previewRequest,
  stepForms,
  type TransformRequest,
  transformAnswer,
} from "../contract/steps.ts";
import {
  importanceAnswer,
  studyAnswer,
  studyList,
  studyPlotsAnswer,
  type TrialQuery,
  trialList,
  tuneCreated,
  type tuneRequest,
} from "../contract/studies.ts";
import {
  algorithmList,
  algorithmParams,
  evaluateAnswer,
  type evaluateRequest,
  type experimentCreate,
  logsAnswer,
  runAnswer,
  runCreated,
  runList,
  seriesAnswer,
  validateAnswer,
  type validateRequest,
} from "../contract/training.ts";
import type { Problem } from "../contract/values.ts";
import { abTestMethods } from "./ab-tests.ts";
import { modelMethods } from "./models.ts";
import { ProblemError } from "./problem-error.ts";

export * from "./fallback.ts";
export { ProblemError } from "./problem-error.ts";

/** How the service is reached. */
export interface ClientOptions {
  /** Address of the service, as http://127.0.0.1:8790; default the page's own. */
  readonly url?: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  /** Default the global `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

type Query = Readonly<Record<string, string | number | undefined>>;

/** A typed client of the service for browsers and Node: one method a route, answers checked by the contract. */
export function assayClient({ url = "", token, fetch: send = (address, init) => fetch(address, init) }: ClientOptions = {}) {
  const request = async (
    method: string,
    path: string,
    body?: unknown,
    query: Query = {},
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Response> => {
    const given = Object.entries(query).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)] as [string, string]],
    );
    const search = new URLSearchParams(given).toString();
    const json = body !== undefined && !(body instanceof FormData);
    const answer = await send(`${url}/api/ml${path}${search && `?${search}`}`, {
      method,
      headers: {
        "x-assay": "1",
        ...(token && { authorization: `Bearer ${token}` }),
        ...(json && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: json ? JSON.stringify(body) : (body as FormData) }),
      ...(signal && { signal }),
    });
    if (!answer.ok) throw new ProblemError(await problemOf(answer));
    return answer;
  };
  const call = async <T extends z.ZodType>(schema: T, ...args: Parameters<typeof request>): Promise<z.output<T>> =>
    schema.parse(await (await request(...args)).json());
  const id = encodeURIComponent;
  return {
    datasets: (query?: Query) => call(datasetList, "GET", "/datasets", undefined, query),
    dataset: (ref: string) => call(datasetAnswer, "GET", `/datasets/${id(ref)}`),
    preview: (ref: string, query?: Query) => call(datasetPreview, "GET", `/datasets/${id(ref)}/preview`, undefined, query),
    upload: (file: Blob, fileName: string, name?: string) => {
      const form = new FormData();
      if (name !== undefined) form.set("name", name);
      form.set("file", file, fileName);
      return call(datasetUploaded, "POST", "/datasets/upload", form);
    },
    deleteDataset: async (ref: string, query?: { readonly force?: "true" }) =>
      void (await request("DELETE", `/datasets/${id(ref)}`, undefined, query)),
    changeDataset: (ref: string, body: DatasetChange) => call(datasetAnswer, "PATCH", `/datasets/${id(ref)}`, body),
    profile: (ref: string, query?: { readonly target?: string }) =>
      call(datasetProfile, "GET", `/datasets/${id(ref)}/profile`, undefined, query),
    exportDataset: async (ref: string, format: ExportFormat) =>
      (await request("GET", `/datasets/${id(ref)}/export`, undefined, { format })).blob(),
    diffVersions: (ref: string, from: number, to: number) =>
      call(diffAnswer, "GET", `/datasets/${id(ref)}/versions/${from}/diff`, undefined, { to }),
    restoreVersion: (ref: string, version: number) =>
      call(datasetAnswer, "POST", `/datasets/${id(ref)}/versions/${version}/restore`),
    storage: () => call(storageAnswer, "GET", "/storage"),
    changeQuota: (quota_bytes: number | null) => call(storageAnswer, "PUT", "/storage", { quota_bytes }),
    stepForms: () => call(stepForms, "GET", "/data/steps"),
    previewSteps: (body: z.input<typeof previewRequest>) => call(previewAnswer, "POST", "/data/preview", body),
    transform: (body: TransformRequest) => call(transformAnswer, "POST", "/data/transform", body),
    clean: (body: z.input<typeof cleanRequest>) => call(cleanAnswer, "POST", "/data/clean", body),
    selectFeatures: (body: z.input<typeof selectFeaturesRequest>, signal?: AbortSignal) =>
      call(selectFeaturesAnswer, "POST", "/data/select-features", body, undefined, undefined, signal),
    compareModels: (body: Omit<z.input<typeof compareModelsRequest>, "background">, signal?: AbortSignal) =>
      call(compareModelsAnswer, "POST", "/models/compare", body, undefined, undefined, signal),
    queueComparison: (body: Omit<z.input<typeof compareModelsRequest>, "background">) =>
      call(compareModelsQueued, "POST", "/models/compare", { ...body, background: true }),
    split: (body: SplitRequest) => call(splitCreated, "POST", "/data/split", body),
    splits: (ref: string) => call(splitList, "GET", `/datasets/${id(ref)}/splits`),
    splitIndices: (splitId: string) => call(splitIndicesAnswer, "GET", `/data/splits/${id(splitId)}/indices`),
    deleteSplit: async (splitId: string) => void (await request("DELETE", `/data/splits/${id(splitId)}`)),
    charts: (ref: string) => call(chartList, "GET", `/datasets/${id(ref)}/charts`),
    saveChart: (ref: string, name: string, chart: ChartSpec) =>
      call(chartAnswer, "POST", `/datasets/${id(ref)}/charts`, { name, ...chart }),
    drawChart: (ref: string, chart: ChartSpec) => call(chartFigure, "POST", `/datasets/${id(ref)}/figure`, chart),
    deleteChart: async (ref: string, chartId: string) =>
      void (await request("DELETE", `/datasets/${id(ref)}/charts/${id(chartId)}`)),
    evaluate: (runId: string, body: z.input<typeof evaluateRequest>) =>
      call(evaluateAnswer, "POST", `/experiments/${id(runId)}/evaluate`, body),
    algorithms: (task_type?: "classification" | "regression") =>
      call(algorithmList, "GET", "/algorithms", undefined, { task_type }),
    params: (algorithm: string, task_type?: "classification" | "regression") =>
      call(algorithmParams, "GET", `/algorithms/${id(algorithm)}/params`, undefined, { task_type }),
    validateFeatures: (body: z.input<typeof validateRequest>) => call(validateAnswer, "POST", "/validate-features", body),
    createExperiment: (body: z.input<typeof experimentCreate>) => call(runCreated, "POST", "/experiments/create", body),
    experiments: (query?: Query) => call(runList, "GET", "/experiments/list", undefined, query),
    experiment: (runId: string) => call(runAnswer, "GET", `/experiments/${id(runId)}`),
    metrics: (runId: string) => call(seriesAnswer, "GET", `/experiments/${id(runId)}/metrics`),
    logs: (runId: string) => call(logsAnswer, "GET", `/experiments/${id(runId)}/logs`),
    cancel: (runId: string) => call(runAnswer, "POST", `/experiments/${id(runId)}/cancel`),
    compare: (runs: readonly string[] | CompareRequest) =>
      call(compareAnswer, "POST", "/experiments/compare", Array.isArray(runs) ? { ids: runs } : runs),
    /** A comparison as a file: `csv` as it is, `spreadsheet` without formulas, HTML or PDF. */
    exportComparison: async (runs: readonly string[] | CompareRequest, format: "csv" | "spreadsheet" | "html" | "pdf") =>
      (await request("POST", "/experiments/compare", Array.isArray(runs) ? { ids: runs } : runs, { format })).blob(),
    runReport: async (runId: string, format: "html" | "pdf") =>
      (await request("GET", `/experiments/${id(runId)}/report`, undefined, { format })).blob(),
    datasetReport: async (ref: string, format: "html" | "pdf") =>
      (await request("GET", `/datasets/${id(ref)}/report`, undefined, { format })).blob(),
    /** Takes over the runs of an MLflow store or the studies of an Optuna one. */
    importHistory: (source: ImportSource, file: Blob, fileName: string) => {
      const form = new FormData();
      form.set("source", source);
      form.set("file", file, fileName);
      return call(importAnswer, "POST", "/import", form);
    },
    deleteExperiment: async (runId: string) => void (await request("DELETE", `/experiments/${id(runId)}`)),
    tune: (body: z.input<typeof tuneRequest>) => call(tuneCreated, "POST", "/models/tune", body),
    studies: (query?: Query) => call(studyList, "GET", "/studies", undefined, query),
    study: (ref: string) => call(studyAnswer, "GET", `/studies/${id(ref)}`),
    trials: (ref: string, query?: TrialQuery) => call(trialList, "GET", `/studies/${id(ref)}/trials`, undefined, query as Query),
    studyImportance: (ref: string) => call(importanceAnswer, "GET", `/studies/${id(ref)}/importance`),
    studyPlots: (ref: string) => call(studyPlotsAnswer, "GET", `/studies/${id(ref)}/plots`),
    stopStudy: (ref: string) => call(studyAnswer, "POST", `/studies/${id(ref)}/stop`),
    deleteStudy: (ref: string) => call(deleted, "DELETE", `/studies/${id(ref)}`),
    job: (jobId: string) => call(jobAnswer, "GET", `/jobs/${id(jobId)}`),
    jobs: (query?: Query) => call(jobList, "GET", "/jobs", undefined, query),
    jobLogs: (jobId: string, query?: Query) => call(jobLogsAnswer, "GET", `/jobs/${id(jobId)}/logs`, undefined, query),
    submitJob: (body: z.input<typeof jobSubmit>, idempotencyKey?: string) =>
      call(jobQueued, "POST", "/jobs", body, {}, idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    cancelJob: (jobId: string) => call(jobAnswer, "POST", `/jobs/${id(jobId)}/cancel`),
    retryJob: (jobId: string) => call(jobAnswer, "POST", `/jobs/${id(jobId)}/retry`),
    schedules: (query?: Query) => call(scheduleList, "GET", "/schedules", undefined, query),
    createSchedule: (body: ScheduleCreate) => call(scheduleAnswer, "POST", "/schedules", body),
    changeSchedule: (scheduleId: string, body: z.input<typeof scheduleChange>) =>
      call(scheduleAnswer, "PATCH", `/schedules/${id(scheduleId)}`, body),
    deleteSchedule: async (scheduleId: string) => void (await request("DELETE", `/schedules/${id(scheduleId)}`)),
    ...modelMethods({ call, request }),
    ...abTestMethods({ call }),
    /** Events of a run, or of the project, until the signal; resumed behind `after`. */
    async *events({
      runId,
      after,
      signal,
    }: {
      readonly runId?: string;
      readonly after?: string;
      readonly signal: AbortSignal;
    }): AsyncGenerator<{ id: string; event: Event }> {
      const path = runId === undefined ? "/events" : `/experiments/${id(runId)}/events`;
      const headers = { accept: "text/event-stream", ...(after !== undefined && { "last-event-id": after }) };
      const answer = await request("GET", path, undefined, {}, headers, signal);
      yield* readEvents(answer.body!);
    },
  };
}

async function problemOf(answer: Response): Promise<Problem> {
  const text = await answer.text();
  try {
    const problem = JSON.parse(text) as Problem;
    if (typeof problem.detail === "string") return problem;
  } catch {}
  return {
    type: "about:blank",
    title: answer.statusText,
    status: answer.status,
    detail: `the service answered ${answer.status}`,
  };
}

async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<{ id: string; event: Event }> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = blocks.pop()!;
    for (const block of blocks) {
      const field = (name: string): string | undefined =>
        block
          .split("\n")
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      const data = field("data");
      if (data) yield { id: field("id") ?? "", event: JSON.parse(data) };
    }
  }
}
