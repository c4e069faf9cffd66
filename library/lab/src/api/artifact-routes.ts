import { artifactRoutes as routes } from "../contract/artifact-routes.ts";
import { artifactFields } from "../contract/runs.ts";
import { checkRun, deleteArtifact, heartbeat, listArtifacts, openArtifact, saveArtifact } from "../tracking/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";
import { receiveFile } from "./receive-file.ts";
import { sendFile } from "./send-file.ts";

/** Files of runs: sent as multipart (`file`; beside it `name`, `kind`), listed, downloaded by name or id. */
export function artifactRoutes(app: App): void {
  handle(app, routes.upload, async (request) => {
    const { params } = request;
    const options = { who: "artifact", store: request.session.store, fields: artifactFields };
    return receiveFile(request, options, async ({ session, ...file }) => {
      await checkRun(session, params.id);
      const { path, contentType, fields } = file;
      const { name = file.name, kind } = fields;
      const artifact = await saveArtifact(session, params.id, { name, kind, contentType, path });
      await heartbeat(session, params.id);
      return { artifact };
    });
  });

  handle(app, routes.list, async ({ params, session }) => ({ items: await listArtifacts(session, params.id) }));

  handle(app, routes.download, async ({ params, session }, reply) => {
    const { info, stream } = await openArtifact(session, params.id, params.artifact);
    reply.header("content-length", info.size_bytes).header("x-content-type-options", "nosniff");
    // what a program sent is never shown as a page of ours
    const contentType = /^(application\/json|text\/(csv|plain)|image\/png)\b/.test(info.content_type)
      ? info.content_type
      : "application/octet-stream";
    return sendFile(reply, stream(), { fileName: info.name, contentType });
  });

  handle(app, routes.delete, async ({ params, session }) => ({
    deleted: await deleteArtifact(session, params.id, params.artifact),
  }));
}
