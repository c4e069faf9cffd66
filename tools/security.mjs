// Runs the tests of security and writes docs/security.md from what they counted: `node tools/security.mjs`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./assay.mjs";
import { node24, root, run } from "./setup.mjs";

/** Threat, the rule that holds against it, the tests that try it, and the name under which they count. */
const threats = [
  {
    threat: "Somebody does what they may not: nobody known, an ended token, another project, a lesser role",
    rule: "Each route declares its action in the contract. One guard asks who calls and what they may do before the room asks again, also for predictions that are answered in front of the routes; another project is not there (404); a refused call changes no row",
    tests: [
      "library/lab/src/api/security/route-matrix.test.ts",
      "library/lab/src/api/quick-predictions.test.ts",
      "library/lab/src/api/auth.test.ts",
      "library/lab/src/api/projects.test.ts",
    ],
    counted: "routes and roles",
  },
  {
    threat: "A path that leads out of the store, plain, encoded once or twice, or by a planted link",
    rule: "Callers never supply a path: files are named by ids that the server makes; every name is resolved, and must lie in the store, links followed",
    tests: ["library/lab/src/api/security/traversal.test.ts"],
    counted: "paths out of the store",
  },
  {
    threat: "Markup in names, columns, categories, notes, errors (stored XSS, JupyterLab's command linker)",
    rule: "Text is escaped where it is drawn; reports come with a policy that runs and fetches nothing, in a sandbox; what programs sent is answered as a file",
    tests: ["library/lab/src/api/security/markup.test.ts", "extension/test/markup.test.mjs (Chromium, `npm test browser`)"],
    counted: "markup",
  },
  {
    threat: "Formulas in exported tables",
    rule: "In an export for a spreadsheet text that begins as a formula gets an apostrophe; data formats are unaltered; numbers are numbers",
    tests: ["library/lab/src/api/security/names.test.ts"],
    counted: "formulas",
  },
  {
    threat: "Names of the prototype as columns, params, tags, metrics, filters",
    rule: "Names of people's own are keys of Maps or of plain rows that are only read by own key; JSON is parsed, then checked by its schema",
    tests: ["library/lab/src/api/security/names.test.ts"],
    counted: "names of the prototype",
  },
  {
    threat: "Pages of strangers: a foreign Host (DNS rebinding), a foreign Origin, forms (CSRF)",
    rule: "Host and Origin are compared whole; a request that changes something needs a header that no form can set; cookies are SameSite and HttpOnly. Pages of ASSAY_ALLOWED_ORIGINS ask with a token in a header, event streams too: by fetch, for an EventSource cannot send one, and no token stands in an address",
    tests: [
      "library/lab/src/api/security/strangers.test.ts",
      "library/lab/src/api/reach.test.ts",
      "library/lab/src/api/event-pages.test.ts",
      "library/lab/test/account.test.mjs (Chromium, `npm test browser`)",
    ],
    counted: "pages of strangers",
  },
  {
    threat: "Addresses inside, given as a table's source (SSRF)",
    rule: "A scheme that is allowed, an address that is public after the look-up, connected to as it was checked, at each redirect again; the service itself fetches no address that a request gives",
    tests: ["library/core/src/data/download.test.ts", "library/core/src/data/download-inside.test.ts"],
  },
  {
    threat: "Bodies that break a parser: deep, long, broken, of another type, smuggled",
    rule: "Bytes, depth, keys, fields, files and headers have bounds; 64 KiB from somebody unknown; the answer is a problem, never a 5xx",
    tests: ["library/lab/src/api/security/bodies.test.ts", "library/lab/src/api/limits.test.ts"],
    counted: "bodies",
  },
  {
    threat: "Slow clients, and more of them than the service holds",
    rule: "Headers have a time, silence in a body has one, connections are bounded; others are answered meanwhile",
    tests: ["library/lab/src/api/security/bodies.test.ts", "library/lab/src/api/overload.test.ts"],
    counted: "slow clients",
  },
  {
    threat: "Secrets in logs, notebooks, runs, jobs, reports (HTML, PDF), event streams, answers, backups",
    rule: "Passwords and tokens are kept as hashes; text under a secret's name, passwords in addresses, bearer tokens and secrets of known kinds are taken out before anything is written; what a cell shows of a lab, and its errors, hold none",
    tests: [
      "library/lab/src/api/security/secrets.test.ts",
      "library/lab/src/api/security/secrets-in-cells.test.ts",
      "library/lab/src/tracking/redact.test.ts",
    ],
    counted: "secrets",
  },
  {
    threat: "A model file that runs something when it is read",
    rule: "Models are data: a schema, typed arrays and a hash, checked before anything is allocated",
    tests: ["library/core/src/base/base.test.ts"],
  },
  {
    threat: "Requests that nobody thought of",
    rule: "Schemathesis makes them up from the OpenAPI document: no 5xx, no answer that the document does not know, none to a caller without a token",
    tests: ["tools/fuzz.mjs (`npm test fuzz`)"],
  },
  {
    threat: "Packages: licences, programs that run at installation, known holes",
    rule: "Each licence is in the allowed set; packages that run a program at installation are listed; `npm audit --omit=dev` where the registry answers it",
    tests: ["tools/licences.test.ts"],
  },
];

