import { constants } from "node:fs";
import { copyFile, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConflictError } from "assay";

/**
 * Copies a version's files to a place that is not there yet, whole or not at all. Copies, never links: whoever writes into theirs must not change
 * the version that is kept. Throws ConflictError for a place that is there.
 */
export async function copyVersion(from: string, to: string): Promise<void> {
  const draft = `${to}.draft-${process.pid}`;
  await mkdir(dirname(to), { recursive: true });
  await mkdir(draft);
  try {
    for (const name of await readdir(from)) await copyFile(join(from, name), join(draft, name), constants.COPYFILE_FICLONE);
    await rename(draft, to).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== "ENOTEMPTY" && cause.code !== "EEXIST") throw cause;
      throw new ConflictError(`etl: ${to} exists, and a version is never overwritten; this one is kept in ${from}`, { cause });
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
