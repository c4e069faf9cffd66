import React from "react";
import { usePanel } from "../panel";

interface LogarithmicProps {
  name: string;
  checked: boolean;
  /** Whether every value has a logarithm; without it the box can not be ticked. */
  canBe: boolean;
  onChange(checked: boolean): void;
}

/** The box that makes a figure's values logarithmic. */
export function Logarithmic({ name, checked, canBe, onChange }: LogarithmicProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <label className="jp-Assay-check" title={canBe ? undefined : trans.__("Only values above 0 have a logarithm.")}>
      <input
        type="checkbox"
        name={name}
        checked={checked && canBe}
        disabled={!canBe}
        onChange={({ target }) => onChange(target.checked)}
      />
      {trans.__("Logarithmic")}
    </label>
  );
}
