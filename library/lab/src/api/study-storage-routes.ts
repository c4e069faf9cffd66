import type { AddedTrial, StudyChanges, TrialEnd, TrialUpdate } from "assay";
import { studyStorageRoutes as routes } from "../contract/study-storage-routes.ts";
import { studiesOf, studyStorage } from "../tracking/index.ts";
import { fromToldWire, toStudyWire, toTrialWire } from "../tracking/study-wire.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";

/** Ask and tell for programs that search by themselves. */
export function studyStorageRoutes(app: App): void {
  handle(app, routes.create, async ({ body, session }) => {
    const { space, ...study } = body;
    return { study: toStudyWire(await studyStorage(session).create({ ...study, ...(space && { space: space as never }) })) };
  });
  handle(app, routes.find, async ({ query, session }) => {
    const study = await studyStorage(session).find(query.name);
    return { study: study ? toStudyWire(study) : null };
  });
  handle(app, routes.change, async ({ params, body, session }) => {
    const storage = studyStorage(session);
    if (body.attributes) await storage.setAttributes(params.id, body.attributes);
    if (body.stopped !== undefined) await storage.setStopped(params.id, body.stopped);
  });
  handle(app, routes.addTrials, async ({ params, body, session }) => ({
    numbers: [
      ...(await studyStorage(session).add(
        params.id,
        body.trials.map((trial) => fromToldWire(trial) as AddedTrial),
      )),
    ],
  }));
  trialRoutes(app);
}

function trialRoutes(app: App): void {
  handle(app, routes.begin, async ({ params, body: { limit, ...body }, session }) => {
    const options = { ...body, ...(limit !== undefined && { limit }) };
    const { trial, changes } = await studyStorage(session).begin(params.id, options);
    return { trial: trial ? toTrialWire(trial) : null, changes: changesOf(changes) };
  });
  handle(app, routes.changes, async ({ params, query: { since, worker, limit }, session }) => ({
    changes: changesOf(await studyStorage(session).changes(params.id, since, { limit, ...(worker !== undefined && { worker }) })),
  }));
  handle(app, routes.changeTrial, async ({ params: { id, number }, body, session }) =>
    studiesOf(session).setTrialAttributes(id, number, body.attributes),
  );
  handle(app, routes.updateTrial, async ({ params: { id, number }, body, session }) => {
    const { worker, attempt, call, ...told } = body;
    return { held: await studyStorage(session).update(id, { number, worker, attempt }, fromToldWire(told) as TrialUpdate, call) };
  });
  handle(app, routes.finishTrial, async ({ params: { id, number }, body, session }) => {
    const { worker, attempt, call, ...end } = body;
    const told = { ...fromToldWire({ ...end, error: end.error ?? null }), state: end.state } as unknown as TrialEnd;
    return { held: await studyStorage(session).finish(id, { number, worker, attempt }, told, call) };
  });
  handle(app, routes.heartbeat, async ({ params, body, session }) => {
    await studyStorage(session).heartbeat(params.id, body.worker);
  });
  handle(app, routes.reclaim, async ({ params, body, session }) => {
    const { silent_ms: silentMs, attempts, workers } = body;
    const options = { silentMs, attempts, ...(workers !== undefined && { workers }) };
    return { trials: await studyStorage(session).reclaim(params.id, options) };
  });
}

function changesOf({ trials, ...changes }: StudyChanges) {
  return { ...changes, trials: trials.map(toTrialWire) };
}
