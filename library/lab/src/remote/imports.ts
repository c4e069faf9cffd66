import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { NotFoundError } from "assay";
import type { ImportReport, ImportSource } from "../contract/imports.ts";
import { type MlflowImportOptions, shownImport } from "../tracking/index.ts";
import { fileToSend } from "./file-to-send.ts";
import { inPassing, type Service } from "./service.ts";

/** Sends another program's store to a service, which takes it over; a folder goes as an archive. */
export async function remoteImport(
  service: Service,
  source: ImportSource,
  path: string,
  { deleted, artifacts, signal }: MlflowImportOptions = {},
): Promise<ImportReport> {
  const stats = await stat(path).catch((cause) => {
    throw new NotFoundError(`import: no file or folder ${basename(path)}`, { cause });
  });
  const send = async (file: string, fileName: string): Promise<ImportReport> => {
    const form = { source, deleted, artifacts, file: await fileToSend("import", file), fileName };
    return shownImport((await service.client.imports.create(form, signal ? { signal } : {})).import);
  };
  if (!stats.isDirectory()) return send(path, basename(path));
  return inPassing(async (folder) => {
    const archive = join(folder, "store.tar.gz");
    await promisify(execFile)("tar", ["-czf", archive, "-C", path, "."], signal ? { signal } : {});
    return send(archive, `${basename(path)}.tar.gz`);
  });
}
