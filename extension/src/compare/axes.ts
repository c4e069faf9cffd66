import type { Comparison, ParallelDimension } from "assay-lab/contract";

/** A range marked on an axis; several are joined by or. */
export type Range = readonly [low: number, high: number];

/** An axis of the runs and what is marked on it. */
export interface Marked {
  name: string;
  ranges: readonly Range[];
}

/**
 * Every axis on which the runs can be laid out: parameters that differ, and metrics of every split that differ. The service's are sixteen; these
 * are made of what it compared.
 */
export function axesOf({ params, metrics, parallel }: Comparison): ParallelDimension[] {
  const known = new Set(parallel.map(({ name }) => name));
  const made = params.filter(({ differs, group, name }) => differs && group === "hyperparameters" && !known.has(name));
  const scored = metrics.filter(({ differs, name }) => differs && !known.has(name));
  return [...parallel, ...made.map(axisOf), ...scored.map(axisOf)];
}

/** Whether a run lies within every mark; place is its place among the runs. */
export function isMarked(axes: readonly ParallelDimension[], marked: readonly Marked[], place: number): boolean {
  return marked.every(({ name, ranges }) => {
    const value = axes.find((axis) => axis.name === name)?.values[place];
    return value !== null && value !== undefined && ranges.some(([low, high]) => value >= low && value <= high);
  });
}

function axisOf({ name, values }: { name: string; values: readonly unknown[] }): ParallelDimension {
  if (values.every((value) => value === null || typeof value === "number" || value === "NaN"))
    return { name, kind: "number", values: values.map((value) => (typeof value === "number" ? value : null)), levels: null };
  const texts = values.map((value) => (value === null ? null : typeof value === "string" ? value : JSON.stringify(value)));
  const levels = [...new Set(texts.filter((text) => text !== null))].sort();
  return { name, kind: "category", values: texts.map((text) => (text === null ? null : levels.indexOf(text))), levels };
}
