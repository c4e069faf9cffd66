import { afterAll, beforeAll } from "vitest";
import type { Opened, Session } from "../projects/session.ts";
import { testSession } from "./test-session.ts";

/** The session of a test file over a database of its own, from its first hook to its last. */
export function sessionOfTests(): () => Session {
  let opened: Opened | undefined;
  beforeAll(async () => {
    opened = await testSession();
  });
  afterAll(() => opened?.close());
  return () => opened!.session;
}
