import { manyRunRoutes as routes } from "../contract/many-run-routes.ts";
import { deleteRuns, groupRuns, metricSeries, moveRuns, restoreRuns, runColumns, tagRuns } from "../tracking/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";
import { shared } from "./shared-answers.ts";

/** What tables of runs ask (columns, groups, curves), and what is done with many runs at once, all or none. */
export function manyRunRoutes(app: App): void {
  handle(
    app,
    routes.columns,
    shared(async ({ query, session }) => runColumns(session, query)),
  );
  handle(
    app,
    routes.groups,
    shared(async ({ query, session }) => ({ groups: await groupRuns(session, query) })),
  );

  handle(app, routes.series, async ({ body, session }) => {
    const { ids, since, until, project_id: _, ...options } = body;
    const instants = {
      since: since === undefined ? undefined : new Date(since),
      until: until === undefined ? undefined : new Date(until),
    };
    return { series: await metricSeries(session, ids, { ...options, ...instants }) };
  });

  handle(app, routes.tagMany, async ({ body: { ids, ...tags }, session }) => {
    await tagRuns(session, ids, tags);
    return { runs: new Set(ids).size };
  });

  handle(app, routes.moveMany, async ({ body, session }) => {
    await moveRuns(session, body.ids, body.experiment);
    return { runs: new Set(body.ids).size };
  });

  handle(app, routes.deleteMany, async ({ body, session }) => {
    await deleteRuns(session, body.ids);
    return { runs: new Set(body.ids).size };
  });

  handle(app, routes.restoreMany, async ({ body, session }) => {
    await restoreRuns(session, body.ids);
    return { runs: new Set(body.ids).size };
  });
}
