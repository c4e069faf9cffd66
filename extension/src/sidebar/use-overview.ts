import type { Dataset, Job, ModelVersion, Run, Study } from "assay-lab/contract";
import { datasetRoutes } from "../dataset-routes";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { noParts } from "../experiments/filter";
import { told } from "../experiments/use-runs";
import { jobRoutes } from "../job-routes";
import { modelRoutes } from "../model-routes";
import { usePanel } from "../panel";
import { routes } from "../routes";
import { studyRoutes } from "../study-routes";

/** The newest of each kind. */
interface Overview {
  runs: Run[];
  models: ModelVersion[];
  datasets: Dataset[];
  studies: Study[];
  /** The jobs that wait or run. */
  jobs: Job[];
}

const atMost = 8;

/** Loads what the sidebar lists and keeps it live. */
export function useOverview(): Loaded<Overview> {
  const { api } = usePanel();
  const loaded = useLoaded("overview", async () => {
    const [runs, versions, datasets, studies, running, queued] = await Promise.all([
      routes.runs(api, { limit: atMost, sort: "-created_at", filter: noParts }),
      modelRoutes.versions(api),
      datasetRoutes.list(api, atMost),
      studyRoutes.list(api, atMost),
      jobRoutes.list(api, { job_status: "running" }, atMost),
      jobRoutes.list(api, { job_status: "queued" }, atMost),
    ]);
    const newest = new Map<string, ModelVersion>();
    for (const version of versions.items) {
      const known = newest.get(version.name);
      if (!known || version.version_status === "production") newest.set(version.name, version);
    }
    return {
      runs: runs.items,
      models: [...newest.values()].slice(0, atMost),
      datasets: datasets.items,
      studies: studies.items,
      // one that began between the two answers is in both
      jobs: [...running.items, ...queued.items.filter((job) => !running.items.some((each) => each.job_id === job.job_id))],
    };
  });
  const soon = useSoon(loaded.reload, 200);
  useEvents((event) => {
    if (event.kind === "log") return;
    if (event.kind === "study" && loaded.data?.studies.some(({ id }) => id === event.study_id)) {
      const { kind: _, study_id, ...standing } = event;
      loaded.change((old) => ({
        ...old,
        studies: old.studies.map((each) => (each.id === study_id ? { ...each, ...standing } : each)),
      }));
      return;
    }
    const known = "run_id" in event && event.kind !== "job" && loaded.data?.runs.some((run) => run.id === event.run_id);
    if (known && event.kind !== "run")
      loaded.change((old) => ({ ...old, runs: old.runs.map((run) => (run.id === event.run_id ? told(run, event) : run)) }));
    else soon();
  }, loaded.reload);
  return loaded;
}
