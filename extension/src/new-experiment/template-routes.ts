import type { Kept } from "assay-lab/contract";
import type { Api } from "../api";
import { type Page, path } from "../routes";

const kind = "training";

/** The service's routes of kept forms by what they do. */
export const templateRoutes = {
  list: (api: Api) => api.get<Page<Kept>>(path("templates"), { kind, limit: 200 }).then(({ items }) => items),
  keep: (api: Api, name: string, content: object) =>
    api.post<{ template: Kept }>(path("templates"), { kind, name, content, replace: true }).then(({ template }) => template),
  delete: (api: Api, id: string) => api.remove(path("templates", id)),
};
