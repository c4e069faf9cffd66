import { rename, rm } from "node:fs/promises";
import { basename } from "node:path";
import { DataError } from "../base/errors.ts";

/** Writes beside the place and renames, so that a full disk or a kill leaves no half file. */
export async function writeWhole(who: string, path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new DataError(`${who}: cannot write ${basename(path)}: ${(cause as Error).message.split("\n")[0]}`, { cause });
  }
}
