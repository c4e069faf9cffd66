import type { Activity, Me, Member, Project, ProjectChange, ProjectCreate } from "../contract/people.ts";
import { display, htmlTable, listed } from "../html.ts";
import { listActivity } from "./activity.ts";
import { authorize, type Role } from "./authorize.ts";
import { listMembers, putMember, removeMember } from "./members.ts";
import {
  changeProject,
  createProject,
  deleteProject,
  findProject,
  getProject,
  listProjects,
  type ProjectsQuery,
} from "./projects.ts";
import type { Session } from "./session.ts";
import { getUser, toUser } from "./user-rows.ts";

/** Projects as cells use them. A project is cited by its name or its id; one's own comes before others' of that name. */
export interface Projects<L> {
  /** Makes a project, which its maker owns. */
  create(name: string, project?: Omit<ProjectCreate, "name">): Promise<Project>;
  /** One's own and those one belongs to; `which: "public"` for those open to everybody. */
  list(query?: ProjectsQuery): Promise<readonly Project[]>;
  get(ref: string): Promise<Project>;
  /** The lab in another project. Close the first one only, when all is done. */
  open(ref: string): Promise<L>;
  /** Renames, describes, opens to everybody, archives (`project_status: "archived"`), restores. */
  change(ref: string, change: ProjectChange): Promise<Project>;
  /** Deletes a project with everything in it. */
  delete(ref: string): Promise<void>;
  members(ref: string): Promise<readonly Member[]>;
  /** Makes a user a member, or gives a member another role. */
  putMember(ref: string, user: string, role: Role): Promise<Member>;
  removeMember(ref: string, user: string): Promise<void>;
  /** What was done in a project, newest first. */
  activity(ref: string, query?: { readonly limit?: number; readonly action?: string }): Promise<readonly Activity[]>;
}

/** The projects of a session; `open` makes what a project is opened as. */
export function projectsOf<L>(session: Session, open: (session: Session) => L): Projects<L> {
  const within = async (ref: string): Promise<Session> => ({ ...session, projectId: await findProject(session, ref) });
  return {
    create: async (name, project) => shownProject(await createProject(session, { ...project, name })),
    list: async (query) => listed((await listProjects(session, query)).items, projectColumns),
    get: async (ref) => shownProject(await getProject(session.db, session.userId, (await within(ref)).projectId)),
    open: async (ref) => open(await within(ref)),
    change: async (ref, change) => shownProject(await changeProject(await within(ref), change)),
    delete: async (ref) => deleteProject(await within(ref)),
    members: async (ref) => listed(await listMembers(await within(ref)), memberColumns),
    putMember: async (ref, user, role) => putMember(await within(ref), user, role),
    removeMember: async (ref, user) => removeMember(await within(ref), user),
    async activity(ref, query) {
      const inside = await within(ref);
      await authorize(inside, "read");
      return listed((await listActivity(inside.db, inside, query)).items, activityColumns);
    },
  };
}

/** Who works in a session, in which project. */
export async function whoIs({ db, userId, projectId, grant }: Session): Promise<Me> {
  const me: Me = {
    user: toUser(await getUser(db, userId)),
    signed_in_by: grant ? "token" : "machine",
    scopes: [...(grant?.scopes ?? (["admin"] as const))],
    project_id: projectId,
    bound: typeof grant?.projectId === "string",
  };
  return shownMe(me);
}

/** Who works, drawn in a notebook. */
export function shownMe(me: Me): Me {
  const { username, full_name, admin } = me.user;
  return display(me, () => htmlTable([{ username, full_name, admin, project_id: me.project_id }]));
}

/** What a list of projects shows. */
export const projectColumns = ["name", "role", "owner", "project_status", "public"] as const;
/** What a list of members shows. */
export const memberColumns = ["username", "role", "full_name"] as const;
/** What a list of deeds shows. */
export const activityColumns = ["at", "username", "action", "subject"] as const;

/** A project, drawn in a notebook. */
export function shownProject(project: Project): Project {
  const { name, role, owner, project_status, public: isPublic, description } = project;
  return display(project, () => htmlTable([{ name, role, owner, project_status, public: isPublic, description }]));
}
