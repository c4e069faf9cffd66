import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { NotFoundError } from "assay";

/** A file of this machine as it is sent: read while it goes, never whole in memory. Throws NotFoundError. */
export async function fileToSend(who: string, path: string, type = ""): Promise<Blob> {
  const stats = await stat(path).catch((cause) => {
    throw new NotFoundError(`${who}: no file ${basename(path)}`, { cause });
  });
  if (!stats.isFile()) throw new NotFoundError(`${who}: ${basename(path)} must be a file, is none`);
  return openAsBlob(path, { type });
}
