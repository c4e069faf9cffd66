import { ParamsError, suggest } from "assay";
import type { z } from "zod";
import { retentionChange } from "../contract/operations.ts";
import { megabytes } from "../db/disk.ts";
import { changeRetention, getRetention, sweep } from "../operations/index.ts";
import { openSession } from "../projects/session.ts";

/** What is said behind `assay retention`. */
interface RetentionArguments {
  /** `job_days=90`, `run_log_days=never`. */
  readonly changes: readonly string[];
  readonly dryRun: boolean;
  readonly now: boolean;
}

/** `assay retention`: shows or changes how long things are kept; `--dry-run` says what a sweep would remove, `--sweep` removes it. */
export async function retention({ changes, dryRun, now }: RetentionArguments): Promise<void> {
  const given = readChanges(changes);
  const { session, close } = await openSession({ connections: 4 });
  try {
    const kept = changes.length > 0 ? await changeRetention(session.db, given, session.userId) : await getRetention(session.db);
    for (const [name, days] of Object.entries(kept))
      console.log(`${name.padEnd(18)} ${days === null ? "never" : `${days} days`}`);
    if (!dryRun && !now) return;
    const { removed } = await sweep(session, { dryRun });
    for (const { what, count, bytes } of removed)
      console.log(
        `${dryRun ? "would remove" : "removed"} ${count.toLocaleString("en")} ${what.replaceAll("_", " ")}${bytes ? `, ${megabytes(bytes)}` : ""}`,
      );
  } finally {
    await close();
  }
}

function readChanges(changes: readonly string[]): z.infer<typeof retentionChange> {
  const given = changes.map((change) => {
    const [, name, value] = /^(\w+)=(\d+|never)$/.exec(change) ?? [];
    if (name === undefined) throw new ParamsError(`retention: a change is name=days or name=never, got "${change}"`);
    const known = Object.keys(retentionChange.shape);
    if (!known.includes(name)) throw new ParamsError(`retention: nothing is kept by "${name}"${suggest(name, known)}`);
    return [name, value === "never" ? null : Number(value)] as const;
  });
  const { data, error } = retentionChange.safeParse(Object.fromEntries(given));
  if (data) return data;
  const { path, message } = error.issues[0]!;
  throw new ParamsError(`retention: ${path.join(".")}: ${message}`);
}
