import type { Measure } from "assay-lab/contract";
import React, { useState } from "react";
import { Field, NumberField, SelectField } from "../elements/Field";
import { Failure } from "../elements/states";
import { useAction } from "../elements/use-action";
import type { ModelState } from "../model/use-model";
import { usePanel } from "../panel";
import { measuresOf } from "./measures";
import { monitorRoutes } from "./monitor-routes";

/** The form of a new rule. */
export function NewRule({ model, onMade }: { model: ModelState; onMade(): void }): React.JSX.Element {
  const { api, trans } = usePanel();
  const measures = measuresOf(trans);
  const [measure, setMeasure] = useState<Measure>("input_drift");
  const [subject, setSubject] = useState("");
  const [name, setName] = useState("");
  const [threshold, setThreshold] = useState(measures.input_drift.bound);
  const [minRows, setMinRows] = useState(100);
  const { act, failure } = useAction(() => {
    setName("");
    onMade();
  });
  const isMetric = measure.startsWith("metric_");
  const takesSubject = isMetric || measure === "input_drift";
  const newest = model.production ?? model.versions[0]!;
  const metrics = [...new Set(Object.keys(newest.metrics).map((key) => key.slice(key.indexOf(".") + 1)))].sort();
  const subjects = isMetric ? metrics : newest.signature.columns.map((column) => column.name);
  const suggested = [measures[measure].label, ...(subject ? [subject] : [])].join(" ");
  const make = (event: React.FormEvent) => {
    event.preventDefault();
    const body = {
      name: name.trim() || suggested,
      measure,
      threshold,
      window_hours: 24,
      cooldown_hours: 24,
      min_rows: minRows,
      ...(takesSubject && subject !== "" && { subject }),
    };
    void act(() => monitorRoutes.watch(api, model.name, body));
  };
  return (
    <details className="jp-AssayRules-new">
      <summary>{trans.__("New rule…")}</summary>
      <form onSubmit={make} aria-label={trans.__("New rule")}>
        <div className="jp-Assay-fields">
          <SelectField
            label={trans.__("An alert opens when")}
            name="measure"
            value={measure}
            options={Object.entries(measures).map(([value, { label }]) => ({ value, label }))}
            onChange={(next) => {
              setMeasure(next as Measure);
              setThreshold(measures[next as Measure].bound);
              setSubject("");
            }}
          />
          {takesSubject && (
            <SelectField
              label={isMetric ? trans.__("Metric") : trans.__("Column")}
              name="subject"
              value={subject}
              none={isMetric ? trans.__("choose a metric") : trans.__("the one that moved most")}
              options={subjects.map((each) => ({ value: each, label: each }))}
              onChange={setSubject}
            />
          )}
          <NumberField
            label={[trans.__("Bound"), measures[measure].unit].filter(Boolean).join(", ")}
            name="threshold"
            value={threshold}
            min={-1e12}
            step="any"
            onChange={setThreshold}
          />
          <NumberField label={trans.__("Rows at least")} name="min_rows" value={minRows} min={1} onChange={setMinRows} />
          <Field label={trans.__("Name")}>
            {(id) => (
              <input
                id={id}
                name="rule_name"
                className="jp-mod-styled"
                maxLength={200}
                placeholder={suggested}
                value={name}
                onChange={({ target }) => setName(target.value)}
              />
            )}
          </Field>
        </div>
        <Failure error={failure} />
        <button
          type="submit"
          className="jp-mod-styled jp-mod-accept"
          disabled={Number.isNaN(threshold) || Number.isNaN(minRows) || (isMetric && subject === "")}
        >
          {trans.__("Watch")}
        </button>
      </form>
    </details>
  );
}
