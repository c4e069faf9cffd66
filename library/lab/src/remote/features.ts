import { ConflictError } from "assay";
import type { FeatureView } from "../contract/feature-views.ts";
import { shownKeys, shownLineage, shownTrainingSet, shownView, shownViews } from "../datasets/feature-view-for-cells.ts";
import type { Features } from "../datasets/index.ts";
import { remoteTable } from "./datasets.ts";
import { remoteJobEnded } from "./jobs.ts";
import { once } from "./once.ts";
import type { Service } from "./service.ts";

/** The feature views of a service. */
export function remoteFeatures(service: Service): Features {
  const views = service.client.featureViews;
  const get = async (view: string): Promise<FeatureView> => (await views.get({ view })).feature_view;
  return {
    define: async (view) => shownView((await views.create(view)).feature_view),
    get: async (view) => shownView(await get(view)),
    list: async (query) => shownViews((await views.list(query)).items),
    async materialize(view, { signal } = {}) {
      const { job_id } = await views.materialize({ view }, once());
      const { job_status, error } = await remoteJobEnded(service, job_id, signal);
      if (job_status !== "completed") throw new ConflictError(error ?? `features: the job ${job_id} is ${job_status}`);
      return shownView(await get(view));
    },
    async trainingSet(view, request) {
      const { status: _, ...made } = await views.trainingSet({ ...request, view });
      return shownTrainingSet({ ...made, table: () => remoteTable(service, made.dataset_id) });
    },
    online: async (view, keys) => shownKeys((await views.online({ view, key: keys.map(String) })).items),
    async lineage(view) {
      const { datasets, models } = await views.lineage({ view });
      return shownLineage({ datasets, models });
    },
    delete: async (view, options) => void (await views.delete({ ...options, view })),
  };
}
