import type { Features } from "../model-routes";

type Rows = Features | readonly Features[];

/** A request as a command for a shell; the token is named, not written. */
export function asCurl(address: string, ref: string, features: Rows): string {
  const body = JSON.stringify({ model_id: ref, features }, null, 2).replaceAll("'", "'\\''");
  return [
    `curl -X POST '${address.replaceAll("'", "%27")}' \\`,
    `  -H "Authorization: token $JUPYTER_TOKEN" -H 'X-Assay: 1' -H 'Content-Type: application/json' \\`,
    `  -d '${body}'`,
  ].join("\n");
}

/** A request as a cell. */
export function asCell(ref: string, features: Rows): string {
  return [
    'import { connect } from "assay-lab";',
    "",
    "const lab = await connect();",
    `await lab.registry.predict(${JSON.stringify(ref)}, ${literal(features)});`,
  ].join("\n");
}

function literal(features: Rows): string {
  return Array.isArray(features)
    ? `[\n${features.map((row: Features) => `  ${record(row, " ")},`).join("\n")}\n]`
    : record(features as Features, "\n");
}

/** A row as an object literal, its keys bare where TypeScript lets them be. */
function record(row: Features, space: " " | "\n"): string {
  const indent = space === "\n" ? "  " : "";
  const pairs = Object.entries(row).map(
    ([name, value]) => `${indent}${/^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return pairs.length === 0 ? "{}" : `{${space}${pairs.join(`,${space}`)}${space === "\n" ? ",\n" : space}}`;
}
