import React from "react";
import { usePanel } from "../panel";
import { notches, notchOf, type SliderRange, valueAt } from "./slider";

/** What rjsf hands to a widget of ours. */
interface WidgetProps {
  id: string;
  label: string;
  value: unknown;
  placeholder?: string;
  rawErrors?: readonly string[];
  options: { range?: SliderRange; emptyValue?: unknown };
  onChange(value: unknown): void;
}

/** A number, and a slider over the values that are usually tried; the field takes any that is allowed. */
export function NumberSlider({ id, label, value, placeholder, rawErrors, options, onChange }: WidgetProps): React.JSX.Element {
  const { trans } = usePanel();
  const range = options.range!;
  const isNumber = typeof value === "number";
  return (
    <>
      <input
        id={id}
        type="number"
        className="form-control"
        step="any"
        placeholder={placeholder}
        aria-invalid={(rawErrors?.length ?? 0) > 0 || undefined}
        value={isNumber ? value : ""}
        onChange={({ target }) => onChange(target.value === "" ? options.emptyValue : target.valueAsNumber)}
      />
      <input
        type="range"
        className="jp-AssayNew-slider"
        min={0}
        max={notches}
        aria-label={range.log ? trans.__("%1, by its logarithm", label) : trans.__("%1, slider", label)}
        aria-valuetext={isNumber ? String(value) : trans.__("none")}
        title={`${range.low} … ${range.high}`}
        value={isNumber ? notchOf(value, range) : 0}
        onChange={({ target }) => onChange(valueAt(target.valueAsNumber, range))}
      />
    </>
  );
}
