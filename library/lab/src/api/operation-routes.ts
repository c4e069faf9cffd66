import { PermissionError } from "assay";
import { operationRoutes as routes } from "../contract/operation-routes.ts";
import { changeRetention, getRetention, sweep } from "../operations/index.ts";
import { checkAdmin, type Session } from "../projects/index.ts";
import type { App } from "./app.ts";
import type { Caller } from "./caller.ts";
import { handle } from "./handle.ts";

/** How long things are kept; for administrators. */
export function operationRoutes(app: App, session: Session): void {
  const { db } = session;
  const admin = async ({ userId, grant }: Caller): Promise<string> => {
    if (grant && (grant.projectId !== null || !grant.scopes.includes("admin")))
      throw new PermissionError("retention: this token does not reach the whole service");
    await checkAdmin(db, userId);
    return userId;
  };
  handle(app, routes.retention, async ({ caller }) => {
    await admin(caller);
    return { retention: await getRetention(db) };
  });
  handle(app, routes.changeRetention, async ({ caller, body }) => ({
    retention: await changeRetention(db, body, await admin(caller)),
  }));
  handle(app, routes.sweep, async ({ caller, body }) => {
    await admin(caller);
    return { sweep: await sweep(session, { dryRun: body.dry_run }) };
  });
}
