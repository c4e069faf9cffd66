import { sql } from "kysely";
import { projectDatabase } from "../../db/database.ts";
import { createProject, createToken, createUser, type Session } from "../../projects/index.ts";
import { putMember } from "../../projects/members.ts";
import { beginSignIn } from "../../projects/sign-ins.ts";

/** Who asks, seen from the project that is asked for. */
export type Who =
  | "nobody"
  | "expired token"
  | "revoked token"
  | "deactivated"
  | "other project"
  | "other project's token"
  | "read token"
  | "viewer"
  | "write token"
  | "editor"
  | "owner"
  | "admin";

/** Those whom the service does not know. */
export const unknown: readonly Who[] = ["nobody", "expired token", "revoked token", "deactivated"];

/** Headers that a caller sends. */
type Headers = Readonly<Record<string, string>>;

/** People of a service, their rights in one project, and the headers that they send. */
export interface Cast {
  readonly session: Session;
  readonly userIds: Readonly<Record<string, string>>;
  /** What a caller sends, the same each time. */
  headers(who: Who): Promise<Headers>;
  /** The same with a sign-in or token made for this call, which may be ended. */
  freshHeaders(who: Who): Promise<Headers>;
}

const origin = { address: "127.0.0.1" };

/** Makes the people once: an owner with a project, and everybody who stands otherwise to it. */
export async function gather(base: Session, name: string): Promise<Cast> {
  const userIds: Record<string, string> = {};
  for (const who of ["owner", "editor", "viewer", "other", "gone", "admin"])
    userIds[who] = (await createUser(base.db, null, { username: `${name}-${who}`, admin: who === "admin" })).user.user_id;
  const as = (who: string): Session => ({ ...base, userId: userIds[who]! });
  const { project_id: projectId } = await createProject(as("owner"), { name });
  const { project_id: elsewhere } = await createProject(as("other"), { name: `${name} elsewhere` });
  const owned = { ...as("owner"), projectId };
  await putMember(owned, `${name}-editor`, "editor");
  await putMember(owned, `${name}-gone`, "editor");
  await putMember(owned, `${name}-viewer`, "viewer");

  const token = async (who: string, scopes: readonly ("read" | "write")[], project = projectId): Promise<string> =>
    (await createToken(base.db, userIds[who]!, { name: `${who} ${scopes}`, scopes: [...scopes], project_id: project })).secret;
  const bearer = (secret: string): Headers => ({ authorization: `Bearer ${secret}` });
  const cookie = async (who: string): Promise<Headers> => ({
    cookie: `assay_session=${(await beginSignIn(base.db, userIds[who]!, origin)).secret}`,
  });
  const expired = await token("owner", ["write"]);
  await sql`update api_tokens set expires_at = now() - interval '1 second' where name = 'owner write' and user_id = ${userIds["owner"]!}`.execute(
    base.db,
  );
  const revoked = await token("editor", ["write"]);
  await sql`update api_tokens set revoked_at = now() where name = 'editor write' and user_id = ${userIds["editor"]!}`.execute(
    base.db,
  );
  const gone = await cookie("gone");
  await sql`update users set active = false where id = ${userIds["gone"]!}`.execute(base.db);

  const headers: Record<Who, () => Promise<Headers> | Headers> = {
    nobody: () => ({}),
    "expired token": () => bearer(expired),
    "revoked token": () => bearer(revoked),
    deactivated: () => gone,
    "other project": () => cookie("other"),
    "other project's token": async () => bearer(await token("other", ["write"], elsewhere)),
    "read token": async () => bearer(await token("owner", ["read"])),
    viewer: () => cookie("viewer"),
    "write token": async () => bearer(await token("owner", ["write"])),
    editor: () => cookie("editor"),
    owner: () => cookie("owner"),
    admin: () => cookie("admin"),
  };
  const known = new Map<Who, Headers>();
  return {
    session: { ...owned, db: projectDatabase(base.db, projectId) },
    userIds,
    async headers(who) {
      const kept = known.get(who) ?? (await headers[who]());
      known.set(who, kept);
      return kept;
    },
    freshHeaders: async (who) => headers[who](),
  };
}
