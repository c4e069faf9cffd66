// The pages of the HTTP interface, made of the OpenAPI document that the service itself answers.
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startService } from "../assay.mjs";
import { typeOf } from "./algorithms.mjs";

/** The document of a service that is started for it, in a home of its own, and stopped again. */
export async function openApi() {
  const token = randomBytes(16).toString("hex");
  const service = await startService({ ASSAY_TOKEN: token, ASSAY_WORKERS: "0" });
  try {
    const answer = await fetch(`${service.base}/api/openapi.json`, { headers: { authorization: `Bearer ${token}` } });
    return await answer.json();
  } finally {
    await service.stop();
  }
}

/** Writes a page for each group of routes, and the list of all; gives the groups' names back. */
export function writeHttp(folder, document) {
  mkdirSync(folder, { recursive: true });
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })),
  );
  const groups = document.tags.map(({ name }) => name).filter((name) => operations.some(({ tags }) => tags?.includes(name)));
  for (const group of groups) {
    const own = operations.filter(({ tags }) => tags?.includes(group));
    writeFileSync(join(folder, `${group}.md`), `# ${group}\n\n${own.map(page).join("\n\n")}\n`);
  }
  writeFileSync(join(folder, "index.md"), list(groups, operations));
  return groups;
}

const head = `# HTTP

Every route of the service, made of the OpenAPI document that it answers at \`/api/openapi.json\`; \`/api/docs\` there tries them out.

A caller is known by \`Authorization: Bearer …\` or by a signed-in session; what changes something needs the header \`X-Assay: 1\` too. Bodies are JSON in
snake_case, times ISO 8601 in UTC. Lists answer \`items\` and \`next_cursor\`. What is wrong is answered as problem details (RFC 9457): \`type\`, \`title\`,
\`status\`, \`detail\`, and where they apply \`field\`, \`value\`, \`hint\`. The routes of a project take \`project_id\`; without it they work in the token's
project, else in the caller's own.`;

function list(groups, operations) {
  const tables = groups.map((group) => {
    const rows = operations
      .filter(({ tags }) => tags?.includes(group))
      .map((each) => `| [\`${each.method} ${each.path}\`](${group}.md#${anchor(each)}) | ${each.summary ?? ""} |`);
    return `## ${group}\n\n| route | what |\n| --- | --- |\n${rows.join("\n")}`;
  });
  return `${head}\n\n${tables.join("\n\n")}\n`;
}

const anchor = ({ operationId, method, path }) =>
  (operationId ?? `${method}${path}`).toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

function page(operation) {
  const { method, path, summary = "", parameters = [], requestBody, responses } = operation;
  const [media, sent] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const [status, answer] = Object.entries(responses)[0];
  const [type, got] = Object.entries(answer.content ?? {})[0] ?? [];
  return [
    `## ${method} ${path.replaceAll(/[{}]/g, (brace) => `&#${brace.charCodeAt(0)};`)} {#${anchor(operation)}}`,
    summary,
    ...table(
      "parameter",
      parameters
        .filter(({ name }) => name !== "project_id")
        .map((each) => [each.name, each.schema, each.required, each.description ?? `in the ${each.in}`]),
    ),
    ...(sent ? [`Body, \`${media}\`:`, ...table("field", fields(sent.schema))] : []),
    ...(sent?.example !== undefined ? [json(sent.example)] : []),
    `Answer ${status}${type ? `, \`${type}\`` : ""}${got?.example ? ":" : "."}`,
    ...(got?.example !== undefined ? [json(got.example)] : []),
  ].join("\n\n");
}

function fields(schema) {
  const { properties = {}, required = [] } = schema?.properties ? schema : (schema?.anyOf?.find((each) => each.properties) ?? {});
  return Object.entries(properties).map(([name, each]) => [
    name,
    each,
    required.includes(name),
    each.description ?? each.title ?? "",
  ]);
}

function table(kind, rows) {
  if (rows.length === 0) return [];
  const escaped = (text) =>
    String(text).replaceAll("|", "\\|").replaceAll("\n", " ").replaceAll("<", "&lt;").replaceAll("{", "&#123;");
  const lines = rows.map(
    ([name, schema, required, words]) =>
      `| \`${name}\` | ${escaped(typeOf(schema ?? {}))} | ${required ? "yes" : ""} | ${escaped(words)} |`,
  );
  return [`| ${kind} | type | needed | |\n| --- | --- | --- | --- |\n${lines.join("\n")}`];
}

const json = (value) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
