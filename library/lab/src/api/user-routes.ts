import { userRoutes as routes } from "../contract/user-routes.ts";
import {
  changePeopleSettings,
  changeUser,
  checkAdmin,
  createUser,
  getUser,
  listActivity,
  listUsers,
  peopleSettings,
  resetPassword,
  type Session,
  toUser,
} from "../projects/index.ts";
import type { App } from "./app.ts";
import { checkOwn } from "./auth-routes.ts";
import type { Caller } from "./caller.ts";
import { handle } from "./handle.ts";

/** What administrators do with people. */
export function userRoutes(app: App, { db }: Session): void {
  const admin = async (caller: Caller): Promise<string> => {
    checkOwn(caller);
    await checkAdmin(db, caller.userId);
    return caller.userId;
  };
  handle(app, routes.list, async ({ caller, query }) => {
    await admin(caller);
    const active = query.active === undefined ? undefined : query.active === "true";
    const { items, next_cursor } = await listUsers(db, { ...query, active });
    return { items: [...items], next_cursor };
  });
  handle(app, routes.create, async ({ caller, body }) => createUser(db, await admin(caller), body));
  handle(app, routes.get, async ({ caller, params }) => {
    const own = await getUser(db, caller.userId);
    if (params.user !== own.id && params.user.toLowerCase() !== own.username) await admin(caller);
    return { user: toUser(await getUser(db, params.user)) };
  });
  handle(app, routes.change, async ({ caller, params, body }) => ({
    user: await changeUser(db, await admin(caller), params.user, body),
  }));
  handle(app, routes.resetPassword, async ({ caller, params }) => {
    const { secret, expiresAt } = await resetPassword(db, await admin(caller), params.user);
    return { code: secret, expires_at: expiresAt.toISOString() };
  });
  handle(app, routes.settings, async () => ({ settings: await peopleSettings(db) }));
  handle(app, routes.changeSettings, async ({ caller, body }) => ({
    settings: await changePeopleSettings(db, await admin(caller), body),
  }));
  handle(app, routes.activity, async ({ caller, query }) => {
    const { admin: sees } = await getUser(db, caller.userId);
    const all = sees && caller.grant === undefined;
    const { items, next_cursor } = await listActivity(db, all ? undefined : { userId: caller.userId }, query);
    return { items: [...items], next_cursor };
  });
}
