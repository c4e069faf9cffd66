import { createReadStream } from "node:fs";
import { NotFoundError, ParamsError } from "assay";
import { z } from "zod";
import {
  deployRequest,
  moveRequest,
  predictAnswer,
  predictRequest,
  versionAnswer,
  versionList,
  versionListQuery,
} from "../contract/models.ts";
import { page } from "../contract/values.ts";
import { getJob } from "../jobs/index.ts";
import type { Session } from "../projects/session.ts";
import {
  archive,
  demote,
  deployRun,
  getVersion,
  listVersions,
  predict,
  promote,
  rollback,
  versionFile,
} from "../registry/index.ts";
import type { App } from "./app.ts";

const ref = z.object({ id: z.string() });
const status = "success" as const;
const root = "/api/ml/models";

/** The registry: deploy, move, list, predict. */
export function modelRoutes(app: App, session: Session): void {
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

  for (const [verb, move] of Object.entries({ promote, demote, archive }))
    app.post(
      `${root}/:id/${verb}`,
      { schema: { params: ref, body: moveRequest.nullish(), response: { 200: versionAnswer } } },
      async ({ params, body }) => {
        const model = await move(session, params.id, body?.reason ?? "");
        return { status, model_id: model.model_id, model };
      },
    );

  const to = z.object({ to_version: z.string() });
  app.post(
    `${root}/:id/rollback`,
    { schema: { params: ref, querystring: to, body: moveRequest.nullish(), response: { 200: versionAnswer } } },
    async ({ params, query, body }) => {
      const model = await rollback(session, params.id, query.to_version, body?.reason ?? "");
      return { status, model_id: model.model_id, model };
    },
  );

  app.post(`${root}/predict`, { schema: { body: predictRequest, response: { 200: predictAnswer } } }, async ({ body }) => ({
    status,
    ...(await predict(session, body.model_id, body.features, { userId: body.user_id })),
  }));

  app.get(`${root}/:id/download`, { schema: { params: ref } }, async ({ params }, reply) => {
    const { version, file } = await versionFile(session, params.id);
    reply
      .header("content-type", "application/octet-stream")
      .header("content-disposition", `attachment; filename="${file.split("/").at(-1)}"`);
    return reply.header("content-length", version.size_bytes).send(createReadStream(session.store.path(file)));
  });
}
