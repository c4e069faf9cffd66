import type { TrialInfo } from "assay-lab/contract";

/** An axis of plotly's parallel coordinates. */
export interface Dimension {
  label: string;
  values: readonly number[];
  tickvals?: readonly number[];
  ticktext?: readonly string[];
  constraintrange?: readonly number[] | readonly (readonly number[])[];
}

/** Where a trial lies on the axis of a parameter or, under any other name, of its value. Undefined where it has none. */
function placeOf({ params, values }: TrialInfo, { label, tickvals, ticktext }: Dimension): number | undefined {
  if (!Object.hasOwn(params, label)) return values ? Number(values[0]) : undefined;
  const value = params[label];
  // an axis of numbers with ticks of its own is logarithmic
  if (typeof value === "number") return tickvals ? Math.log10(value) : value;
  const place = ticktext?.indexOf(String(value)) ?? -1;
  return place < 0 ? undefined : place;
}

/** The axes on which something is marked. */
export function brushed(dimensions: readonly Dimension[]): readonly Dimension[] {
  return dimensions.filter(({ constraintrange }) => (constraintrange?.length ?? 0) > 0);
}

/** Whether a trial lies within every mark. */
export function isBrushed(trial: TrialInfo, marked: readonly Dimension[]): boolean {
  return marked.every((dimension) => {
    const place = placeOf(trial, dimension);
    return place !== undefined && rangesOf(dimension).some(([low, high]) => place >= low! && place <= high!);
  });
}

function rangesOf({ constraintrange = [] }: Dimension): readonly (readonly number[])[] {
  return (typeof constraintrange[0] === "number" ? [constraintrange] : constraintrange) as readonly (readonly number[])[];
}
