import { z } from "zod";
import { id } from "./values.ts";

/** Forms of a report; without one the header Accept decides, and HTML where it says nothing. */
export const reportQuery = z.object({
  format: z.enum(["html", "pdf"]).optional(),
  project_id: id.optional(),
});

/** Forms of POST /api/ml/experiments/compare: `csv` holds the values as they are, `spreadsheet` keeps texts from being formulas. */
export const compareQuery = z.object({
  format: z.enum(["json", "csv", "spreadsheet", "html", "pdf"]).optional(),
});
