import { importAnswer, importFields } from "../contract/imports.ts";
import type { Session } from "../projects/session.ts";
import { importUpload } from "../tracking/index.ts";
import type { App } from "./app.ts";
import { receiveFile } from "./receive-file.ts";

/** Runs and studies of other programs: a file comes up, what was taken over goes back. */
export function importRoutes(app: App, session: Session): void {
  app.post("/api/ml/import", { schema: { response: { 200: importAnswer } } }, async (request) => {
    const gone = new AbortController();
    request.raw.once("close", () => request.raw.destroyed && !request.raw.complete && gone.abort());
    return receiveFile(request, { who: "import", store: session.store, fields: importFields }, async ({ path, name, fields }) => {
      const { source, ...options } = fields;
      const report = await importUpload(session, source, path, name, { ...options, signal: gone.signal });
      return { status: "success" as const, import: report };
    });
  });
}
