import { z } from "zod";
import {
  activityList,
  activityQuery,
  memberAnswer,
  memberList,
  memberPut,
  type Project,
  projectAnswer,
  projectChange,
  projectCreate,
  projectList,
  projectQuery,
} from "./people.ts";
import { route } from "./route.ts";
import { id } from "./values.ts";

const root = "/api/projects";
const ref = z.object({ id });
const memberRef = z.object({ id, user: z.string().min(1).max(200).describe("Id or username.") });

const survey: Project = {
  project_id: "01981c3e-7a10-7c42-9d6f-0b6a51a1c0b2",
  name: "survey",
  description: "Kepler's candidates",
  project_status: "active",
  public: false,
  metadata: { team: "astronomy" },
  owner: "ada",
  role: "owner",
  created_at: "2026-07-18T09:30:00.000Z",
};
const params = { id: survey.project_id };
const grace = {
  user_id: "01981c3e-7a10-7c42-9d6f-0b6a51a1c0e5",
  username: "grace",
  full_name: null,
  role: "editor" as const,
};
const put = {
  id: "815",
  project_id: survey.project_id,
  username: "ada",
  action: "member.put",
  subject: "grace",
  detail: { role: "editor" },
  at: "2026-07-18T09:32:00.000Z",
};

/** Projects, their members, and what was done in them. */
export const projectRoutes = {
  list: route({
    method: "GET",
    path: root,
    action: "known",
    summary: "Projects by name: one's own, those open to everybody, or both.",
    query: projectQuery,
    answer: projectList,
    example: { query: { which: "mine" }, answer: { items: [survey], next_cursor: null } },
  }),
  create: route({
    method: "POST",
    path: root,
    action: "own",
    summary: "Makes a project, which the caller owns.",
    body: projectCreate,
    answer: projectAnswer,
    statuses: [201],
    example: { body: { name: "survey", description: survey.description }, answer: { project: survey } },
  }),
  get: route({
    method: "GET",
    path: `${root}/:id`,
    summary: "One project.",
    params: ref,
    answer: projectAnswer,
    example: { params, answer: { project: survey } },
  }),
  change: route({
    method: "PATCH",
    path: `${root}/:id`,
    action: "manage",
    summary: "Renames, describes, opens, archives or restores a project; for owners.",
    params: ref,
    body: projectChange,
    answer: projectAnswer,
    example: {
      params,
      body: { project_status: "archived" },
      answer: { project: { ...survey, project_status: "archived" } },
    },
  }),
  delete: route({
    method: "DELETE",
    path: `${root}/:id`,
    action: "manage",
    summary: "Deletes a project with everything in it, its files too; for owners.",
    params: ref,
    example: { params },
  }),
  members: route({
    method: "GET",
    path: `${root}/:id/members`,
    summary: "Who belongs to a project, owners first.",
    params: ref,
    answer: memberList,
    example: { params, answer: { items: [grace] } },
  }),
  member: route({
    method: "GET",
    path: `${root}/:id/members/:user`,
    summary: "One member of a project.",
    params: memberRef,
    answer: memberAnswer,
    example: { params: { ...params, user: grace.username }, answer: { member: grace } },
  }),
  putMember: route({
    method: "PUT",
    path: `${root}/:id/members/:user`,
    action: "manage",
    summary: "Makes a user a member, or gives a member another role; for owners.",
    params: memberRef,
    body: memberPut,
    answer: memberAnswer,
    example: { params: { ...params, user: "grace" }, body: { role: "editor" }, answer: { member: grace } },
  }),
  removeMember: route({
    method: "DELETE",
    path: `${root}/:id/members/:user`,
    action: "read",
    summary: "Takes a member out; for owners, and for whoever leaves. The last owner stays.",
    params: memberRef,
    example: { params: { ...params, user: "grace" } },
  }),
  activity: route({
    method: "GET",
    path: `${root}/:id/activity`,
    summary: "What was done in a project, newest first.",
    params: ref,
    query: activityQuery,
    answer: activityList,
    example: { params, answer: { items: [put], next_cursor: null } },
  }),
};
