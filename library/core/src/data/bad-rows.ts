import { DataError } from "../base/errors.ts";
import type { Reject } from "./table.ts";

/** A file with bad lines; `rejects` lists the first 100 of them. */
export class BadRowsError extends DataError {
  readonly rejects: readonly Reject[];
  constructor(message: string, rejects: readonly Reject[]) {
    super(message);
    this.rejects = rejects;
  }
}

/** What a reader does with bad lines: throws BadRowsError for the first, or gives them to be listed on the table. */
export function settleRejects(
  who: string,
  rejects: readonly Reject[],
  onBadRow: "error" | "skip" | undefined,
  file: string,
): void {
  const [first] = rejects;
  if (!first || onBadRow === "skip") return;
  const more = rejects.length > 1 ? `, and ${rejects.length - 1} more bad ${rejects.length === 2 ? "line" : "lines"}` : "";
  throw new BadRowsError(`${who}: line ${first.line} ${first.reason}${more} (${file})`, rejects.slice(0, 100));
}
