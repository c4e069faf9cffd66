import type { Dataset, ModelVersion, Run } from "assay-lab/contract";
import { datasetRoutes } from "../dataset-routes";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { told } from "../experiments/use-runs";
import { usePanel } from "../panel";
import { routes } from "../routes";

/** The newest of each kind. */
export interface Overview {
  runs: Run[];
  models: ModelVersion[];
  datasets: Dataset[];
}

const atMost = 8;

/** Loads what the sidebar lists and keeps it live. */
export function useOverview(): Loaded<Overview> {
  const { api } = usePanel();
  const loaded = useLoaded("overview", async () => {
    const [runs, versions, datasets] = await Promise.all([
      routes.runs(api, { limit: atMost, sort: "-created_at" }),
      routes.versions(api),
      datasetRoutes.list(api, atMost),
    ]);
    const newest = new Map<string, ModelVersion>();
    for (const version of versions.items) {
      const known = newest.get(version.name);
      if (!known || version.version_status === "production") newest.set(version.name, version);
    }
    return { runs: runs.items, models: [...newest.values()].slice(0, atMost), datasets: datasets.items };
  });
  const soon = useSoon(loaded.reload, 200);
  useEvents((event) => {
    if (event.kind === "log" || event.kind === "job") return;
    const known = "run_id" in event && loaded.data?.runs.some((run) => run.id === event.run_id);
    if (known && event.kind !== "run")
      loaded.change((old) => ({ ...old, runs: old.runs.map((run) => (run.id === event.run_id ? told(run, event) : run)) }));
    else soon();
  }, loaded.reload);
  return loaded;
}
