import { projectRoutes as routes } from "../contract/project-routes.ts";
import {
  changeProject,
  createProject,
  deleteProject,
  getMember,
  getProject,
  listActivity,
  listMembers,
  listProjects,
  putMember,
  removeMember,
  type Session,
} from "../projects/index.ts";
import type { App } from "./app.ts";
import type { Callers } from "./caller.ts";
import { handle } from "./handle.ts";

/** Projects, their members and what was done in them. Who may see which project is asked at the door, by `enter`. */
export function projectRoutes(app: App, { db }: Session, { enter }: Callers): void {
  handle(app, routes.list, async ({ caller, query }) => {
    const { items, next_cursor } = await listProjects(await enter(caller), query);
    return { items: [...items], next_cursor };
  });
  handle(app, routes.create, async ({ caller, body }) => ({ project: await createProject(await enter(caller), body) }));
  handle(app, routes.get, async ({ caller, params }) => {
    const { userId, projectId } = await enter(caller, params.id);
    return { project: await getProject(db, userId, projectId) };
  });
  handle(app, routes.change, async ({ caller, params, body }) => ({
    project: await changeProject(await enter(caller, params.id), body),
  }));
  handle(app, routes.delete, async ({ caller, params }) => deleteProject(await enter(caller, params.id)));
  handle(app, routes.members, async ({ caller, params }) => ({ items: await listMembers(await enter(caller, params.id)) }));
  handle(app, routes.member, async ({ caller, params }) => ({
    member: await getMember(await enter(caller, params.id), params.user),
  }));
  handle(app, routes.putMember, async ({ caller, params, body }) => ({
    member: await putMember(await enter(caller, params.id), params.user, body.role),
  }));
  handle(app, routes.removeMember, async ({ caller, params }) => removeMember(await enter(caller, params.id), params.user));
  handle(app, routes.activity, async ({ caller, params, query }) => {
    const { projectId } = await enter(caller, params.id);
    const { items, next_cursor } = await listActivity(db, { projectId }, query);
    return { items: [...items], next_cursor };
  });
}
