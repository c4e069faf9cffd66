import type { Job, PredictFileResult, PredictionFile } from "assay-lab/contract";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import type { ModelState } from "../model/use-model";
import { modelRoutes } from "../model-routes";
import { usePanel } from "../panel";

/** A file that is predicted, or was. */
export interface FileJob {
  id: string;
  /** The file that was sent, or the one with its predictions. */
  name: string;
  createdAt: string;
  /** Its job, where that is among the newest. */
  job: Job | null;
  /** What came of it, where its job tells. */
  result: PredictFileResult | null;
  /** The predictions, while they are kept. */
  kept: PredictionFile | null;
}

/** The files that a model predicts or predicted, newest first, kept live: those whose predictions are gone are left out. */
export function useFileJobs(model: ModelState): Loaded<FileJob[]> {
  const { api } = usePanel();
  const key = JSON.stringify([model.name, model.versions.map(({ model_id }) => model_id)]);
  const loaded = useLoaded(key, async () => {
    const [jobs, kept] = await Promise.all([modelRoutes.fileJobs(api), modelRoutes.keptFiles(api, model.versions)]);
    return fileJobs(model, jobs, kept);
  });
  const soon = useSoon(loaded.reload, 300);
  useEvents((event) => {
    if (event.kind !== "job" || event.job_kind !== "predict") return;
    const { job_id, progress } = event;
    if (progress) loaded.change((files) => files.map((file) => (file.id === job_id ? moved(file, progress) : file)));
    else soon();
  }, loaded.reload);
  return loaded;
}

function fileJobs({ versions }: ModelState, jobs: readonly Job[], kept: readonly PredictionFile[]): FileJob[] {
  const files = new Map(kept.map((file) => [file.job_id, file]));
  const own = new Set(versions.map(({ model_id }) => model_id));
  const sent = jobs.flatMap((job): FileJob[] => {
    const file = files.get(job.job_id) ?? null;
    const isGone = job.job_status === "completed" && file === null;
    if (job.model_id === null || !own.has(job.model_id) || isGone) return [];
    const result = job.job_status === "completed" ? (job.results as PredictFileResult) : null;
    const name = file?.file_name ?? job.name ?? job.kind;
    return [{ id: job.job_id, name, createdAt: job.created_at, job, result, kept: file }];
  });
  const known = new Set(sent.map(({ id }) => id));
  const older = kept.flatMap((file): FileJob[] =>
    known.has(file.job_id)
      ? []
      : [{ id: file.job_id, name: file.file_name, createdAt: file.created_at, job: null, result: null, kept: file }],
  );
  return [...sent, ...older];
}

function moved(file: FileJob, progress: { step: number; steps: number; elapsed_ms: number }): FileJob {
  if (!file.job) return file;
  const eta_ms = file.job.progress?.eta_ms ?? null;
  return { ...file, job: { ...file.job, job_status: "running", progress: { ...progress, eta_ms } } };
}
