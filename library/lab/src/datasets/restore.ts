import { ConflictError, NotFoundError } from "assay";
import type { DatasetInfo } from "../contract/datasets.ts";
import { authorize, type Session } from "../projects/session.ts";
import { getDataset } from "./datasets.ts";
import { copyVersion } from "./versions.ts";

/**
 * Brings an earlier version back: a new version with its rows, so that the history tells who did it and when. Throws NotFoundError for a version
 * that is not there, ConflictError for the active one.
 */
export async function restoreVersion(session: Session, ref: string, version: number): Promise<DatasetInfo> {
  await authorize(session, "write");
  const { dataset_id, name, version: active } = await getDataset(session, ref.split("@")[0]!);
  if (version === active) throw new ConflictError(`dataset: version ${version} of "${name}" is the active one`);
  const there = await session.db
    .selectFrom("dataset_versions")
    .select("id")
    .where("dataset_id", "=", dataset_id)
    .where("version", "=", version)
    .executeTakeFirst();
  if (!there) throw new NotFoundError(`dataset: "${name}" has no version ${version}, the newest is ${active ?? "none"}`);
  await copyVersion(session, dataset_id, version);
  return getDataset(session, dataset_id);
}
