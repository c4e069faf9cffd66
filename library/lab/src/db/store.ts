import { randomUUID } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { StoreError } from "assay";
import { hashFile } from "./hash-file.ts";
import { assayHome } from "./home.ts";

/** Files that the program names: datasets and models by project. Callers never supply a path. */
export interface Store {
  readonly folder: string;
  /** The absolute path of a stored file. Throws StoreError for a name, or a link, that leads out of the store. */
  path(name: string): string;
  /** The same, of a file that is here: fetched first where the store is another machine's. */
  fetch(name: string): Promise<string>;
  /** Writes bytes whole or not at all; answers their SHA-256 and size. */
  write(name: string, bytes: Uint8Array): Promise<{ hash: string; sizeBytes: number }>;
  /** Makes a file by a function that is given a draft's path, then moves it into place. */
  make(name: string, write: (draft: string) => Promise<void>): Promise<{ hash: string; sizeBytes: number }>;
  /** Removes a file; absent is fine. */
  remove(name: string): Promise<void>;
  /** A path for a file in passing; the caller removes it. */
  temporary(): Promise<string>;
  /** Removes drafts and files in passing that nobody has touched for a day: their process was killed. Gives how many. */
  sweep(): Promise<number>;
}

/** Nothing is read or written for so long. */
const abandonedMs = 86_400_000;

/** The store below ASSAY_STORE, else the home's `store`. */
export function openStore(folder = process.env["ASSAY_STORE"] ?? join(assayHome(), "store")): Store {
  const root = resolve(folder);
  const path = (name: string): string => {
    const place = resolve(root, name);
    if (!place.startsWith(root + sep)) throw new StoreError(`store: ${JSON.stringify(name)} is no name of a stored file`);
    if (leadsOut(place, root)) throw new StoreError(`store: ${JSON.stringify(name)} is a link that leads out of the store`);
    return place;
  };
  const make: Store["make"] = async (name, write) => {
    const place = path(name);
    const draft = `${place}.${randomUUID()}.draft`;
    try {
      await mkdir(dirname(place), { recursive: true, mode: 0o750 });
      await write(draft);
      const file = await open(draft, "r+");
      await file.sync();
      await file.close();
      const made = { hash: await hashFile(draft), sizeBytes: (await stat(draft)).size };
      await rename(draft, place);
      return made;
    } catch (cause) {
      await rm(draft, { force: true });
      throw explain(cause, root);
    }
  };
  return {
    folder: root,
    path,
    fetch: async (name) => path(name),
    make,
    write: (name, bytes) =>
      make(name, async (draft) => {
        const file = await open(draft, "wx");
        try {
          await file.writeFile(bytes);
        } finally {
          await file.close();
        }
      }),
    remove: (name) => rm(path(name), { force: true }),
    async temporary() {
      const folder = join(root, "incoming");
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
      } catch (cause) {
        throw explain(cause, root);
      }
      return join(folder, randomUUID());
    },
    async sweep() {
      const found = await readdir(root, { recursive: true }).catch(() => []);
      const passing = found.filter((name) => /^incoming\/[^/]+$|\.draft$/.test(name.replaceAll(sep, "/")));
      let removed = 0;
      for (const name of passing) {
        const { mtimeMs = Date.now() } = (await stat(join(root, name)).catch(() => undefined)) ?? {};
        if (Date.now() - mtimeMs < abandonedMs) continue;
        await rm(join(root, name), { recursive: true, force: true });
        removed++;
      }
      return removed;
    },
  };
}

/** Whether a file that is there lies elsewhere: somebody put a link in its place. */
function leadsOut(place: string, root: string): boolean {
  if (!existsSync(place)) return false;
  return !realpathSync.native(place).startsWith(realpathSync.native(root) + sep);
}

/** A failed write in words; other errors as they are. */
export function explain(cause: unknown, root: string): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT" || /No space left/i.test(message))
    return new StoreError(`store: the disk of ${root} is full: free space and try again; nothing was changed`, { cause });
  if (code === "EACCES" || code === "EROFS")
    return new StoreError(`store: no right to write ${root}: give this user the folder, or set ASSAY_STORE`, { cause });
  return cause;
}
