import { createReadStream } from "node:fs";
import { ParamsError } from "assay";
import { modelRoutes as routes } from "../contract/model-routes.ts";
import type { MoveRequest } from "../contract/models.ts";
import { getJob } from "../jobs/index.ts";
import {
  archive,
  benchmarkVersions,
  changeSettings,
  checkPromotion,
  compareVersions,
  deleteAlias,
  deleteVersion,
  demote,
  deployRun,
  findModel,
  getSettings,
  getVersion,
  listAliases,
  listAudit,
  listVersions,
  type MoveOptions,
  promote,
  rollback,
  setAlias,
  versionFile,
} from "../registry/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";

/** The registry: deploy, move, list, compare, aliases, settings, audit. */
export function modelRoutes(app: App): void {
  versionRoutes(app);
  moveRoutes(app);
  aliasRoutes(app);

  handle(app, routes.benchmark, async ({ body, session }) => ({ benchmark: await benchmarkVersions(session, body) }));
  handle(app, routes.compareVersions, async ({ body, session }) => ({
    comparison: await compareVersions(session, body.model_ids),
  }));
  handle(app, routes.settings, async ({ params, session }) => ({ settings: await getSettings(session, params.id) }));
  handle(app, routes.changeSettings, async ({ params, body, session }) => {
    const given = Object.entries(body).filter(([, value]) => value !== undefined);
    return { settings: await changeSettings(session, params.id, Object.fromEntries(given)) };
  });
}

function versionRoutes(app: App): void {
  handle(app, routes.deploy, async ({ body, session }) => {
    const runId = body.experiment_id ?? (body.training_job_id && (await getJob(session, body.training_job_id)).run_id);
    if (!runId) throw new ParamsError("deploy: needs experiment_id or training_job_id");
    const { model_name: name, version, description, tags } = body;
    let model = await deployRun(session, runId, { name, version, description, tags });
    if (body.promote_to_production) model = await promote(session, model.model_id, "promoted at deployment");
    return { model_id: model.model_id, model };
  });

  handle(app, routes.list, async ({ query, session }) => {
    const { items, next_cursor } = await listVersions(session, query);
    return { items: [...items], next_cursor };
  });

  handle(app, routes.versions, async ({ params, query, session }) => {
    const { name } = await findModel(session, params.id);
    const { items, next_cursor } = await listVersions(session, { ...query, name });
    return { items: [...items], next_cursor };
  });

  handle(app, routes.get, async ({ params, session }) => {
    const model = await getVersion(session, params.id);
    return { model_id: model.model_id, model };
  });

  handle(app, routes.delete, async ({ params, query, session }) => deleteVersion(session, params.id, query));

  handle(app, routes.download, async ({ params, session }, reply) => {
    const { version, file } = await versionFile(session, params.id);
    const path = await session.store.fetch(file);
    reply
      .header("content-type", "application/octet-stream")
      .header("content-disposition", `attachment; filename="${file.split("/").at(-1)}"`);
    return reply.header("content-length", version.size_bytes).send(createReadStream(path));
  });
}

function moveRoutes(app: App): void {
  const optionsOf = (body: MoveRequest | null | undefined): MoveOptions => ({
    reason: body?.reason,
    expectedProduction: body?.expected_production,
    force: body?.force,
  });
  for (const [verb, move] of Object.entries({ promote, demote, archive }))
    handle(app, routes[verb as "promote" | "demote" | "archive"], async ({ params, body, session }) => {
      const model = await move(session, params.id, optionsOf(body));
      return { model_id: model.model_id, model };
    });

  handle(app, routes.rollback, async ({ params, query, body, session }) => {
    const model = await rollback(session, params.id, query.to_version, optionsOf(body));
    return { model_id: model.model_id, model };
  });

  handle(app, routes.checks, async ({ params, session }) => ({ report: await checkPromotion(session, params.id) }));

  handle(app, routes.audit, async ({ params, query, session }) => {
    const { items, next_cursor } = await listAudit(session, (await findModel(session, params.id)).id, query);
    return { items: [...items], next_cursor };
  });
}

function aliasRoutes(app: App): void {
  handle(app, routes.aliases, async ({ params, session }) => ({ items: await listAliases(session, params.id) }));

  handle(app, routes.setAlias, async ({ params, body, session }) => {
    const { version, reason, protected: isProtected } = body;
    return { alias: await setAlias(session, params.id, params.alias, version, { reason, protected: isProtected }) };
  });

  handle(app, routes.deleteAlias, async ({ params, query, session }) =>
    deleteAlias(session, params.id, params.alias, query.reason),
  );
}
