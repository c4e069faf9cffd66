import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, stat } from "node:fs/promises";
import { NotFoundError, ParamsError } from "assay";
import type { PredictFileResult } from "../contract/models.ts";
import type { Session } from "../projects/session.ts";

/** Puts a file that came up into the store, and gives its name there. */
export async function keepUpload(session: Session, path: string): Promise<string> {
  const name = `${folderOf(session)}${randomUUID()}.in`;
  await session.store.make(name, (draft) => copyFile(path, draft));
  return name;
}

/** Where the files of a project's predictions lie. */
export function folderOf({ projectId }: Session): string {
  return `predictions/project_${projectId}/`;
}

/** Throws ParamsError for a name that `keepUpload` did not give in this project. */
export function checkUpload(session: Session, file: string): void {
  const folder = folderOf(session);
  if (!file.startsWith(folder) || !/^[0-9a-f-]{36}\.in$/.test(file.slice(folder.length)))
    throw new ParamsError(`predict: file must be one that was uploaded here, got ${JSON.stringify(file.slice(0, 200))}`);
}

/** A file of answers: where it lies, opened. Throws NotFoundError. */
export async function openAnswers(session: Session, { file }: Pick<PredictFileResult, "file">) {
  if (!file.startsWith(folderOf(session))) throw new NotFoundError("predict: no such file");
  const path = await session.store.fetch(file);
  await stat(path).catch(() => {
    throw new NotFoundError("predict: the file is gone");
  });
  return createReadStream(path);
}
