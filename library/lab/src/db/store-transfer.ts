import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "./database.ts";
import { notify } from "./events.ts";
import { openStore, type Store } from "./store.ts";

// Files of a worker on another machine go through the database, in parts: it is the one thing that such a worker reaches for certain, it
// has checked who the worker is, and nothing more must listen, be opened in a firewall or hold a certificate. A process beside the home
// store (service or worker) serves the transfers.

/** Bytes of a part. */
const partBytes = 1 << 20;
/** Subject of the wake for whoever serves transfers. */
export const transferSubject = "file-transfers";
/** How long a guest waits for somebody beside the home store. */
const patienceMs = 60_000;

/** The files of a database: this machine's store where it is their home, else through the database. `claims`: a database without a home gets this one. */
export async function openStoreOf(db: Database, { claims }: { readonly claims: boolean }): Promise<Store> {
  const store = openStore();
  const id = await storeId(store, claims);
  let home = await db.selectFrom("store_home").select("store_id").executeTakeFirst();
  if (!home && claims && id) {
    await db
      .insertInto("store_home")
      .values({ store_id: id })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    home = await db.selectFrom("store_home").select("store_id").executeTakeFirst();
  }
  return home?.store_id === id ? store : guestStore(db, store);
}

/** Whether this store is the home of the database's files. */
export async function isHome(db: Database): Promise<boolean> {
  const home = await db.selectFrom("store_home").select("store_id").executeTakeFirst();
  return home !== undefined && home.store_id === (await storeId(openStore(), false));
}

/** Where the files of a database are not, for whoever looks beside a store that is not their home. */
export function awayFrom({ folder }: Store): string {
  return `the files lie in another store than ${folder}: another machine's, or one that ASSAY_STORE named before`;
}

/** The number that goes with a store's folder; made where there is none and `makes`. */
async function storeId({ folder }: Store, makes: boolean): Promise<string | undefined> {
  const file = join(folder, ".store-id");
  try {
    return (await readFile(file, "utf8")).trim();
  } catch {
    if (!makes) return undefined;
  }
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 });
    await writeFile(file, `${randomUUID()}\n`, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") return undefined; // a store that cannot be written says so when it is
  }
  return storeId({ folder } as Store, false);
}

/** A store whose home is elsewhere: files are fetched when they are first read, and sent when they were written. */
function guestStore(db: Database, local: Store): Store {
  const make: Store["make"] = async (name, write) => {
    const made = await local.make(name, write);
    await send(db, name, local.path(name), made.hash);
    return made;
  };
  return {
    ...local,
    make,
    write: async (name, bytes) => {
      const made = await local.write(name, bytes);
      await send(db, name, local.path(name), made.hash);
      return made;
    },
    async fetch(name) {
      const path = local.path(name);
      if (!existsSync(path)) await fetchFile(db, name, path);
      return path;
    },
    async remove(name) {
      await local.remove(name);
      await db
        .insertInto("file_transfers")
        .values({ id: uuidv7(), file: name, direction: "remove", status: "asked", content_hash: null, error: null })
        .execute();
    },
  };
}

