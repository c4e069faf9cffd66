import { figureToSvg } from "assay";
import { display, htmlTable } from "../html.ts";
import type { RunComparison } from "./compare.ts";
import { comparisonFigures, shortName } from "./compare-figures.ts";

/** Runs that a cell shows beside each other, and figures under them. */
const runsShown = 12;
const figuresShown = 6;

/** The same comparison, which a notebook shows as tables of what differs and as figures. */
export function shownComparison(comparison: RunComparison): RunComparison {
  return display(comparison, () => {
    const { runs, params, metrics, baseline } = comparison;
    const shown = runs.slice(0, runsShown);
    const named = (name: string, values: readonly unknown[]): Record<string, unknown> =>
      Object.fromEntries([["", name], ...shown.map((run, k) => [shortName(run.name, k), values[k]] as const)]);
    const made = params.filter(({ differs }) => differs).map(({ name, values }) => named(name, values.map(worded)));
    const scores = metrics
      .filter(({ differs }) => differs)
      .map(({ name, values, deltas, significance }) =>
        named(
          name,
          values.map((value, k) => scored(value, runs[k]!.id === baseline ? null : deltas[k]!, significance[k]?.p ?? null)),
        ),
      );
    const figures = comparisonFigures(comparison).figures.slice(0, figuresShown);
    const pictures = figures.map(({ figure }) => figureToSvg(figure, { width: 520, height: 320, ink: "currentColor" })).join("");
    const more = runs.length > shown.length ? `<p>${runs.length - shown.length} more runs</p>` : "";
    return `${htmlTable(made)}${htmlTable(scores)}${more}<div style="display:flex;flex-wrap:wrap;gap:12px">${pictures}</div>`;
  });
}

/** A metric's value with its difference from the baseline, and p where there is a test. */
function scored(value: unknown, delta: number | null, p: number | null): string {
  if (value === null || value === undefined) return "–";
  const own = typeof value === "number" ? String(Number(value.toPrecision(4))) : String(value);
  const change = delta === null || delta === 0 ? "" : ` (${delta > 0 ? "+" : "−"}${Number(Math.abs(delta).toPrecision(2))})`;
  return `${own}${change}${p === null ? "" : `, p ${p < 0.001 ? "< 0.001" : p.toPrecision(2)}`}`;
}

function worded(value: unknown): unknown {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}
