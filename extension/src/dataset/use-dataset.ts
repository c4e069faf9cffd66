import type { DatasetInfo } from "assay-lab/contract";
import { datasetRoutes } from "../dataset-routes";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";

/** Loads a dataset and follows its changes. */
export function useDataset(id: string): Loaded<DatasetInfo> {
  const { api } = usePanel();
  const loaded = useLoaded(id, () => datasetRoutes.get(api, id));
  const soon = useSoon(loaded.reload, 200);
  useEvents((event) => event.kind === "dataset" && event.dataset_id === id && soon(), loaded.reload);
  return loaded;
}
