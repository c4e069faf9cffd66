import React from "react";

interface FindProps {
  /** What is found, and by what, as "Find models by name or tag". */
  label: string;
  /** Stands in the empty field; the label where it is not given. */
  placeholder?: string;
  value: string;
  onChange(value: string): void;
  name?: string;
  className?: string;
  /** Whether the panel's focus begins here. */
  autofocus?: boolean;
}

/** A field for a part of what is looked for. */
export function Find({
  label,
  placeholder = label,
  value,
  onChange,
  name,
  className = "jp-Assay-quick",
  autofocus = false,
}: FindProps): React.JSX.Element {
  return (
    <input
      {...(autofocus && { "data-autofocus": true })}
      type="search"
      name={name}
      className={`jp-mod-styled ${className}`}
      aria-label={label}
      placeholder={placeholder}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

/** Columns beyond which they are searched for. */
export const findFrom = 12;

/** Whether a text holds what is looked for, in whatever case; every text holds nothing. */
export function holds(text: string, sought: string): boolean {
  return text.toLowerCase().includes(sought.trim().toLowerCase());
}