const folder = temporaryFolder("security");
const results = join(folder, "results.jsonl");
const json = join(folder, "tests.json");
writeFileSync(results, "");
const files = [...new Set(threats.flatMap(({ tests }) => tests.filter((test) => test.endsWith(".test.ts"))))];
const { code, out } = await run(
  node24(),
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    ...["run", "--project", "lab", "--project", "core*", ...files, "--reporter=json", `--outputFile=${json}`],
  ],
  { env: { ASSAY_SECURITY_RESULTS: results } },
);
const { testResults = [], numPassedTests: passed = 0, numFailedTests: failed = 1 } = JSON.parse(readFileSync(json, "utf8"));
if (code !== 0) console.log(out.slice(-4000));
for (const { assertionResults } of testResults)
  for (const { status, fullName, failureMessages } of assertionResults)
    if (status === "failed") console.log(`${fullName}: ${failureMessages.join("\n").slice(0, 1500)}`);

/** Counts of a threat, those of one name added. */
function countsOf(counted) {
  const sums = new Map();
  for (const line of readFileSync(results, "utf8").trim().split("\n")) {
    const { threat, counts } = JSON.parse(line);
    if (threat === counted) for (const [what, n] of Object.entries(counts)) sums.set(what, (sums.get(what) ?? 0) + n);
  }
  return [...sums].map(([what, n]) => `${what}: ${n.toLocaleString("en")}`).join("; ");
}

/** How the files of a threat ended; those of other suites are said by theirs. */
function endOf(tests) {
  const ended = testResults.filter(({ name }) => tests.some((test) => name.endsWith(test)));
  if (ended.length === 0) return "in its own suite";
  const all = ended.flatMap(({ assertionResults }) => assertionResults);
  return `${all.filter(({ status }) => status === "passed").length} of ${all.length} tests passed`;
}

const cell = (text) => text.replaceAll("|", "\\|");
const rows = threats.map(({ threat, rule, tests, counted }) => {
  const result = [endOf(tests), counted && countsOf(counted)].filter(Boolean).join(". ");
  return `| ${[threat, rule, tests.map((test) => `\`${test.split(" (")[0]}\`${test.includes(" (") ? ` (${test.split(" (")[1]}` : ""}`).join(", "), result].map(cell).join(" | ")} |`;
});
const text = `# Security

Assay is made for people who trust each other with the machine and not with each other's projects. Whoever may run code in a notebook may do
what the notebook's user may; whoever holds DATABASE_URL is trusted with everything. Between people the service stands: by project, role and token.

This page is written by \`node tools/security.mjs\` from what the tests counted; suites of a browser, and of Schemathesis, say their own counts in \`npm test\`.

| Threat | Rule | Test | Result |
|---|---|---|---|
${rows.join("\n")}

## What a token is good for

\`read\` reads, \`write\` also writes, \`admin\` also manages; a token of one project reaches that project alone and never its user's account. A
token is shown once; the database holds its hash. Deactivation ends sign-ins and tokens at once: the service that was asked refuses them from the
next request on, others on the same database as soon as it has told them, and within a second where its word is lost.

## To report a hole

Privately, to the maintainers named in the package, with the request that shows it. No answer of the service holds a stack or a file's path.
`;
writeFileSync(join(root, "docs/security.md"), text);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || code !== 0 ? 1 : 0;
