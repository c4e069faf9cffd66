import { expect, test } from "vitest";
import { newSecret } from "../projects/secrets.ts";
import { redact, redactText } from "./redact.ts";
import { keptText, runJson } from "./run-json.ts";

test("text under a name that says secret is hidden at any depth, numbers are not", () => {
  const environment = { HF_TOKEN: "abc", nested: [{ dbPassword: "p", "x-api-key": "k" }], max_tokens: 512, tokenizer: "bpe" };
  expect(redact(environment)).toEqual({
    HF_TOKEN: "[redacted]",
    nested: [{ dbPassword: "[redacted]", "x-api-key": "[redacted]" }],
    max_tokens: 512,
    tokenizer: "bpe",
  });
});

test("passwords within addresses, bearer tokens and assignments are hidden in text", () => {
  expect(redactText('connect("postgres://me:secret@db:5432/lab") ; http://x.org/a@b')).toBe(
    'connect("postgres://[redacted]@db:5432/lab") ; http://x.org/a@b',
  );
  expect(redactText("Authorization: Bearer abcdefgh12345")).toBe("Authorization: Bearer [redacted]");
  expect(redactText('process.env.GITHUB_TOKEN = "ghp_1"')).toBe('process.env.GITHUB_TOKEN = "[redacted]"');
});

test("a secret of a known kind is hidden wherever it stands", () => {
  const kinds = [newSecret("token"), newSecret("session"), newSecret("invitation")].map(({ secret }) => secret);
  for (const secret of [
    ...kinds,
    `hf_${"a".repeat(34)}`,
    `ghp_${"a1".repeat(18)}`,
    `glpat-${"a".repeat(20)}`,
    "AKIAIOSFODNN7EXAMPLE",
  ])
    expect(redactText(`lab.connect("${secret}"), ${secret}.`)).toBe('lab.connect("[redacted]"), [redacted].');
  expect(redactText("assay_runs of hf_hub and ghp_1")).toBe("assay_runs of hf_hub and ghp_1");
});

test("a secret is hidden before text is cut", () => {
  expect(keptText(`${"x".repeat(20)} postgres://me:secret@db`, 40)).toBe(`${"x".repeat(20)} postgres://[redacted`.slice(0, 40));
});

test("what PostgreSQL takes as no text becomes a replacement sign, NaN and infinities text", () => {
  expect(
    JSON.parse(runJson({ a: "x\0y", b: "\ud800", c: Number.NaN, d: -Infinity, e: "\\u0000", f: new Float64Array([1, 2]) })),
  ).toEqual({
    a: "x\ufffdy",
    b: "\ufffd",
    c: "NaN",
    d: "-Infinity",
    e: "\\u0000",
    f: [1, 2],
  });
});

test("columns named __proto__ are kept", () => {
  expect(Object.keys(redact(JSON.parse('{"__proto__": 1, "a": 2}')))).toEqual(["__proto__", "a"]);
});