async function fetchFile(db: Database, file: string, path: string): Promise<void> {
  const id = uuidv7();
  await db
    .insertInto("file_transfers")
    .values({ id, file, direction: "fetch", status: "asked", content_hash: null, error: null })
    .execute();
  try {
    await notify(db, "", transferSubject);
    const { content_hash } = await answered(db, id, file, "there");
    const draft = `${path}.${id}.draft`;
    await mkdir(dirname(path), { recursive: true, mode: 0o750 });
    try {
      const hash = await writeParts(db, id, draft);
      if (hash !== content_hash) throw new StoreError(`store: ${file} did not come whole from the home store`);
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
  } finally {
    await db.deleteFrom("file_transfers").where("id", "=", id).execute();
  }
}

async function send(db: Database, file: string, path: string, hash: string): Promise<void> {
  const id = uuidv7();
  await db
    .insertInto("file_transfers")
    .values({ id, file, direction: "send", status: "asked", content_hash: hash, error: null })
    .execute();
  try {
    await readParts(db, id, path);
    await db.updateTable("file_transfers").set({ status: "there" }).where("id", "=", id).execute();
    await notify(db, "", transferSubject);
    await answered(db, id, file, "done");
  } finally {
    await db.deleteFrom("file_transfers").where("id", "=", id).execute();
  }
}

/** Waits until a transfer has come so far. Throws StoreError where it failed, or where nobody serves it. */
async function answered(
  db: Database,
  id: string,
  file: string,
  wanted: "there" | "done",
): Promise<{ content_hash: string | null }> {
  for (const until = Date.now() + patienceMs; ; await sleep(50)) {
    const row = await db
      .selectFrom("file_transfers")
      .select(["status", "content_hash", "error"])
      .where("id", "=", id)
      .executeTakeFirst();
    if (row?.status === wanted) return row;
    if (!row || row.status === "failed")
      throw new StoreError(`store: ${file} could not be transferred: ${row?.error ?? "it was given up"}`);
    if (Date.now() > until)
      throw new StoreError(
        `store: ${file} lies in another machine's store, and no service or worker there answered for ${patienceMs / 1000} s: start \`assay serve\` or \`assay worker\` there`,
      );
  }
}

/** Serves the transfers that are asked for, beside the home store; gives how many. Several may serve at once. */
export async function serveTransfers(db: Database, store: Store): Promise<number> {
  const { rows } = await sql<{ id: string; file: string; direction: string; content_hash: string | null }>`
    update file_transfers t set status = 'serving', at = now()
    from (select id from file_transfers
      where (direction in ('fetch', 'remove') and status = 'asked') or (direction = 'send' and status = 'there')
        or (status = 'serving' and at < now() - interval '60 seconds')
      order by at limit 8 for update skip locked) as n
    where t.id = n.id returning t.id, t.file, t.direction, t.content_hash`.execute(db);
  for (const { id, file, direction, content_hash } of rows)
    try {
      if (direction === "fetch") {
        const hash = await readParts(db, id, store.path(file));
        await db.updateTable("file_transfers").set({ status: "there", content_hash: hash }).where("id", "=", id).execute();
      } else if (direction === "send") {
        await store.make(file, async (draft) => {
          if ((await writeParts(db, id, draft)) !== content_hash) throw new StoreError("its content is not what was sent");
        });
        await db.updateTable("file_transfers").set({ status: "done" }).where("id", "=", id).execute();
      } else {
        await store.remove(file);
        await db.deleteFrom("file_transfers").where("id", "=", id).execute();
      }
    } catch (error) {
      await db
        .updateTable("file_transfers")
        .set({ status: "failed", error: (error as Error).message })
        .where("id", "=", id)
        .execute();
    }
  await sql`delete from file_transfers where at < now() - interval '1 hour'`.execute(db);
  return rows.length;
}

/** Puts a file into the database in parts; gives its SHA-256. */
async function readParts(db: Database, transferId: string, path: string): Promise<string> {
  const sum = createHash("sha256");
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(partBytes);
    for (let part = 0; ; part++) {
      const { bytesRead } = await file.read(buffer, 0, partBytes);
      if (bytesRead === 0) break;
      const bytes = buffer.subarray(0, bytesRead);
      sum.update(bytes);
      await db
        .insertInto("file_parts")
        .values({ transfer_id: transferId, part, bytes })
        .onConflict((conflict) => conflict.columns(["transfer_id", "part"]).doUpdateSet({ bytes }))
        .execute();
    }
  } finally {
    await file.close();
  }
  return sum.digest("hex");
}

/** Writes the parts of a transfer to a file; gives its SHA-256. */
async function writeParts(db: Database, transferId: string, path: string): Promise<string> {
  const sum = createHash("sha256");
  const file = await open(path, "w", 0o600);
  try {
    for (let part = 0; ; part++) {
      const row = await db
        .selectFrom("file_parts")
        .select("bytes")
        .where("transfer_id", "=", transferId)
        .where("part", "=", part)
        .executeTakeFirst();
      if (!row) break;
      sum.update(row.bytes);
      await file.write(row.bytes);
    }
  } finally {
    await file.close();
  }
  return sum.digest("hex");
}
