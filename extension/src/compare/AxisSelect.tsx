import type { ParallelDimension } from "assay-lab/contract";
import React, { useId } from "react";
import { Select } from "../elements/Field";

interface AxisSelectProps {
  name: string;
  label: string;
  axes: readonly ParallelDimension[];
  value: string;
  /** What no axis reads; without it one must be chosen. */
  none?: string;
  onChange(name: string): void;
}

/** Chooses one of the runs' axes. */
export function AxisSelect({ axes, ...select }: AxisSelectProps): React.JSX.Element {
  return <Select id={useId()} {...select} options={axes.map(({ name }) => ({ value: name, label: name }))} />;
}
