import { existsSync, statfsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { StoreError } from "assay";
import { numberSetting } from "../number-setting.ts";

/** Room on a disk, in bytes. */
interface DiskSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** What is kept free for the database and for ending what is under way: ASSAY_DISK_RESERVE_MB, else 2 GiB or 5 %, whichever is more. */
  readonly reserveBytes: number;
}

/** Room on the disk of a folder, which need not be there yet. Throws ParamsError for a reserve that is no number. */
export function diskSpace(folder: string): DiskSpace {
  const { bavail, blocks, bsize } = statfsSync(placeOf(folder));
  const totalBytes = blocks * bsize;
  return { freeBytes: bavail * bsize, totalBytes, reserveBytes: reserve(totalBytes) };
}

/** The disk of a folder, which need not be there yet: equal for folders of one disk. */
export function deviceOf(folder: string): number {
  return statSync(placeOf(folder)).dev;
}

/** The folder itself, or the nearest above it that is there. */
export function placeOf(folder: string): string {
  let place = resolve(folder);
  while (!existsSync(place)) place = dirname(place);
  return place;
}

/**
 * Throws StoreError where so many more bytes would leave less than the reserve: a full disk stops the database too, and what is under way
 * is lost. Asked before an upload is read and before a job begins.
 */
export function requireSpace(folder: string, bytes: number, who: string): void {
  const { freeBytes, reserveBytes } = diskSpace(folder);
  if (freeBytes - bytes >= reserveBytes) return;
  throw new StoreError(
    `${who}: the disk of ${folder} has ${megabytes(freeBytes)} free, of which ${megabytes(reserveBytes)} are kept${bytes > 0 ? `, and it needs ${megabytes(bytes)}` : ""}: free space, or lower ASSAY_DISK_RESERVE_MB`,
  );
}

/** Bytes in words. */
export function megabytes(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GB` : `${Math.round(bytes / 2 ** 20)} MB`;
}

function reserve(totalBytes: number): number {
  const mb = numberSetting("ASSAY_DISK_RESERVE_MB");
  return mb === undefined ? Math.min(Math.max(2 * 2 ** 30, 0.05 * totalBytes), 0.5 * totalBytes) : mb * 2 ** 20;
}
