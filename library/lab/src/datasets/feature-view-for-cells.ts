import type { Cell, Table } from "assay";
import type {
  FeatureLineage,
  FeatureView,
  FeatureViewRequest,
  TrainingSet,
  TrainingSetRequest,
} from "../contract/feature-views.ts";
import { display, htmlTable } from "../html.ts";
import type { Session } from "../projects/session.ts";
import { makeTrainingSet } from "./feature-view-join.ts";
import { featureLineage } from "./feature-view-lineage.ts";
import { materialize } from "./feature-view-materialize.ts";
import { onlineFeatures } from "./feature-view-online.ts";
import { defineFeatureView, deleteFeatureView, getFeatureView, listFeatureViews } from "./feature-views.ts";
import { datasetTable } from "./tables.ts";

/** Feature views as cells use them. One is cited as `name` (its newest version) or `name@2`. */
export interface Features {
  /** Defines a view, or its next version: `{ name: "stars", entity: "kepid", event_time: "seen", source: { kind: "dataset", datasets: { koi: "koi" }, query: "select …" } }`. */
  define(view: FeatureViewRequest): Promise<FeatureView>;
  get(view: string): Promise<FeatureView>;
  /** The newest version of each; of one name all its versions. */
  list(query?: { readonly name?: string; readonly limit?: number }): Promise<readonly FeatureView[]>;
  /** Stores the rows that the source has now: offline, and the newest of each key online. */
  materialize(view: string, options?: { readonly signal?: AbortSignal }): Promise<FeatureView>;
  /** Joins what a view knew at each row's instant to a dataset's rows, stored as the dataset `name`. */
  trainingSet(view: string, request: TrainingSetRequest): Promise<TrainingSet & { table(): Promise<Table> }>;
  /** What a view knows now of keys, ready for `lab.registry.predict`: values by feature, null where nothing is known. */
  online(view: string, keys: readonly (string | number | boolean)[]): Promise<readonly Readonly<Record<string, Cell>>[]>;
  /** Datasets and models that were made with a view. */
  lineage(view: string): Promise<FeatureLineage>;
  /** Refused where datasets were made with it, unless `force` is given. */
  delete(view: string, options?: { readonly force?: boolean }): Promise<void>;
}

/** The feature views of a session. */
export function featuresOf(session: Session): Features {
  return {
    define: async (view) => shownView(await defineFeatureView(session, view)),
    get: async (view) => shownView(await getFeatureView(session, view)),
    async list(query) {
      const { items } = await listFeatureViews(session, query);
      return display([...items], () => htmlTable(items.map(factsOf)));
    },
    materialize: async (view, options) => shownView(await materialize(session, view, options)),
    async trainingSet(view, request) {
      const made = await makeTrainingSet(session, view, request);
      const { dataset_id, rows, matched, stale } = made;
      const facts = Object.keys(matched).map((name) => ({
        "feature view": name,
        matched: matched[name],
        "too old": stale[name],
      }));
      const shown = { ...made, table: () => datasetTable(session, dataset_id) };
      return display(shown, () => htmlTable([{ dataset: dataset_id, rows }]) + htmlTable(facts));
    },
    async online(view, keys) {
      const { items } = await onlineFeatures(session, view, keys.map(String));
      const rows = items.map(({ values }) => values);
      return display(rows, () =>
        htmlTable(items.map(({ key, event_time, stale, values }) => ({ key, event_time, stale, ...values }))),
      );
    },
    async lineage(view) {
      const lineage = await featureLineage(session, (await getFeatureView(session, view)) && view);
      return display(lineage, () => htmlTable(lineage.datasets) + htmlTable(lineage.models));
    },
    delete: async (view, options) => void (await deleteFeatureView(session, view, options)),
  };
}

function shownView(view: FeatureView): FeatureView {
  return display(view, () => htmlTable([factsOf(view)]) + htmlTable(view.columns));
}

function factsOf({ name, version, entity, event_time, ttl_seconds, owner, materialized }: FeatureView) {
  const { rows, keys, last_at } = materialized ?? {};
  return { name, version, key: entity, instant: event_time, "TTL in s": ttl_seconds, owner, rows, keys, "newest row": last_at };
}
