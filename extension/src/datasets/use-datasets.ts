import type { Dataset, StorageUse } from "assay-lab/contract";
import { datasetRoutes } from "../dataset-routes";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";

/** Every dataset, and the room they take. */
interface DatasetList {
  items: Dataset[];
  storage: StorageUse;
}

/** Loads the datasets and keeps the list live. */
export function useDatasets(): Loaded<DatasetList> {
  const { api } = usePanel();
  const loaded = useLoaded("datasets", async () => {
    const [{ items }, storage] = await Promise.all([datasetRoutes.list(api, 500), datasetRoutes.storage(api)]);
    return { items, storage };
  });
  const soon = useSoon(loaded.reload, 200);
  useEvents((event) => event.kind === "dataset" && soon(), loaded.reload);
  return loaded;
}
