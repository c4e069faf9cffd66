import { appendFileSync } from "node:fs";

/** Tells what a test of security counted, for docs/security.md; only where ASSAY_SECURITY_RESULTS names a file. */
export function noteResult(threat: string, counts: Readonly<Record<string, number>>): void {
  const file = process.env["ASSAY_SECURITY_RESULTS"];
  if (file) appendFileSync(file, `${JSON.stringify({ threat, counts })}\n`);
}
