import { z } from "zod";
import {
  columnsAnswer,
  groupsAnswer,
  groupsQuery,
  runSelection,
  runsChosen,
  runsMove,
  seriesRequest,
  tagsBulk,
} from "../contract/runs.ts";
import { seriesAnswer } from "../contract/training.ts";
import { answer } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { deleteRuns, groupRuns, metricSeries, moveRuns, restoreRuns, runColumns, tagRuns } from "../tracking/index.ts";
import type { App } from "./app.ts";

const status = "success" as const;
const root = "/api/ml/runs";

/** What tables of runs ask (columns, groups, curves), and what is done with many runs at once, all or none. */
export function manyRunRoutes(app: App, session: Session): void {
  app.get(`${root}/columns`, { schema: { querystring: runSelection, response: { 200: columnsAnswer } } }, async ({ query }) => ({
    status,
    ...(await runColumns(session, query)),
  }));

  app.get(`${root}/groups`, { schema: { querystring: groupsQuery, response: { 200: groupsAnswer } } }, async ({ query }) => ({
    status,
    groups: await groupRuns(session, query),
  }));

  app.post(`${root}/series`, { schema: { body: seriesRequest, response: { 200: seriesAnswer } } }, async ({ body }) => {
    const { ids, since, until, project_id: _, ...options } = body;
    const instants = {
      since: since === undefined ? undefined : new Date(since),
      until: until === undefined ? undefined : new Date(until),
    };
    return { status, series: await metricSeries(session, ids, { ...options, ...instants }) };
  });

  const changed = answer({ runs: z.number().int() });
  app.post(`${root}/tags`, { schema: { body: tagsBulk, response: { 200: changed } } }, async ({ body: { ids, ...tags } }) => {
    await tagRuns(session, ids, tags);
    return { status, runs: new Set(ids).size };
  });

  app.post(`${root}/move`, { schema: { body: runsMove, response: { 200: changed } } }, async ({ body }) => {
    await moveRuns(session, body.ids, body.experiment);
    return { status, runs: new Set(body.ids).size };
  });

  app.post(`${root}/delete`, { schema: { body: runsChosen, response: { 200: changed } } }, async ({ body }) => {
    await deleteRuns(session, body.ids);
    return { status, runs: new Set(body.ids).size };
  });

  app.post(`${root}/restore`, { schema: { body: runsChosen, response: { 200: changed } } }, async ({ body }) => {
    await restoreRuns(session, body.ids);
    return { status, runs: new Set(body.ids).size };
  });
}
