import { keptBy, type Shelf, type Templates, type Views } from "../tracking/index.ts";
import type { Service } from "./service.ts";

/** The views, or the templates, that a service keeps. */
export function remoteKept({ client }: Service, shelf: Shelf): Views & Templates {
  const { views, templates } = client;
  return keptBy(
    shelf,
    shelf === "views"
      ? {
          page: (query) => views.list(query),
          keep: async (request) => (await views.create(request)).view,
          delete: (id) => views.delete({ id }),
        }
      : {
          page: (query) => templates.list(query),
          keep: async (request) => (await templates.create(request)).template,
          delete: (id) => templates.delete({ id }),
        },
  );
}
