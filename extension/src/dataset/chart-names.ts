import type { TranslationBundle } from "@jupyterlab/translation";
import type { ChartType } from "assay-lab/contract";
import type { ChartDraft } from "./chart-spec";

/** What each type of chart is called. */
export function chartNames(trans: TranslationBundle): Readonly<Record<ChartType, string>> {
  return {
    histogram: trans.__("Histogram"),
    box: trans.__("Box plots"),
    scatter: trans.__("Scatter"),
    scatter_matrix: trans.__("Scatter matrix"),
    correlation: trans.__("Correlation heatmap"),
    missing: trans.__("Missing cells"),
    outliers: trans.__("Outlier table"),
  };
}

/** A chart in one line: its type and the columns it is of. */
export function chartLabel(trans: TranslationBundle, { type, column, x, y, columns }: ChartDraft): string {
  const of = { histogram: column, scatter: `${x}, ${y}` }[type as string] ?? columns.join(", ");
  const name = chartNames(trans)[type];
  return of === "" ? name : trans.__("%1: %2", name, of);
}
