import type { FastifyReply, FastifyRequest } from "fastify";
import { reportRoutes as routes } from "../contract/report-routes.ts";
import { datasetReport, type Report, reportDocument, reportOfComparison, reportPolicy, runReport } from "../reports/index.ts";
import { compareRuns, comparisonCsv } from "../tracking/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";

const status = "success" as const;

/** Runs side by side, and reports of runs, comparisons and datasets as HTML and PDF. */
export function reportRoutes(app: App): void {
  handle(app, routes.comparison, async (request, reply) => {
    const { body, query, session } = request;
    const format =
      query.format ?? acceptedBy(request, { "text/csv": "spreadsheet", "application/pdf": "pdf", "text/html": "html" }) ?? "json";
    const comparison = await compareRuns(session, body);
    if (format === "html" || format === "pdf") return sendReport(reply, reportOfComparison(comparison), format);
    if (format === "json") return { status, ...comparison };
    reply
      .header("content-type", "text/csv; charset=utf-8")
      .header("content-disposition", 'attachment; filename="comparison.csv"');
    return comparisonCsv(comparison, { forSpreadsheet: format === "spreadsheet" });
  });

  handle(app, routes.run, async (request, reply) => {
    const { params, query, session } = request;
    return sendReport(reply, await runReport(session, params.id), formOf(request, query.format));
  });

  handle(app, routes.dataset, async (request, reply) => {
    const { params, query, session } = request;
    return sendReport(reply, await datasetReport(session, params.id), formOf(request, query.format));
  });
}

function formOf(request: FastifyRequest, format: "html" | "pdf" | undefined): "html" | "pdf" {
  return format ?? acceptedBy(request, { "application/pdf": "pdf" }) ?? "html";
}

/** What the header Accept names first of these; a browser's list, which begins with HTML, means HTML. */
function acceptedBy<T extends string>({ headers }: FastifyRequest, types: Readonly<Record<string, T>>): T | undefined {
  const wanted = (headers.accept ?? "").split(",").map((part) => part.split(";")[0]!.trim().toLowerCase());
  const [first] = wanted.filter((type) => Object.hasOwn(types, type));
  return first === undefined ? undefined : types[first];
}

/** Sends a report so that nothing in it may run, wherever it is opened. */
async function sendReport(reply: FastifyReply, report: Report, form: "html" | "pdf"): Promise<FastifyReply> {
  const document = reportDocument(report);
  const name = report.title.replaceAll(/[^\w.@ -]/g, "_").slice(0, 80) || "report";
  reply
    .header("content-security-policy", `${reportPolicy}; sandbox`)
    .header("x-content-type-options", "nosniff")
    .header("referrer-policy", "no-referrer")
    .header("content-disposition", `inline; filename="${name}.${form}"`)
    .header("content-type", form === "html" ? "text/html; charset=utf-8" : "application/pdf")
    .serializer((body: unknown) => body as string);
  return reply.send(form === "html" ? document.html() : Buffer.from(await document.pdf()));
}
