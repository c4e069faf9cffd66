import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { ParamsError, suggest } from "assay";
import { transaction } from "../db/database.ts";
import {
  changeUser,
  checkPassword,
  createUser,
  getUser,
  hashPassword,
  listUsers,
  logActivity,
  openSession,
  resetPassword,
  type Session,
  setPassword,
} from "../projects/index.ts";
import { insertUser } from "../projects/user-rows.ts";

const verbs = ["list", "add", "invite", "reset", "password", "deactivate", "activate", "hub"];

/** `assay user …`: what an operator with the database does with people. */
export async function people([verb, name, ...rest]: readonly string[], { admin }: { readonly admin: boolean }): Promise<void> {
  if (verb === undefined) throw new ParamsError(`user: needs one of ${verbs.join(", ")} behind it`);
  if (!verbs.includes(verb)) throw new ParamsError(`user: no command "user ${verb}"${suggest(verb, verbs)}`);
  if (verb !== "list" && name === undefined) throw new ParamsError(`user ${verb}: needs a NAME`);
  const [more] = verb === "list" ? [name] : rest;
  if (more !== undefined) throw new ParamsError(`user ${verb}: must have nothing more behind it, got ${JSON.stringify(more)}`);
  const { session, close } = await openSession({ connections: 2 });
  try {
    if (verb === "list") await list(session);
    else if (verb === "add") await add(session, name!.toLowerCase(), admin);
    else if (verb === "password") await change(session, name!);
    else if (verb === "invite" || verb === "reset") return console.log(await codeOf(session, verb, name!.toLowerCase(), admin));
    else
      await changeUser(session.db, null, name!, verb === "hub" ? { signs_in_by: "jupyterhub" } : { active: verb === "activate" });
    if (verb !== "list") console.log(`${name}: done`);
  } finally {
    await close();
  }
}

async function list({ db }: Session): Promise<void> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { items, next_cursor } = await listUsers(db, { limit: 500, ...(cursor && { cursor }) });
    for (const { username, admin, active, signs_in_by: by, seen_at: seen } of items)
      console.log(
        [username, by, admin ? "administrator" : "", active ? "" : "deactivated", seen ?? "never signed in"]
          .filter(Boolean)
          .join("\t"),
      );
    cursor = next_cursor;
  }
}

/** The code by which somebody sets a password of their own: of a new user, or of one who lost theirs. */
async function codeOf({ db }: Session, verb: "invite" | "reset", name: string, admin: boolean): Promise<string> {
  if (verb === "invite") checkName(verb, name);
  const { code } =
    verb === "invite"
      ? await createUser(db, null, { username: name, admin })
      : { code: (await resetPassword(db, null, name)).secret };
  return `${code}\n${name} sets a password with this code, within a week, at the service's page: "I have an invitation"`;
}

function checkName(verb: string, username: string): void {
  if (!/^[a-z0-9][a-z0-9._@+-]{0,63}$/.test(username))
    throw new ParamsError(`user ${verb}: a name has letters a–z, digits or . _ @ + -, got ${JSON.stringify(username)}`);
}

async function add({ db }: Session, username: string, admin: boolean): Promise<void> {
  checkName("add", username);
  const password_hash = await askPassword(username);
  await transaction(db, async (work) => {
    const { id } = await insertUser(work, { username, admin, password_hash, password_changed_at: new Date() });
    await logActivity(work, { action: "user.create", subject: username, userId: id, detail: { by: "command line", admin } });
  });
}

async function change({ db }: Session, name: string): Promise<void> {
  const { id, username, signs_in_by: by } = await getUser(db, name);
  if (by === "jupyterhub") throw new ParamsError(`user password: ${username} signs in by the JupyterHub`);
  const hash = await askPassword(username);
  await transaction(db, async (work) => {
    await setPassword(work, id, hash);
    await logActivity(work, { action: "user.set_password", subject: username, userId: id, detail: { by: "command line" } });
  });
}

/** Asks for a password: twice at a terminal, which shows nothing of it, else one line of standard input. */
async function askPassword(username: string): Promise<string> {
  const isTerminal = process.stdin.isTTY === true;
  const output = isTerminal ? new Writable({ write: (_, __, done) => done() }) : undefined;
  const lines = createInterface({ input: process.stdin, ...(output && { output, terminal: true }) })[Symbol.asyncIterator]();
  const read = async (prompt: string): Promise<string> => {
    if (isTerminal) process.stderr.write(prompt);
    const { value, done } = await lines.next();
    if (isTerminal) process.stderr.write("\n");
    if (done) throw new ParamsError("user: needs a password, at the terminal or as a line of standard input");
    return value;
  };
  const password = await read(`password of ${username}: `);
  checkPassword(password, username);
  if (isTerminal && (await read("again: ")) !== password) throw new ParamsError("user: the two passwords differ");
  await lines.return?.();
  return hashPassword(password);
}
