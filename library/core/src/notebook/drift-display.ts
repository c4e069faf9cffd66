import type { MimeBundle } from "../base/display.ts";
import type { ColumnDrift, ProfileComparison } from "../data/compare-profiles.ts";
import { written } from "./bundles.ts";
import { digits, type Html, html, note, table } from "./html.ts";

/** What two tables differ in, most changed columns first. */
export function driftBundle(value: ProfileComparison): MimeBundle {
  return written(driftText(value), driftHtml(value));
}

function driftText({ rows, columns, ...others }: ProfileComparison): string {
  const lines = columns.map((column) => `${column.name.padEnd(24)} ${digits(column.psi).padStart(8)}  ${verdict(column)}`);
  return [`${rows[0]} rows → ${rows[1]} rows`, `${"column".padEnd(24)} ${"PSI".padStart(8)}`, ...lines, ...remarks(others)].join(
    "\n",
  );
}

function driftHtml({ rows, columns, ...others }: ProfileComparison): Html {
  const body = columns.map((column) => [
    column.name,
    column.kind,
    digits(column.psi),
    verdict(column),
    digits(column.ks?.distance),
    digits(column.ks?.pValue),
    column.missing.map((share) => `${(100 * share).toFixed(1)} %`).join(" → "),
    column.unseen?.join(", ") ?? "",
  ]);
  const head = ["column", "kind", "PSI", "", "KS", "p", "missing", "values not seen before"];
  const more = remarks(others).map((remark) => note(remark));
  return html`<div style="overflow:auto;max-height:460px">${table(head, body)}</div>${more}${note(`${rows[0]} rows → ${rows[1]} rows`)}`;
}

/** The usual reading of the index: below 0.1 nothing, above 0.25 much; of few rows it is large by chance, which the test tells. */
function verdict({ psi, ks }: ColumnDrift): string {
  if (psi === null) return "–";
  if (psi <= 0.1) return "steady";
  if (ks && ks.pValue > 0.05) return "within chance";
  return psi > 0.25 ? "changed" : "somewhat changed";
}

function remarks({ added, removed, changed }: Pick<ProfileComparison, "added" | "removed" | "changed">): string[] {
  const of = (what: string, names: readonly string[]): string[] => (names.length > 0 ? [`${what}: ${names.join(", ")}`] : []);
  return [
    ...of("only in the second", added),
    ...of("only in the first", removed),
    ...of(
      "another kind",
      changed.map(({ name, kinds }) => `${name} (${kinds.join(" → ")})`),
    ),
  ];
}
