import { expect, test } from "vitest";
import { isTransient, sparkError } from "./spark-errors.ts";

const said = (code: number, details: string) => sparkError(Object.assign(new Error(details), { code, details }), "h:1");

test.each([
  [
    "DataError",
    13,
    "[DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012\n== SQL ==",
    "engine: [DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012",
  ],
  ["StoreError", 14, "No connection established", "spark: the server at h:1 does not answer: No connection established"],
  [
    "StoreError",
    13,
    "[INVALID_HANDLE.SESSION_CHANGED] The handle is invalid.",
    "spark: the server at h:1 began anew and lost this session",
  ],
  ["StoreError", 13, "java.lang.OutOfMemoryError: Java heap space", "spark: the server at h:1 is short of memory or disk"],
  ["StoreError", 13, "[OPERATION_CANCELED] Operation has been canceled.", "spark: the server at h:1 ended the query"],
  ["StoreError", 12, "Method not found", "spark: the server at h:1 does not know this request, it needs Spark 4.0 or newer"],
  [
    "AuthError",
    16,
    "Invalid token",
    "spark: the server at h:1 does not take the token of SPARK_REMOTE (;token=…): Invalid token",
  ],
  ["PermissionError", 7, "not you", "spark: the server at h:1 refuses: not you"],
])("a %s for gRPC's %i %s", (name, code, details, message) => {
  expect(said(code, details)).toMatchObject({ name, message: expect.stringContaining(message) });
});

test("a path that Spark does not find comes with the remedy", () => {
  expect(said(13, "[PATH_NOT_FOUND] Path does not exist: file:/a.")).toMatchObject({
    message: expect.stringContaining("the Spark server must see the folder of ASSAY_STORE under the same path"),
  });
});

test("an error that is not gRPC's stays as it is", () => {
  const error = new Error("mine");
  expect(sparkError(error, "h:1")).toBe(error);
});

test("what a query did wrong is not asked again", () => {
  expect(isTransient({ code: 13, details: "[DIVIDE_BY_ZERO] Division by zero." })).toBe(false);
});
