import { importRoutes as routes } from "../contract/import-routes.ts";
import { importFields } from "../contract/imports.ts";
import { importUpload } from "../tracking/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";
import { receiveFile } from "./receive-file.ts";

/** Runs and studies of other programs: a file comes up, what was taken over goes back. */
export function importRoutes(app: App): void {
  handle(app, routes.create, async (request) => {
    const { raw } = request;
    const gone = new AbortController();
    raw.once("close", () => raw.destroyed && !raw.complete && gone.abort());
    const options = { who: "import", store: request.session.store, fields: importFields };
    return receiveFile(request, options, async ({ path, name, fields, session }) => {
      const { source, ...options } = fields;
      return { import: await importUpload(session, source, path, name, { ...options, signal: gone.signal }) };
    });
  });
}
