import { z } from "zod";
import {
  activityList,
  activityQuery,
  peopleSettings,
  peopleSettingsAnswer,
  resetAnswer,
  type User,
  userAnswer,
  userChange,
  userCreate,
  userInvited,
  userList,
  userQuery,
} from "./people.ts";
import { route } from "./route.ts";

const root = "/api/users";
const ref = z.object({ user: z.string().min(1).max(200).describe("Id or username.") });

const grace: User = {
  user_id: "01981c3e-7a10-7c42-9d6f-0b6a51a1c0e5",
  username: "grace",
  full_name: null,
  email: null,
  avatar: null,
  active: true,
  admin: false,
  signs_in_by: "password",
  created_at: "2026-07-18T09:30:00.000Z",
  seen_at: null,
};
const code = "assay_i_Q2hhbmdlIG1lLCBJIGFtIGFuIGV4YW1wbGUgb25seQ0";

/** What administrators do with people. */
export const userRoutes = {
  list: route({
    method: "GET",
    path: root,
    action: "administer",
    summary: "Users by name; for administrators.",
    query: userQuery,
    answer: userList,
    example: { query: { search: "grace" }, answer: { items: [grace], next_cursor: null } },
  }),
  create: route({
    method: "POST",
    path: root,
    action: "administer",
    summary: "Makes a user, with the code of an invitation; for administrators.",
    body: userCreate,
    answer: userInvited,
    statuses: [201],
    example: { body: { username: "grace" }, answer: { user: grace, code } },
  }),
  get: route({
    method: "GET",
    path: `${root}/:user`,
    action: "administer",
    summary: "One user; for administrators, and for oneself.",
    params: ref,
    answer: userAnswer,
    example: { params: { user: "grace" }, answer: { user: grace } },
  }),
  change: route({
    method: "PATCH",
    path: `${root}/:user`,
    action: "administer",
    summary: "Deactivates (sign-ins and tokens end at once), activates, makes an administrator; for administrators.",
    params: ref,
    body: userChange,
    answer: userAnswer,
    example: { params: { user: "grace" }, body: { active: false }, answer: { user: { ...grace, active: false } } },
  }),
  resetPassword: route({
    method: "POST",
    path: `${root}/:user/reset-password`,
    action: "administer",
    summary: "Takes a password away and gives the code that sets another; for administrators.",
    params: ref,
    answer: resetAnswer,
    example: { params: { user: "grace" }, answer: { code, expires_at: "2026-07-25T09:30:00.000Z" } },
  }),
  settings: route({
    method: "GET",
    path: "/api/settings/people",
    action: "known",
    summary: "Whether strangers may register.",
    answer: peopleSettingsAnswer,
    example: { answer: { settings: { registration: "closed" } } },
  }),
  changeSettings: route({
    method: "PUT",
    path: "/api/settings/people",
    action: "administer",
    summary: "Opens or closes registration; for administrators.",
    body: peopleSettings,
    answer: peopleSettingsAnswer,
    example: { body: { registration: "closed" }, answer: { settings: { registration: "closed" } } },
  }),
  activity: route({
    method: "GET",
    path: "/api/activity",
    action: "known",
    summary: "What was done, newest first: everything for administrators, one's own deeds for others.",
    query: activityQuery,
    answer: activityList,
    example: {
      query: { action: "user.sign_in" },
      answer: {
        items: [
          {
            id: "812",
            project_id: null,
            username: "grace",
            action: "user.sign_in",
            subject: "grace",
            detail: { address: "127.0.0.1" },
            at: "2026-07-18T09:31:00.000Z",
          },
        ],
        next_cursor: null,
      },
    },
  }),
};
