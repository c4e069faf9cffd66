import { AuthError, ConflictError, PermissionError, StoreError } from "assay";
import { v7 as uuidv7 } from "uuid";
import { type Database, transaction } from "../db/database.ts";
import { logActivity } from "./activity.ts";
import { ensureUser } from "./own-user.ts";
import { newSecret } from "./secrets.ts";
import { getUser, type UserRow } from "./user-rows.ts";

/** A token that a JupyterHub's user was given. */
interface HubSignIn {
  readonly user: UserRow;
  readonly token: string;
  readonly expiresAt: Date;
}

const lifeHours = 24;
const patienceMs = 10_000;

/**
 * Signs a JupyterHub's user in by the token of their server: the hub (`apiUrl`, as http://127.0.0.1:8081/hub/api) is asked whose it is. The
 * user is made on first sight; a user of that name who signs in by password is somebody else until an administrator says otherwise. Throws
 * AuthError, ConflictError, PermissionError, and StoreError where the hub does not answer.
 */
export async function signInFromHub(db: Database, apiUrl: string, hubToken: string): Promise<HubSignIn> {
  const username = await askHub(apiUrl, hubToken);
  const user = await getUser(db, await ensureUser(db, username, "jupyterhub"));
  if (user.signs_in_by !== "jupyterhub")
    throw new ConflictError(
      `sign-in: the name ${username} is a local user's: an administrator gives it to the hub by "assay user hub ${username}"`,
    );
  if (!user.active) throw new PermissionError(`sign-in: ${username} is deactivated`);
  const { secret, hash, hint } = newSecret("token");
  const expiresAt = new Date(Date.now() + lifeHours * 3_600_000);
  await transaction(db, async (work) => {
    await work
      .deleteFrom("api_tokens")
      .where("user_id", "=", user.id)
      .where("name", "=", "jupyterhub")
      .where("expires_at", "<", new Date())
      .execute();
    await work
      .insertInto("api_tokens")
      .values({
        id: uuidv7(),
        user_id: user.id,
        project_id: null,
        name: "jupyterhub",
        secret_hash: hash,
        hint,
        scopes: ["admin"],
        expires_at: expiresAt,
      })
      .execute();
    await work.updateTable("users").set({ seen_at: new Date() }).where("id", "=", user.id).execute();
    await logActivity(work, { action: "user.sign_in", subject: username, userId: user.id, detail: { by: "jupyterhub", hint } });
  });
  return { user, token: secret, expiresAt };
}

/** Whose token it is, as the hub says. Tokens of services are nobody's. */
async function askHub(apiUrl: string, hubToken: string): Promise<string> {
  if (!/^[\x21-\x7e]+$/.test(hubToken)) throw new AuthError("sign-in: the hub's token is none");
  let answer: Response;
  try {
    answer = await fetch(`${apiUrl.replace(/\/$/, "")}/user`, {
      headers: { authorization: `token ${hubToken}`, accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(patienceMs),
    });
  } catch (cause) {
    throw new StoreError("sign-in: the JupyterHub does not answer: JUPYTERHUB_API_URL must name its API", { cause });
  }
  if (!answer.ok) throw new AuthError(`sign-in: the JupyterHub does not know this token (it answered ${answer.status})`);
  const { kind, name } = (await answer.json()) as { kind?: unknown; name?: unknown };
  if (kind !== "user" || typeof name !== "string" || name === "" || name.length > 200)
    throw new AuthError("sign-in: the hub's token is no user's");
  return name.toLowerCase();
}
