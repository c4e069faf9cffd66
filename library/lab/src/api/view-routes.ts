import { templateRoutes as templates, viewRoutes as views } from "../contract/view-routes.ts";
import { deleteKept, getKept, keep, listKept } from "../tracking/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";

/** What people keep of the panels: views and templates. */
export function viewRoutes(app: App): void {
  handle(app, views.list, async ({ query, session }) => {
    const { items, next_cursor } = await listKept(session, "views", query);
    return { items: [...items], next_cursor };
  });
  handle(app, views.create, async ({ body, session }) => ({ view: await keep(session, "views", body) }));
  handle(app, views.get, async ({ params, session }) => ({ view: await getKept(session, "views", params.id) }));
  handle(app, views.delete, async ({ params, session }) => ({ deleted: await deleteKept(session, "views", params.id) }));

  handle(app, templates.list, async ({ query, session }) => {
    const { items, next_cursor } = await listKept(session, "templates", query);
    return { items: [...items], next_cursor };
  });
  handle(app, templates.create, async ({ body, session }) => ({ template: await keep(session, "templates", body) }));
  handle(app, templates.get, async ({ params, session }) => ({ template: await getKept(session, "templates", params.id) }));
  handle(app, templates.delete, async ({ params, session }) => ({
    deleted: await deleteKept(session, "templates", params.id),
  }));
}
