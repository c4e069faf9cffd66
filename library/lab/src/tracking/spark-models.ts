import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ParamsError } from "assay";
import { assayHome } from "../db/home.ts";
import { logger } from "../log.ts";

/**
 * Where Spark writes models, each into a folder named by its run: ASSAY_SPARK_MODELS, else `spark-models` of the home. Throws ParamsError where that
 * setting is neither a whole path nor an address.
 */
export function sparkModels(): string {
  const place = process.env["ASSAY_SPARK_MODELS"] || join(assayHome(), "spark-models");
  if (!isAddress(place) && !isAbsolute(place))
    throw new ParamsError(
      `ASSAY_SPARK_MODELS: must be a whole path, or an address as s3a://bucket/models, as Spark's machines see it, got ${JSON.stringify(place)}`,
    );
  return place.replace(/\/+$/, "");
}

/** The folder of this machine that such a place is; undefined for an address elsewhere. Throws TypeError for a file: address of another host. */
export function folderHere(place: string): string | undefined {
  if (/^file:\//i.test(place)) return fileURLToPath(place);
  return isAddress(place) ? undefined : place;
}

/**
 * Removes the model that Spark wrote for a run, where its place is a folder of this machine; where it stays, and `isKnown` says that there is one, the
 * log says so. The place is made from the run's id alone: what an artifact says of it is the word of whoever wrote that.
 */
export async function removeSparkModel(runId: string, { isKnown }: { readonly isKnown: boolean }): Promise<void> {
  const stays = (why: string): void => logger("tracking").warn({ runId }, `a model of Spark stays, its run was purged: ${why}`);
  try {
    const place = `${sparkModels()}/${runId}`;
    const folder = folderHere(place);
    if (folder !== undefined && existsSync(folder)) await rm(folder, { recursive: true });
    else if (isKnown) stays(folder === undefined ? `nothing here removes ${place}` : `it is not in ${folder}`);
  } catch (error) {
    stays((error as Error).message);
  }
}

function isAddress(place: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\//i.test(place);
}
