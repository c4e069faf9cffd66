import { workoutUpload } from "../contract/workout-log.ts";
import { workoutLogRoutes as logs } from "../contract/workout-log-routes.ts";
import { workoutRoutes as routes } from "../contract/workout-routes.ts";
import {
  answerWeight,
  changeAliases,
  exampleLog,
  exerciseHistory,
  exercisesOf,
  getBacktest,
  getLog,
  listFeatures,
  listLogs,
  listSets,
  readAliases,
  trainLog,
  uploadLog,
  workoutAnalyticsOf,
} from "../flows/workout/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";
import { receiveFile } from "./receive-file.ts";

/** Workouts: prediction, training, analytics, each under two paths; logs, and what they show. */
export function workoutRoutes(app: App): void {
  for (const route of [routes.predict, routes.predictAlias])
    handle(app, route, ({ body, session }) => answerWeight(session, body));
  for (const route of [routes.train, routes.trainAlias]) handle(app, route, ({ body, session }) => trainLog(session, body));
  for (const route of [routes.analytics, routes.analyticsAlias])
    handle(app, route, ({ query, session }) => workoutAnalyticsOf(session, query));
  logRoutes(app);
}

function logRoutes(app: App): void {
  handle(app, logs.upload, (request) =>
    receiveFile(
      request,
      { who: "workouts", store: request.session.store, fields: workoutUpload },
      ({ path, name: fileName, fields: { aliases, ...fields }, session }) =>
        uploadLog(session, { ...fields, path, fileName, aliases: readAliases(aliases) }),
    ),
  );
  handle(app, logs.logs, async ({ query, session }) => {
    const { items, next_cursor } = await listLogs(session, query);
    return { items: [...items], next_cursor };
  });
  handle(app, logs.log, ({ query, session }) => getLog(session, query));
  handle(app, logs.example, async (_, reply) =>
    reply.header("content-disposition", 'attachment; filename="workouts.csv"').type("text/csv; charset=utf-8").send(exampleLog()),
  );
  handle(app, logs.exercises, ({ query, session }) => exercisesOf(session, query));
  handle(app, logs.changeAliases, async ({ body, session }) => {
    await changeAliases(session, body);
    return exercisesOf(session, body);
  });
  handle(app, logs.history, ({ query, session }) => exerciseHistory(session, query));
  handle(app, logs.sets, async ({ query, session }) => {
    const { items, next_cursor } = await listSets(session, query);
    return { items: [...items], next_cursor };
  });
  handle(app, logs.backtest, ({ query, session }) => getBacktest(session, query));
  handle(app, logs.features, async () => listFeatures());
}
