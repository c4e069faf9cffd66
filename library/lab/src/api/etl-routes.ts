import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { etlRoutes as routes } from "../contract/etl-routes.ts";
import { getEtlRun, listEtlRuns, metadataNameOf, reportNameOf, startEtl, startEtlSource } from "../flows/recommendation/index.ts";
import { reportPolicy } from "../reports/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";
import { sendFile } from "./send-file.ts";

/** The recommendation ETL: runs, their quality reports and the metadata of their versions. */
export function etlRoutes(app: App): void {
  handle(app, routes.start, async ({ body, session }) => ({ run: await startEtl(session, body) }));

  handle(app, routes.runs, async ({ query, session }) => {
    const { items, next_cursor } = await listEtlRuns(session, query);
    return { items: [...items], next_cursor };
  });

  handle(app, routes.run, async ({ params, session }) => ({ run: await getEtlRun(session, params.id) }));

  handle(app, routes.report, async ({ params, session }, reply) => {
    const path = await session.store.fetch(await reportNameOf(session, params.id));
    reply
      .header("content-security-policy", `${reportPolicy}; sandbox`)
      .header("x-content-type-options", "nosniff")
      .header("referrer-policy", "no-referrer")
      .header("content-type", "text/html; charset=utf-8")
      .serializer((text: unknown) => text as string);
    return reply.send(await readFile(path, "utf8"));
  });

  handle(app, routes.metadata, async ({ params, session }, reply) => {
    const name = await metadataNameOf(session, params.id);
    const stream = createReadStream(await session.store.fetch(name));
    return sendFile(reply, stream, { fileName: basename(name), contentType: "application/json; charset=utf-8" });
  });

  handle(app, routes.source, async ({ body, session }) => ({ job_id: await startEtlSource(session, body) }));
}
