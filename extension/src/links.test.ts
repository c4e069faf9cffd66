import { expect, test } from "vitest";
import { askedBy, hashOf, type LinkedCommand } from "./links";

const text = { type: "string" };
const commands: LinkedCommand[] = [
  {
    command: "assay:open-experiments",
    args: { type: "object", properties: { filter: text, withParts: { type: "boolean" }, columns: { type: "array" } } },
  },
  { command: "assay:open-dataset", args: { type: "object", properties: { id: text, tab: { enum: ["columns", "rows"] } } } },
];

test("a link gives back what it was made of, a text that looks like a number as a text", () => {
  const filter = "name = 'a&b=c #1' and metrics.test.auc > 0.7";
  const table = { filter, withParts: true, columns: ["name", "params.x"] };
  expect(askedBy(`#${hashOf("assay:open-experiments", table)}`, commands)).toEqual({
    command: "assay:open-experiments",
    args: table,
  });
  const dataset = { id: "42", tab: "rows" };
  expect(askedBy(hashOf("assay:open-dataset", dataset), commands)).toEqual({ command: "assay:open-dataset", args: dataset });
});

test("what is not there is no part of a link", () => {
  expect(hashOf("assay:open-dataset", { id: "7", tab: undefined })).toBe("assay=open-dataset&id=7");
});

test("only documents are opened by a link", () => {
  expect(askedBy("#assay=delete-runs&ids=[1]", commands)).toBeNull();
  expect(askedBy("#assay=../apputils:change-theme", commands)).toBeNull();
  expect(askedBy("#heading", commands)).toBeNull();
  expect(askedBy("", commands)).toBeNull();
});

test("a name that the command does not take, and a value that cannot be read, are left out", () => {
  const asked = askedBy("#assay=open-experiments&columns=[1&withParts=yes&__proto__=1&toString=2&filter=x", commands);
  expect(asked).toEqual({ command: "assay:open-experiments", args: { filter: "x" } });
});
