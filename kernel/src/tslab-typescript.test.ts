import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { installForTslab } from "./tslab-typescript.cjs";

installForTslab("6.0");
const { getCodeMetadata } = createRequire(import.meta.url)("tslab/dist/metadata.js");

test.each([
  ["1 + 1", {}],
  ["", {}],
  ["/** @module areas */ export {}", { module: "areas" }],
  ["/**\n * Areas.\n * @module areas\n * @jsx\n */", { module: "areas", jsx: true }],
  ["// first\n\n/* plain @module no */ /** @module yes */", { module: "yes" }],
  ["const a = 1 /** @module late */", {}],
  ["/** @module two words */", {}],
  ["/** @module wrong-name */", {}],
  ["/** @node */ 1", { mode: "node" }],
  ["/** @browser */ 1", { mode: "browser" }],
  ["/**/ /** @module after */", { module: "after" }],
  ["/** @module open", {}],
])("the tags at the head of %j are %o", (source, tags) => {
  expect(getCodeMetadata(source)).toEqual(tags);
});
