import React from "react";
import { Field, NumberField, SelectField } from "../elements/Field";
import { usePanel } from "../panel";
import type { MetricDraft } from "./draft";

interface MetricFieldsProps {
  title: string;
  metric: MetricDraft;
  onChange(change: Partial<MetricDraft>): void;
  /** Without it the metric stays. */
  onRemove?: () => void;
}

/** The fields of one metric of a new test. */
export function MetricFields({ title, metric, onChange, onRemove }: MetricFieldsProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <fieldset className="jp-AssayAbNew-metric">
      <legend>{title}</legend>
      <div className="jp-Assay-fields">
        <Field label={trans.__("Outcome that is reported")}>
          {(id) => (
            <input
              id={id}
              name="metric_name"
              className="jp-mod-styled"
              maxLength={100}
              value={metric.name}
              onChange={({ target }) => onChange({ name: target.value })}
            />
          )}
        </Field>
        <SelectField
          label={trans.__("It is")}
          name="metric_kind"
          value={metric.kind}
          options={[
            { value: "binary", label: trans.__("true or false") },
            { value: "number", label: trans.__("a number") },
          ]}
          onChange={(kind) => onChange({ kind: kind as MetricDraft["kind"] })}
        />
        <SelectField
          label={trans.__("Better is")}
          name="metric_better"
          value={metric.better}
          options={[
            { value: "higher", label: trans.__("higher") },
            { value: "lower", label: trans.__("lower") },
          ]}
          onChange={(better) => onChange({ better: better as MetricDraft["better"] })}
        />
        <NumberField
          label={trans.__("Hours after a person came")}
          name="window_hours"
          value={metric.windowHours}
          min={0.1}
          max={8760}
          step="any"
          none={trans.__("everything so far")}
          onChange={(windowHours) => onChange({ windowHours })}
        />
        <NumberField
          label={trans.__("Stop if B is surely worse by")}
          name="margin"
          value={metric.margin}
          min={0}
          step="any"
          none={trans.__("never")}
          onChange={(margin) => onChange({ margin })}
        />
      </div>
      {onRemove && (
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={onRemove}>
          {trans.__("Remove %1", title)}
        </button>
      )}
    </fieldset>
  );
}
