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
  ["StoreError", 14, "it is tired", "spark: the server at h:1 does not answer: it is tired; what was written whole is kept"],
  [
    "DataError",
    13,
    "\n[PARSE_SYNTAX_ERROR] Syntax error at or near ';'",
    "engine: [PARSE_SYNTAX_ERROR] Syntax error at or near ';'",
  ],
  [
    "StoreError",
    13,
    "[INVALID_HANDLE.SESSION_CHANGED] The handle is invalid.",
    "spark: the server at h:1 began anew and lost this session",
  ],
  ["StoreError", 13, "java.lang.OutOfMemoryError: Java heap space", "spark: the server at h:1 is short of memory or disk"],
  ["StoreError", 13, "Boxed Exception", "spark: the Java of the server at h:1 failed"],
  ["StoreError", 13, "java.lang.StackOverflowError", "-Xss8m among its --driver-java-options makes room"],
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
    message: expect.stringContaining("the machines of the Spark must see it under this path"),
  });
});

test.each([
  [
    "No connection established. Last error: Error: connect ECONNREFUSED 1.2.3.4:5. Resolution note:",
    "does not answer: nothing listens there: connect ECONNREFUSED 1.2.3.4:5; what was written",
  ],
  ["Name resolution failed for target dns:h:1", "its name is not known: Name resolution failed for target dns:h:1"],
  [
    "error:0A00010B:SSL routines:tls_validate_record_header:wrong version number",
    "it does not speak TLS: leave use_ssl=true away",
  ],
  ["self-signed certificate", "its certificate is not trusted: NODE_EXTRA_CA_CERTS names that of your own CA"],
  ["Protocol error", "what listens there is no Spark Connect server, or it wants TLS"],
])("a server that does not answer, with the reason: %s", (details, message) => {
  expect(said(14, details)).toMatchObject({ name: "StoreError", message: expect.stringContaining(message) });
});

test("an error that is not gRPC's stays as it is", () => {
  const error = new Error("mine");
  expect(sparkError(error, "h:1")).toBe(error);
});

test("what a query did wrong is not asked again", () => {
  expect(isTransient({ code: 13, details: "[DIVIDE_BY_ZERO] Division by zero." })).toBe(false);
});
