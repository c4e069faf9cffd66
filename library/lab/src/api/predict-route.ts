import type { z } from "zod";
import { assayVersion } from "../assay-version.ts";
import type { predictRequest } from "../contract/models.ts";
import { predictionRoutes as routes } from "../contract/prediction-routes.ts";
import { predict, predictForUser } from "../registry/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";

/**
 * The prediction of rows; most are answered in front of it (quick-predictions.ts). The answer is our own, plain JSON for programs, and is not
 * checked again.
 */
export function predictRoute(app: App): void {
  handle(
    app,
    routes.predict,
    async ({ body, session }, reply) => {
      const { model_id, ab_test_name: test, features, user_id: userId } = body;
      reply.header("x-content-type-options", "nosniff");
      reply.header("assay-version", assayVersion);
      return test === undefined
        ? predict(session, model_id!, features, { userId })
        : predictForUser(session, test, features, { userId });
    },
    { serializerCompiler: () => JSON.stringify },
  );
}

/** A request for one version's prediction of one row. */
export type PlainRequest = z.output<typeof predictRequest> & { readonly model_id: string };

const plainFields = new Set(["model_id", "features", "user_id"]);

/** Whether a body asks one version for one row, all of a kind that `predictRequest` takes as it is: what most ask, told at a tenth of its cost. */
export function isPlainRequest(body: unknown): body is PlainRequest {
  if (!isRecord(body)) return false;
  const { model_id, user_id, features } = body;
  for (const field in body) if (!plainFields.has(field)) return false;
  return isText(model_id, Number.POSITIVE_INFINITY) && (user_id === undefined || isText(user_id, 200)) && isPlainRow(features);
}

function isPlainRow(row: unknown): boolean {
  if (!isRecord(row)) return false;
  for (const name in row) {
    if (name === "__proto__") return false; // no schema lets it through
    const cell = row[name];
    const kind = typeof cell;
    if (kind === "number" ? !Number.isFinite(cell) : kind !== "string" && kind !== "boolean" && cell !== null) return false;
  }
  return true;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown, most: number): boolean {
  return typeof value === "string" && value.length > 0 && value.length <= most;
}
