import type { Cell, Table } from "assay";
import type {
  FeatureLineage,
  FeatureView,
  FeatureViewRequest,
  OnlineRow,
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
    list: async (query) => shownViews((await listFeatureViews(session, query)).items),
    materialize: async (view, options) => shownView(await materialize(session, view, options)),
    async trainingSet(view, request) {
      const made = await makeTrainingSet(session, view, request);
      return shownTrainingSet({ ...made, table: () => datasetTable(session, made.dataset_id) });
    },
    online: async (view, keys) => shownKeys((await onlineFeatures(session, view, keys.map(String))).items),
    lineage: async (view) => shownLineage(await featureLineage(session, (await getFeatureView(session, view)) && view)),
    delete: async (view, options) => void (await deleteFeatureView(session, view, options)),
  };
}

/** Feature views, drawn as a table in a notebook. */
export function shownViews(views: readonly FeatureView[]): readonly FeatureView[] {
  return display([...views], () => htmlTable(views.map(factsOf)));
}

/** A training set, drawn with what each view knew in a notebook. */
export function shownTrainingSet<T extends TrainingSet>(made: T): T {
  const { dataset_id, rows, matched, stale } = made;
  const facts = Object.keys(matched).map((name) => ({ "feature view": name, matched: matched[name], "too old": stale[name] }));
  return display(made, () => htmlTable([{ dataset: dataset_id, rows }]) + htmlTable(facts));
}

/** Values by feature of each key, drawn with key and age in a notebook. */
export function shownKeys(items: readonly OnlineRow[]): readonly OnlineRow["values"][] {
  const rows = items.map(({ values }) => values);
  return display(rows, () =>
    htmlTable(items.map(({ key, event_time, stale, values }) => ({ key, event_time, stale, ...values }))),
  );
}

/** What was made with a view, drawn in a notebook. */
export function shownLineage(lineage: FeatureLineage): FeatureLineage {
  return display(lineage, () => htmlTable(lineage.datasets) + htmlTable(lineage.models));
}

/** A feature view, drawn in a notebook. */
export function shownView(view: FeatureView): FeatureView {
  return display(view, () => htmlTable([factsOf(view)]) + htmlTable(view.columns));
}

function factsOf({ name, version, entity, event_time, ttl_seconds, owner, materialized }: FeatureView) {
  const { rows, keys, last_at } = materialized ?? {};
  return { name, version, key: entity, instant: event_time, "TTL in s": ttl_seconds, owner, rows, keys, "newest row": last_at };
}
