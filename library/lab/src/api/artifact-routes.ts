import { z } from "zod";
import { deleted } from "../contract/datasets.ts";
import { artifactAnswer, artifactFields, artifactList } from "../contract/runs.ts";
import { id } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { checkRun, deleteArtifact, heartbeat, listArtifacts, openArtifact, saveArtifact } from "../tracking/index.ts";
import type { App } from "./app.ts";
import { receiveFile } from "./receive-file.ts";
import { sendFile } from "./send-file.ts";

const params = z.object({ id });
const one = z.object({ id, artifact: z.string().min(1).max(200) });
const status = "success" as const;
const root = "/api/ml/runs/:id/artifacts";

/** Files of runs: sent as multipart (`file`; before it `name`, `kind`), listed, downloaded by name or id. */
export function artifactRoutes(app: App, session: Session): void {
  app.post(root, { schema: { params, response: { 201: artifactAnswer } } }, async (request, reply) => {
    await checkRun(session, request.params.id);
    return receiveFile(request, { who: "artifact", store: session.store, fields: artifactFields }, async (file) => {
      const { path, contentType, fields } = file;
      const { name = file.name, kind } = fields;
      const artifact = await saveArtifact(session, request.params.id, { name, kind, contentType, path });
      await heartbeat(session, request.params.id);
      return reply.status(201).send({ status, artifact });
    });
  });

  app.get(root, { schema: { params, response: { 200: artifactList } } }, async ({ params }) => ({
    status,
    items: await listArtifacts(session, params.id),
  }));

  app.get(`${root}/:artifact`, { schema: { params: one } }, async ({ params }, reply) => {
    const { info, stream } = await openArtifact(session, params.id, params.artifact);
    reply.header("content-length", info.size_bytes).header("x-content-type-options", "nosniff");
    // what a program sent is never shown as a page of ours
    const contentType = /^(application\/json|text\/(csv|plain)|image\/png)\b/.test(info.content_type)
      ? info.content_type
      : "application/octet-stream";
    return sendFile(reply, stream(), { fileName: info.name, contentType });
  });

  app.delete(`${root}/:artifact`, { schema: { params: one, response: { 200: deleted } } }, async ({ params }) => {
    return { status, deleted: await deleteArtifact(session, params.id, params.artifact) };
  });
}
