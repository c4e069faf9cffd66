import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { useInvitation } from "../projects/index.ts";
import type { Opened } from "../projects/session.ts";
import { testSession } from "../testing/test-session.ts";
import { people } from "./users.ts";

let opened: Opened;
beforeAll(async () => {
  opened = await testSession();
});
afterEach(() => void vi.restoreAllMocks());
afterAll(() => opened.close());

/** The first line that `assay user` prints. */
async function printed(...words: readonly string[]): Promise<string> {
  const said = vi.spyOn(console, "log").mockImplementation(() => {});
  await people(words, { admin: false });
  return String(said.mock.calls.at(-1)![0]).split("\n")[0]!;
}

test("whoever is invited sets a password with the code that is printed", async () => {
  const code = await printed("invite", "Grace");
  expect(await useInvitation(opened.session.db, code, "a long enough password")).toMatchObject({
    username: "grace",
    admin: false,
  });
});

test("whoever lost the password sets another with the code that is printed", async () => {
  await printed("invite", "edsger");
  const code = await printed("reset", "edsger");
  expect(await useInvitation(opened.session.db, code, "another long password")).toMatchObject({ username: "edsger" });
});

test("a name that no user can have is refused before anything is made", async () => {
  await expect(people(["invite", "two words"], { admin: false })).rejects.toThrow(
    'user invite: a name has letters a–z, digits or . _ @ + -, got "two words"',
  );
});
