import { NotFoundError } from "assay";
import type { Me, Project } from "../contract/people.ts";
import { listed } from "../html.ts";
import { activityColumns, memberColumns, projectColumns, shownMe, shownProject } from "../projects/for-cells.ts";
import type { Projects } from "../projects/index.ts";
import type { Service } from "./service.ts";

/** The projects that a token reaches; `open` makes what a project is opened as. */
export function remoteProjects<L>(service: Service, open: (inside: Service) => L): Projects<L> {
  const { projects } = service.client;
  const idOf = (ref: string): Promise<string> => findRemoteProject(service, ref);
  return {
    create: async (name, project) => shownProject((await projects.create({ ...project, name })).project),
    list: async (query) => listed((await projects.list(query)).items, projectColumns),
    get: async (ref) => shownProject((await projects.get({ id: await idOf(ref) })).project),
    open: async (ref) => open(service.within((await projects.get({ id: await idOf(ref) })).project.project_id)),
    change: async (ref, change) => shownProject((await projects.change({ ...change, id: await idOf(ref) })).project),
    delete: async (ref) => void (await projects.delete({ id: await idOf(ref) })),
    members: async (ref) => listed((await projects.members({ id: await idOf(ref) })).items, memberColumns),
    putMember: async (ref, user, role) => (await projects.putMember({ id: await idOf(ref), user, role })).member,
    removeMember: async (ref, user) => void (await projects.removeMember({ id: await idOf(ref), user })),
    activity: async (ref, query) => listed((await projects.activity({ ...query, id: await idOf(ref) })).items, activityColumns),
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of a project by id or by name: one's own before those one belongs to, these before the public ones. Throws NotFoundError. */
async function findRemoteProject({ client }: Service, ref: string): Promise<string> {
  if (uuid.test(ref)) return ref;
  for (const which of ["mine", "public"] as const) {
    const named: Project[] = [];
    let cursor: string | undefined;
    do {
      const { items, next_cursor } = await client.projects.list({ which, limit: 500, cursor });
      named.push(...items.filter(({ name }) => name === ref));
      cursor = next_cursor ?? undefined;
    } while (cursor !== undefined);
    if (named.length > 0) {
      const { username } = (await client.auth.me()).user;
      return (named.find(({ owner }) => owner === username) ?? named[0]!).project_id;
    }
  }
  throw new NotFoundError(`no project ${JSON.stringify(ref.slice(0, 200))}`);
}

/** Who asks, in which project. */
export async function remoteMe({ client }: Service): Promise<Me> {
  const { status: _, ...me } = await client.auth.me();
  return shownMe(me);
}
