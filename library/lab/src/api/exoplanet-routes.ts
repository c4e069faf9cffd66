import { signalUpload } from "../contract/exoplanet.ts";
import { exoplanetRoutes as routes } from "../contract/exoplanet-routes.ts";
import {
  cancelSession,
  exampleSignals,
  getSession,
  listSessions,
  listSignals,
  predictLabels,
  startSession,
  uploadSignals,
} from "../flows/exoplanet/index.ts";
import type { App } from "./app.ts";
import { stream } from "./event-routes.ts";
import { handle } from "./handle.ts";
import { receiveFile } from "./receive-file.ts";

const over = new Set(["completed", "failed", "cancelled"]);

/** Exoplanet training: upload, start, sessions, predictions. A workspace is a project. */
export function exoplanetRoutes(app: App): void {
  handle(app, routes.upload, (request) =>
    receiveFile(
      request,
      { who: "exoplanets", store: request.session.store, fields: signalUpload },
      async ({ path, name: fileName, fields, session }) => ({
        dataset: await uploadSignals(session, path, { name: fields.name, fileName }),
      }),
    ),
  );

  handle(app, routes.datasets, async ({ query, session }) => {
    const { items, next_cursor } = await listSignals(session, query);
    return { items: [...items], next_cursor };
  });

  handle(app, routes.exampleTable, async (_, reply) =>
    reply
      .header("content-disposition", 'attachment; filename="exoplanets.csv"')
      .type("text/csv; charset=utf-8")
      .send(exampleSignals()),
  );

  handle(app, routes.start, async ({ body, session }) => {
    const { session_id, job_id, session_status } = await startSession(session, body);
    return { session_id, job_id, session_status };
  });

  handle(app, routes.sessions, async ({ query, session }) => {
    const { items, next_cursor } = await listSessions(session, query);
    return { items: [...items], next_cursor };
  });

  handle(app, routes.session, async ({ params, session }) => ({ session: await getSession(session, params.id) }));

  handle(app, routes.sessionEvents, async (request, reply) => {
    const { session_id: runId } = await getSession(request.session, request.params.id);
    const isOver = async () => over.has((await getSession(request.session, runId)).session_status);
    return stream(request, reply, { runId, isOver });
  });

  handle(app, routes.cancel, async ({ params, session }) => ({ session: await cancelSession(session, params.id) }));

  handle(app, routes.predict, async ({ body: { features, model }, session }) => {
    const { items, warnings, ...rest } = await predictLabels(session, Array.isArray(features) ? features : [features], model);
    return { ...rest, warnings: [...warnings], items: [...items] };
  });
}
