import { expect, test } from "vitest";
import { hashSecret } from "../projects/secrets.ts";
import { shownToken } from "./shown-token.ts";

test("a token is read once for all requests of a connection that show the same", () => {
  const connection = {};
  const first = shownToken(connection, "Bearer one");
  expect(first).toEqual({ secret: "one", hash: hashSecret("one"), key: `token ${hashSecret("one").toString("base64url")}` });
  expect(shownToken(connection, "Bearer one")).toBe(first);
});

test("another token on the same connection is another one, and none is none", () => {
  const connection = {};
  const secrets = ["Bearer one", "bearer  two", undefined, "Basic one", "Bearer one two"].map(
    (authorization) => shownToken(connection, authorization)?.secret,
  );
  expect(secrets).toEqual(["one", "two", undefined, undefined, undefined]);
});
