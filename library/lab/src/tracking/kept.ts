import { ConflictError, NotFoundError } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { KeepRequest, Kept } from "../contract/views.ts";
import { type ListFields, optional, required } from "../db/list-fields.ts";
import { type ListQuery, listRows } from "../db/list-rows.ts";
import type { Page } from "../db/pages.ts";
import type { RowOf } from "../db/row-of.ts";
import { authorize, type Session } from "../projects/session.ts";

/** What people keep: views, how a panel shows things, and templates, filled-in forms. */
export type Shelf = "views" | "templates";

/** Keeps a view or a template under its kind and name. Throws ConflictError where there is one, unless it is to be replaced. */
export async function keep(session: Session, shelf: Shelf, { kind, name, content, replace = false }: KeepRequest): Promise<Kept> {
  await authorize(session, "write");
  const { db, projectId, userId } = session;
  const row = { id: uuidv7(), project_id: projectId, kind, name, content: JSON.stringify(content), created_by: userId };
  const made = await db
    .insertInto(shelf)
    .values(row)
    .onConflict((conflict) => {
      const same = conflict.columns(["project_id", "kind", "name"]);
      return replace ? same.doUpdateSet({ content: row.content, updated_at: sql`now()` }) : same.doNothing();
    })
    .returning("id")
    .executeTakeFirst();
  if (made) return getKept(session, shelf, made.id);
  const taken = `${shelf}: ${kind} has one with the name ${JSON.stringify(name)}; replace it, or choose another name`;
  throw Object.assign(new ConflictError(taken), { field: "name", value: name });
}

/** Kept views or templates, by kind and name where no order is asked for. Throws ParamsError as every list. */
export async function listKept(
  session: Session,
  shelf: Shelf,
  { kind, ...query }: ListQuery & { readonly kind?: string | undefined } = {},
): Promise<Page<Kept>> {
  await authorize(session, "read");
  const rows = keptRows(session, shelf);
  return listRows(kind === undefined ? rows : rows.where("k.kind", "=", kind), query, {
    fields,
    usually: "kind,name",
    item: toKept,
  });
}

const fields: ListFields = {
  id: required(sql`k.id`, "uuid"),
  kind: required(sql`k.kind`),
  name: required(sql`k.name`),
  created_by: optional(sql`u.username`),
  created_at: required(sql`k.created_at`, "timestamptz"),
  updated_at: required(sql`k.updated_at`, "timestamptz"),
};

/** One of them by its id. Throws NotFoundError. */
export async function getKept(session: Session, shelf: Shelf, id: string): Promise<Kept> {
  await authorize(session, "read");
  const row = await keptRows(session, shelf).where("k.id", "=", id).executeTakeFirst();
  if (!row) throw new NotFoundError(`${shelf}: none has the id ${id}`);
  return toKept(row);
}

/** Removes one of them. Throws NotFoundError. */
export async function deleteKept(session: Session, shelf: Shelf, id: string): Promise<string> {
  await authorize(session, "delete");
  await getKept(session, shelf, id);
  await session.db.deleteFrom(shelf).where("id", "=", id).where("project_id", "=", session.projectId).execute();
  return id;
}

function keptRows({ db, projectId }: Session, shelf: Shelf) {
  return db
    .selectFrom(`${shelf} as k`)
    .leftJoin("users as u", "u.id", "k.created_by")
    .select(["k.id", "k.kind", "k.name", "k.content", "k.created_at", "k.updated_at", "u.username"])
    .where("k.project_id", "=", projectId);
}

function toKept({ id, kind, name, content, username, created_at, updated_at }: RowOf<typeof keptRows>): Kept {
  return {
    ...{ id, kind, name, content: content as Kept["content"], created_by: username },
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  };
}
