import { expect, test } from "vitest";
import { oddVersions } from "./release.mjs";

test("all packages, what they ask of each other, and the changelog name one version", () => {
  expect(oddVersions()).toEqual([]);
});
