import React, { useId } from "react";

interface FieldProps {
  label: string;
  hint?: string | undefined;
  /** Draws the control with the id that the label names. */
  children(id: string): React.ReactNode;
}

/** A label above its control. */
export function Field({ label, hint, children }: FieldProps): React.JSX.Element {
  const id = useId();
  return (
    <div className="jp-Assay-field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {hint && <p className="jp-Assay-hint">{hint}</p>}
    </div>
  );
}

interface SelectProps {
  id: string;
  name: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange(value: string): void;
  /** What an empty choice reads; without it there is none. */
  none?: string;
}

/** A native select in JupyterLab's clothes. */
export function Select({ id, name, value, options, onChange, none }: SelectProps): React.JSX.Element {
  return (
    <div className="jp-select-wrapper">
      <select id={id} name={name} className="jp-mod-styled" value={value} onChange={({ target }) => onChange(target.value)}>
        {none !== undefined && <option value="">{none}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
