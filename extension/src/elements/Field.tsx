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

interface NumberFieldProps {
  label: string;
  name: string;
  /** NaN is shown as nothing. */
  value: number;
  min: number;
  max?: number;
  step?: number | "any";
  hint?: string;
  /** What an empty field reads; without it a number must be given. */
  none?: string;
  onChange(value: number): void;
}

/** A number with its label. */
export function NumberField({
  label,
  name,
  value,
  min,
  max,
  step = 1,
  hint,
  none,
  onChange,
}: NumberFieldProps): React.JSX.Element {
  return (
    <Field label={label} hint={hint}>
      {(id) => (
        <input
          id={id}
          name={name}
          className="jp-mod-styled"
          type="number"
          min={min}
          max={max}
          step={step}
          required={none === undefined}
          placeholder={none}
          aria-invalid={(Number.isNaN(value) ? none === undefined : value < min || value > (max ?? value)) || undefined}
          value={Number.isNaN(value) ? "" : value}
          onChange={({ target }) => onChange(target.valueAsNumber)}
        />
      )}
    </Field>
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
  /** Said by screen readers where no label names the id. */
  label?: string;
}

/** A native select in JupyterLab's clothes. */
export function Select({ id, name, value, options, onChange, none, label }: SelectProps): React.JSX.Element {
  return (
    <div className="jp-select-wrapper">
      <select
        id={id}
        name={name}
        className="jp-mod-styled"
        aria-label={label}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      >
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

interface SelectFieldProps extends Omit<SelectProps, "id" | "label"> {
  label: string;
  hint?: string;
}

/** A select with its label. */
export function SelectField({ label, hint, ...select }: SelectFieldProps): React.JSX.Element {
  return (
    <Field label={label} hint={hint}>
      {(id) => <Select id={id} {...select} />}
    </Field>
  );
}
