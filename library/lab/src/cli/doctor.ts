import { reachOf } from "../api/reach.ts";
import { fail } from "../operations/check.ts";
import { type Check, examine } from "../operations/index.ts";

const marks = { ok: "ok  ", warn: "warn", fail: "FAIL" } as const;

/** `assay doctor`: one line a check, with the remedy below it; exit code 1 where something failed. */
export async function doctor({ full, json }: { readonly full: boolean; readonly json: boolean }): Promise<void> {
  const checks = [...(await examine({ full })), ...checkReach()];
  const worst = checks.some(({ state }) => state === "fail")
    ? "fail"
    : checks.some(({ state }) => state === "warn")
      ? "warn"
      : "ok";
  if (json) console.log(JSON.stringify({ state: worst, checks }, null, 2));
  else for (const check of checks) console.log(lineOf(check));
  if (worst === "fail") process.exitCode = 1;
}

/** What `assay serve` would refuse of its settings. */
function checkReach(): readonly Check[] {
  try {
    reachOf({});
    return [];
  } catch (error) {
    return [fail("settings", (error as Error).message, "correct its value, or unset it")];
  }
}

function lineOf({ name, state, detail, remedy }: Check): string {
  return `${marks[state]} ${name.padEnd(11)} ${detail}${remedy ? `\n${" ".repeat(17)}→ ${remedy}` : ""}`;
}
