import React from "react";
import { Field, NumberField } from "../elements/Field";
import { usePanel } from "../panel";

interface TestNameProps {
  value: string;
  hint: string;
  onChange(name: string): void;
}

/** The name of a new A/B test. */
export function TestName({ value, hint, onChange }: TestNameProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <Field label={trans.__("Name")} hint={hint}>
      {(id) => (
        <input
          id={id}
          name="test_name"
          className="jp-mod-styled"
          maxLength={200}
          required
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

interface ShareFieldProps {
  /** Percent. */
  value: number;
  onChange(share: number): void;
}

/** How many people get B. */
export function ShareField({ value, onChange }: ShareFieldProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <NumberField
      label={trans.__("People who get B, in %")}
      name="share"
      value={value}
      min={0.1}
      max={99.9}
      step="any"
      onChange={onChange}
    />
  );
}
