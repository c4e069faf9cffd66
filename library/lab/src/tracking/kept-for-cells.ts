import { NotFoundError, suggest } from "assay";
import type { KeepRequest, Kept } from "../contract/views.ts";
import type { Page } from "../db/pages.ts";
import { listed } from "../html.ts";
import type { Session } from "../projects/session.ts";
import { deleteKept, keep, listKept, type Shelf } from "./kept.ts";

/** Views of the panels that people keep, as cells use them: a filter, an order, columns. */
export interface Views {
  /** Kept views by panel and name, of one panel where it is named. */
  list(panel?: string): Promise<readonly Kept[]>;
  /** One of a panel by its name. Throws NotFoundError with the near name. */
  get(panel: string, name: string): Promise<Kept>;
  /** Keeps one under a panel and a name. Throws ConflictError where there is one, unless it is to be replaced. */
  save(panel: string, name: string, content: KeepRequest["content"], options?: KeepOptions): Promise<Kept>;
  delete(panel: string, name: string): Promise<void>;
}

/** Filled-in forms that people keep, as cells use them: what a training is sent with. */
export interface Templates {
  /** Kept templates by form and name, of one form where it is named. */
  list(form?: string): Promise<readonly Kept[]>;
  /** One of a form by its name. Throws NotFoundError with the near name. */
  get(form: string, name: string): Promise<Kept>;
  /** Keeps one under a form and a name. Throws ConflictError where there is one, unless it is to be replaced. */
  save(form: string, name: string, content: KeepRequest["content"], options?: KeepOptions): Promise<Kept>;
  delete(form: string, name: string): Promise<void>;
}

/** How something is kept. */
interface KeepOptions {
  /** In place of the one of this name, where there is one; default false. */
  readonly replace?: boolean;
}

/** What is kept in a session's project. */
export function keptOf(session: Session, shelf: Shelf): Views & Templates {
  return keptBy(shelf, {
    page: (query) => listKept(session, shelf, query),
    keep: (request) => keep(session, shelf, request),
    delete: (id) => deleteKept(session, shelf, id),
  });
}

/** The way to what is kept: the database, or a service. */
interface KeptDoor {
  readonly page: (query: { readonly kind?: string; readonly cursor?: string; readonly limit: number }) => Promise<Page<Kept>>;
  readonly keep: (request: KeepRequest) => Promise<Kept>;
  readonly delete: (id: string) => Promise<unknown>;
}

/** The verbs of cells, whatever way they go. */
export function keptBy(shelf: Shelf, door: KeptDoor): Views & Templates {
  const all = async (kind?: string): Promise<Kept[]> => {
    const items: Kept[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await door.page({ limit: 500, ...(kind !== undefined && { kind }), ...(cursor !== undefined && { cursor }) });
      items.push(...page.items);
      cursor = page.next_cursor;
    }
    return items;
  };
  const get = async (kind: string, name: string): Promise<Kept> => {
    const ofKind = await all(kind);
    const found = ofKind.find((each) => each.name === name);
    if (found) return found;
    const names = ofKind.map((each) => each.name);
    throw new NotFoundError(`${shelf}: ${kind} has none with the name ${JSON.stringify(name)}${suggest(name, names)}`);
  };
  return {
    list: async (kind) => listed(await all(kind), ["kind", "name", "created_by", "updated_at"]),
    get,
    save: (kind, name, content, options) => door.keep({ kind, name, content, ...options }),
    delete: async (kind, name) => void (await door.delete((await get(kind, name)).id)),
  };
}
