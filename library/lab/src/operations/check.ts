/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly state: "ok" | "warn" | "fail";
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string | undefined;
}

/** All is well. */
export function ok(name: string, detail: string): Check {
  return { name, state: "ok", detail };
}

/** It works, but not for ever, or not as meant. */
export function warn(name: string, detail: string, remedy: string): Check {
  return { name, state: "warn", detail, remedy };
}

/** It does not work. */
export function fail(name: string, detail: string, remedy: string): Check {
  return { name, state: "fail", detail, remedy };
}

/** Runs a check; one that breaks down has failed. */
export async function looked(
  name: string,
  check: () => Promise<Check | readonly Check[]> | Check | readonly Check[],
): Promise<readonly Check[]> {
  try {
    const found = await check();
    return "state" in found ? [found] : found;
  } catch (error) {
    return [
      fail(name, `could not be looked at: ${(error as Error).message}`, "mend what the message says, and run assay doctor again"),
    ];
  }
}
