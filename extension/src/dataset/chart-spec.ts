import type { ChartSpec, ChartType, DatasetColumn } from "assay-lab/contract";

/** What the form of a chart holds; a type takes of it what it shows. */
export interface ChartDraft {
  type: ChartType;
  column: string;
  x: string;
  y: string;
  columns: readonly string[];
  by: string;
  method: "iqr" | "zscore";
  bins: number;
}

/** The fields of the form that a type of chart uses. */
export const chartFields: Readonly<Record<ChartType, readonly (keyof ChartDraft)[]>> = {
  histogram: ["column", "by", "bins"],
  box: ["columns", "by"],
  scatter: ["x", "y", "by"],
  scatter_matrix: ["columns", "by"],
  correlation: ["columns"],
  missing: ["columns"],
  outliers: ["columns", "method"],
};

/** A draft that has something to show: the first columns that fit. */
export function firstDraft(columns: readonly DatasetColumn[]): ChartDraft {
  const numbers = columns.filter(({ kind }) => kind === "number").map(({ name }) => name);
  return {
    type: "histogram",
    column: numbers[0] ?? columns[0]?.name ?? "",
    x: numbers[0] ?? "",
    y: numbers[1] ?? numbers[0] ?? "",
    columns: [],
    by: "",
    method: "iqr",
    bins: 30,
  };
}

/** The draft as the service takes it. */
export function specOf(draft: ChartDraft): ChartSpec {
  const configuration: Record<string, unknown> = {};
  for (const field of chartFields[draft.type]) {
    const value = draft[field];
    if (value !== "" && !(Array.isArray(value) && value.length === 0)) configuration[field] = value;
  }
  return { type: draft.type, configuration } as ChartSpec;
}

/** A saved chart as a draft of the form. */
export function draftOf(columns: readonly DatasetColumn[], type: ChartType, configuration: object): ChartDraft {
  return { ...firstDraft(columns), ...configuration, type } as ChartDraft;
}
