import { z } from "zod";
import { answer, id, instant, listOf, name, page } from "./values.ts";

/** A name to sign in with; capitals are taken as small letters. */
export const username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@+-]{0,63}$/, "must have 1 to 64 letters a–z, digits or . _ @ + -, the first a letter or digit");
const password = z.string().min(1).max(1024);
const email = z.email().max(254);
const fullName = z.string().trim().max(200);
const avatar = z
  .string()
  .max(60_000)
  .regex(/^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*$/, "must be a picture as data:image/png, jpeg or webp; base64")
  .describe("A small picture as a data URL.");

/** A person as everybody signed in sees them. */
export const person = z.object({ user_id: id, username: z.string(), full_name: z.string().nullable() });

/** A person as they see themselves, and administrators see them. */
export const user = person.extend({
  email: z.string().nullable(),
  avatar: z.string().nullable(),
  active: z.boolean(),
  admin: z.boolean(),
  signs_in_by: z.enum(["password", "machine", "jupyterhub"]),
  created_at: instant,
  seen_at: instant.nullable(),
});
export type User = z.infer<typeof user>;
export const userAnswer = answer({ user });
export const userList = listOf(user);

export const registerRequest = z.strictObject({
  username,
  password,
  email: email.optional(),
  full_name: fullName.optional(),
});
export type RegisterRequest = z.output<typeof registerRequest>;
export const loginRequest = z.strictObject({ username: z.string().trim().toLowerCase().min(1).max(200), password });
export const profileChange = z.strictObject({
  email: email.nullable().optional(),
  full_name: fullName.nullable().optional(),
  avatar: avatar.nullable().optional(),
});
export type ProfileChange = z.output<typeof profileChange>;
export const passwordChange = z.strictObject({ password: password.describe("The present one."), new_password: password });
export const invitationUse = z.strictObject({
  code: z.string().min(1).max(200).describe("Of an invitation, or of a password that an administrator reset."),
  password,
});

export const scope = z.enum(["read", "write", "admin"]);
/** Who asks: GET /api/auth/me. */
export const meAnswer = answer({
  user,
  signed_in_by: z.enum(["machine", "operator", "session", "token"]),
  scopes: z.array(scope),
  project_id: id.describe("Where requests work that name no project."),
  bound: z.boolean().describe("Whether the token reaches that project alone."),
});
export type Me = Omit<z.infer<typeof meAnswer>, "status">;

/** A sign-in that lasts. */
export const signIn = z.object({
  session_id: id,
  current: z.boolean(),
  address: z.string().nullable(),
  program: z.string().nullable(),
  created_at: instant,
  seen_at: instant,
  expires_at: instant,
});
export type SignIn = z.infer<typeof signIn>;
export const signInList = listOf(signIn);

export const tokenCreate = z.strictObject({
  name,
  scopes: z.array(scope).min(1).max(3).default(["write"]).describe("Each includes those before it: read, write, admin."),
  project_id: id.optional().describe("Reaches this project alone."),
  expires_days: z.number().int().min(1).max(3650).nullable().default(90).describe("null: until it is revoked."),
});
export type TokenCreate = z.input<typeof tokenCreate>;
export const token = z.object({
  token_id: id,
  name: z.string(),
  hint: z.string().describe("Its first signs."),
  scopes: z.array(scope),
  project_id: id.nullable(),
  created_at: instant,
  expires_at: instant.nullable(),
  used_at: instant.nullable(),
});
export type Token = z.infer<typeof token>;
export const tokenCreated = answer({ token: z.string().describe("Shown this once."), token_info: token });
export const tokenList = listOf(token);

export const hubRequest = z.strictObject({
  hub_token: z.string().min(1).max(500).describe("JUPYTERHUB_API_TOKEN of the user's server."),
});
export const hubAnswer = answer({ token: z.string(), expires_at: instant, user });

export const userCreate = z.strictObject({
  username,
  email: email.optional(),
  full_name: fullName.optional(),
  admin: z.boolean().default(false),
  signs_in_by: z.enum(["password", "jupyterhub"]).default("password"),
});
export type UserCreate = z.input<typeof userCreate>;
export const userInvited = answer({
  user,
  code: z.string().nullable().describe("With it the person sets a password, once, within a week; null for a JupyterHub's user."),
});
export const userChange = z.strictObject({
  active: z.boolean().optional(),
  admin: z.boolean().optional(),
  signs_in_by: z.enum(["password", "jupyterhub"]).optional(),
});
export type UserChange = z.output<typeof userChange>;
export const userQuery = page.omit({ project_id: true }).extend({
  active: z.enum(["true", "false"]).optional(),
  search: z.string().max(200).optional().describe("Part of the username, the name or the address."),
});
export const resetAnswer = answer({ code: z.string(), expires_at: instant });

export const peopleSettings = z.strictObject({
  registration: z
    .enum(["open", "closed"])
    .describe("Whether strangers may register; the first user always may, from this machine."),
});
export type PeopleSettings = z.infer<typeof peopleSettings>;
export const peopleSettingsAnswer = answer({ settings: peopleSettings });

export const role = z.enum(["owner", "editor", "viewer"]);
const metadata = z
  .record(z.string().max(200), z.unknown())
  .refine((value) => JSON.stringify(value).length <= 20_000, "must be at most 20,000 signs of JSON");
const description = z.string().max(10_000);

export const project = z.object({
  project_id: id,
  name: z.string(),
  description: z.string(),
  project_status: z.enum(["active", "archived"]),
  public: z.boolean(),
  metadata: z.record(z.string(), z.unknown()),
  owner: z.string(),
  role: role.nullable().describe("The caller's; null where it is read because it is public."),
  created_at: instant,
});
export type Project = z.infer<typeof project>;
export const projectCreate = z.strictObject({
  name,
  description: description.default(""),
  public: z.boolean().default(false),
  metadata: metadata.default({}),
});
export type ProjectCreate = z.input<typeof projectCreate>;
export const projectChange = z.strictObject({
  name: name.optional(),
  description: description.optional(),
  public: z.boolean().optional(),
  metadata: metadata.optional(),
  project_status: z.enum(["active", "archived"]).optional(),
});
export type ProjectChange = z.output<typeof projectChange>;
export const projectQuery = page.omit({ project_id: true }).extend({
  which: z
    .enum(["mine", "public", "all"])
    .default("mine")
    .describe("mine: owned, or a member of; all: for administrators every one."),
  project_status: z.enum(["active", "archived"]).optional(),
});
export type ProjectQuery = z.input<typeof projectQuery>;
export const projectAnswer = answer({ project });
export const projectList = listOf(project);

export const member = z.object({ user_id: id, username: z.string(), full_name: z.string().nullable(), role });
export type Member = z.infer<typeof member>;
export const memberPut = z.strictObject({ role });
export const memberAnswer = answer({ member });
export const memberList = answer({ items: z.array(member) });

/** A line of the activity log. */
export const activity = z.object({
  id: z.string(),
  project_id: id.nullable(),
  username: z.string().nullable(),
  action: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  at: instant,
});
export type Activity = z.infer<typeof activity>;
export const activityQuery = page.omit({ project_id: true }).extend({ action: z.string().max(100).optional() });
export const activityList = listOf(activity);
