import { z } from "zod";
import { compareRequest } from "./compare.ts";
import { citedRun } from "./example-run.ts";
import { compareQuery, reportQuery } from "./reports.ts";
import { route } from "./route.ts";
import { byId } from "./values.ts";

/** Reports of runs, comparisons and datasets: pages that stand alone, and PDF. */
export const reportRoutes = {
  run: route({
    method: "GET",
    path: "/api/ml/experiments/:id/report",
    summary: "Report of a run, as `format` or the header Accept says.",
    twin: true,
    params: byId,
    query: reportQuery,
    file: ["text/html", "application/pdf"],
    example: { params: citedRun, query: { format: "html" } },
  }),
  dataset: route({
    method: "GET",
    path: "/api/ml/datasets/:id/report",
    summary: "Report of a dataset, as `format` or the header Accept says.",
    params: z.object({ id: z.string() }),
    query: reportQuery,
    file: ["text/html", "application/pdf"],
    example: { params: { id: "koi@3" }, query: { format: "pdf" } },
  }),
  comparison: route({
    method: "POST",
    path: "/api/ml/experiments/compare",
    action: "read",
    summary: "Runs side by side as JSON, CSV, HTML or PDF, as `format` or the header Accept says.",
    twin: true,
    query: compareQuery,
    body: compareRequest,
    file: ["application/json", "text/csv", "text/html", "application/pdf"],
    example: {
      query: { format: "spreadsheet" },
      body: { filter: "experiment = 'koi' and status = 'completed'", sort: "-metrics.test.accuracy", limit: 20 },
    },
  }),
};
