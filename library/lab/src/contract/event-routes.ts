import { event, eventsQuery } from "./events.ts";
import { route } from "./route.ts";
import { byId } from "./values.ts";

/** Events of the project, or of one run, as they happen. */
export const eventRoutes = {
  project: route({
    method: "GET",
    path: "/api/ml/events",
    summary: "What happens in the project from now on, or behind the event `after` or `Last-Event-ID`.",
    query: eventsQuery,
    events: event,
    example: { query: { after: "4711" } },
  }),
  run: route({
    method: "GET",
    path: "/api/ml/experiments/:id/events",
    summary: "What happened and happens to a run, until it has ended.",
    twin: true,
    params: byId,
    query: eventsQuery,
    events: event,
    example: { params: { id: "01981c3e-6f00-7a11-8c55-2f1f6f1f0a01" } },
  }),
};
