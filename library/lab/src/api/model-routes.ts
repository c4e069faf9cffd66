import { createReadStream } from "node:fs";
import { NotFoundError, ParamsError } from "assay";
import { z } from "zod";
import {
  aliasAnswer,
  aliasList,
  aliasName,
  aliasRequest,
  auditList,
  benchmarkAnswer,
  benchmarkRequest,
  checkAnswer,
  compareVersionsAnswer,
  compareVersionsRequest,
  deployRequest,
  type MoveRequest,
  moveRequest,
  settingsAnswer,
  settingsRequest,
  versionAnswer,
  versionDeleteQuery,
  versionList,
  versionListQuery,
} from "../contract/models.ts";
import { answer, page } from "../contract/values.ts";
import { getJob } from "../jobs/index.ts";
import type { Session } from "../projects/session.ts";
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

const ref = z.object({ id: z.string() });
const status = "success" as const;
const root = "/api/ml/models";

/** The registry: deploy, move, list, compare, aliases, settings, audit. */
export function modelRoutes(app: App, session: Session): void {
  versionRoutes(app, session);
  moveRoutes(app, session);
  aliasRoutes(app, session);

  app.post(`${root}/benchmark`, { schema: { body: benchmarkRequest, response: { 200: benchmarkAnswer } } }, async ({ body }) => ({
    status,
    benchmark: await benchmarkVersions(session, body),
  }));

  app.post(
    `${root}/compare-versions`,
    { schema: { body: compareVersionsRequest, response: { 200: compareVersionsAnswer } } },
    async ({ body }) => ({ status, comparison: await compareVersions(session, body.model_ids) }),
  );

  app.get(`${root}/:id/settings`, { schema: { params: ref, response: { 200: settingsAnswer } } }, async ({ params }) => ({
    status,
    settings: await getSettings(session, params.id),
  }));

  app.patch(
    `${root}/:id/settings`,
    { schema: { params: ref, body: settingsRequest, response: { 200: settingsAnswer } } },
    async ({ params, body }) => {
      const given = Object.entries(body).filter(([, value]) => value !== undefined);
      return { status, settings: await changeSettings(session, params.id, Object.fromEntries(given)) };
    },
  );
}

function versionRoutes(app: App, session: Session): void {
  app.post(`${root}/deploy`, { schema: { body: deployRequest, response: { 201: versionAnswer } } }, async ({ body }, reply) => {
    const runId = body.experiment_id ?? (body.training_job_id && (await getJob(session, body.training_job_id)).run_id);
    if (!runId) throw new ParamsError("deploy: needs experiment_id or training_job_id");
    const { model_name: name, version, description, tags } = body;
    let model = await deployRun(session, runId, { name, version, description, tags });
    if (body.promote_to_production) model = await promote(session, model.model_id, "promoted at deployment");
    return reply.status(201).send({ status, model_id: model.model_id, model });
  });

  app.get(
    `${root}/deployed`,
    { schema: { querystring: versionListQuery, response: { 200: versionList } } },
    async ({ query }) => {
      const { items, next_cursor } = await listVersions(session, query);
      return { status, items: [...items], next_cursor };
    },
  );

  app.get(
    `${root}/:id/versions`,
    { schema: { params: ref, querystring: page, response: { 200: versionList } } },
    async ({ params, query }) => {
      const { items, next_cursor } = await listVersions(session, { ...query, name: params.id });
      if (items.length === 0 && query.cursor === undefined) throw new NotFoundError(`registry: no model "${params.id}"`);
      return { status, items: [...items], next_cursor };
    },
  );

  app.get(`${root}/:id`, { schema: { params: ref, response: { 200: versionAnswer } } }, async ({ params }) => {
    const model = await getVersion(session, params.id);
    return { status, model_id: model.model_id, model };
  });

  app.delete(
    `${root}/:id`,
    { schema: { params: ref, querystring: versionDeleteQuery, response: { 200: answer({}) } } },
    async ({ params, query }) => {
      await deleteVersion(session, params.id, { force: query.force });
      return { status };
    },
  );

  app.get(`${root}/:id/download`, { schema: { params: ref } }, async ({ params }, reply) => {
    const { version, file } = await versionFile(session, params.id);
    const path = await session.store.fetch(file);
    reply
      .header("content-type", "application/octet-stream")
      .header("content-disposition", `attachment; filename="${file.split("/").at(-1)}"`);
    return reply.header("content-length", version.size_bytes).send(createReadStream(path));
  });
}

function moveRoutes(app: App, session: Session): void {
  const optionsOf = (body: MoveRequest | null | undefined): MoveOptions => ({
    reason: body?.reason,
    expectedProduction: body?.expected_production,
    force: body?.force,
  });
  for (const [verb, move] of Object.entries({ promote, demote, archive }))
    app.post(
      `${root}/:id/${verb}`,
      { schema: { params: ref, body: moveRequest.nullish(), response: { 200: versionAnswer } } },
      async ({ params, body }) => {
        const model = await move(session, params.id, optionsOf(body));
        return { status, model_id: model.model_id, model };
      },
    );

  const to = z.object({ to_version: z.string() });
  app.post(
    `${root}/:id/rollback`,
    { schema: { params: ref, querystring: to, body: moveRequest.nullish(), response: { 200: versionAnswer } } },
    async ({ params, query, body }) => {
      const model = await rollback(session, params.id, query.to_version, optionsOf(body));
      return { status, model_id: model.model_id, model };
    },
  );

  app.get(`${root}/:id/checks`, { schema: { params: ref, response: { 200: checkAnswer } } }, async ({ params }) => ({
    status,
    report: await checkPromotion(session, params.id),
  }));

  app.get(
    `${root}/:id/audit`,
    { schema: { params: ref, querystring: page, response: { 200: auditList } } },
    async ({ params, query }) => {
      const { items, next_cursor } = await listAudit(session, (await findModel(session, params.id)).id, query);
      return { status, items: [...items], next_cursor };
    },
  );
}

function aliasRoutes(app: App, session: Session): void {
  app.get(`${root}/:id/aliases`, { schema: { params: ref, response: { 200: aliasList } } }, async ({ params }) => ({
    status,
    items: await listAliases(session, params.id),
  }));

  const one = ref.extend({ alias: aliasName });
  app.put(
    `${root}/:id/aliases/:alias`,
    { schema: { params: one, body: aliasRequest, response: { 200: aliasAnswer } } },
    async ({ params, body }) => {
      const { version, reason, protected: isProtected } = body;
      return { status, alias: await setAlias(session, params.id, params.alias, version, { reason, protected: isProtected }) };
    },
  );

  app.delete(`${root}/:id/aliases/:alias`, { schema: { params: one, response: { 200: answer({}) } } }, async ({ params }) => {
    await deleteAlias(session, params.id, params.alias);
    return { status };
  });
}
