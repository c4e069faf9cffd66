import { expect, test } from "vitest";
import { isConnectionLoss } from "./database.ts";

test.each([
  ["ECONNREFUSED", "nobody listens"],
  ["EHOSTUNREACH", "the host does not answer, as with its cable pulled"],
  ["ENETUNREACH", "no way leads to its network"],
  ["ENETDOWN", "this machine's own network is down"],
  ["EAI_AGAIN", "nobody tells the address of its name"],
])("a connection that fails with %s may succeed later: %s", (code) => {
  expect(isConnectionLoss(Object.assign(new Error(`connect ${code}`), { code }))).toBe(true);
});

test("a refused password is no lost connection", () => {
  expect(isConnectionLoss(Object.assign(new Error("password authentication failed"), { code: "28P01" }))).toBe(false);
});
