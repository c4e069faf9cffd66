import { sql } from "kysely";
import { z } from "zod";
import type { Session } from "../projects/session.ts";
import type { App } from "./app.ts";

/** Whether the service lives, and whether it can work. */
export function healthRoutes(app: App, session: Session): void {
  app.get("/health", { schema: { response: { 200: z.object({ status: z.literal("success") }) } } }, async () => ({
    status: "success" as const,
  }));
  app.get(
    "/ready",
    { schema: { response: { 200: z.object({ status: z.literal("success"), database: z.literal("up") }) } } },
    async () => {
      await sql`select 1`.execute(session.db);
      return { status: "success" as const, database: "up" as const };
    },
  );
}
