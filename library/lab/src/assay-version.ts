import { createRequire } from "node:module";

/** The release that runs, as this package's package.json says it: runs and backups keep it, replays and restores compare it. */
export const assayVersion: string = createRequire(import.meta.url)("assay-lab/package.json").version;
