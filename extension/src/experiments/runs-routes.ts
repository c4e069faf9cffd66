import type { Kept, MetricSeries, RunColumns, RunGroup, RunInfo } from "assay-lab/contract";
import type { Api } from "../api";
import { type Page, path } from "../routes";

/** Runs that one request changes at most. */
const manyMost = 1000;
const viewsOf = "experiments";

/** Which runs a table is of. */
export interface Selection {
  /** A condition in the filter grammar, or nothing. */
  filter: string;
  /** The deleted ones in place of the others. */
  deleted: boolean;
}

/** A selection as routes take it; what is not asked for is left out. */
export function selectionQuery({ filter, deleted }: Selection): { filter?: string; deleted?: "true" } {
  return { ...(filter && { filter }), ...(deleted && { deleted: "true" as const }) };
}

/** The service's routes of tables of runs by what they do. */
export const runsRoutes = {
  columns: (api: Api, of: Selection, signal?: AbortSignal) =>
    api.get<RunColumns>(path("runs", "columns"), selectionQuery(of), signal),
  groups: (api: Api, of: Selection, query: { by: string; metric?: string | undefined }, signal?: AbortSignal) =>
    api
      .get<{ groups: RunGroup[] }>(path("runs", "groups"), { ...query, ...selectionQuery(of), limit: 500 }, signal)
      .then(({ groups }) => groups),
  change: (api: Api, id: string, body: { name?: string; notes?: string }) =>
    api.patch<{ experiment: RunInfo }>(path("runs", id), body),
  tag: (api: Api, ids: readonly string[], set: Record<string, string>, remove: readonly string[] = []) =>
    inParts(ids, (part) => api.post(path("runs", "tags"), { ids: part, set, remove })),
  move: (api: Api, ids: readonly string[], experiment: string) =>
    inParts(ids, (part) => api.post(path("runs", "move"), { ids: part, experiment })),
  delete: (api: Api, ids: readonly string[]) => inParts(ids, (part) => api.post(path("runs", "delete"), { ids: part })),
  restore: (api: Api, ids: readonly string[]) => inParts(ids, (part) => api.post(path("runs", "restore"), { ids: part })),

  /** Curves with the instant of each point. */
  timedSeries: (api: Api, ids: readonly string[]) =>
    api.post<{ series: MetricSeries[] }>(path("runs", "series"), { ids, points: 300, times: true }),

  views: (api: Api) => api.get<Page<Kept>>(path("views"), { kind: viewsOf, limit: 200 }).then(({ items }) => items),
  keepView: (api: Api, name: string, content: object) =>
    api.post<{ view: Kept }>(path("views"), { kind: viewsOf, name, content, replace: true }).then(({ view }) => view),
  deleteView: (api: Api, id: string) => api.remove(path("views", id)),
};

async function inParts(ids: readonly string[], send: (part: readonly string[]) => Promise<unknown>): Promise<void> {
  for (let k = 0; k < ids.length; k += manyMost) await send(ids.slice(k, k + manyMost));
}
