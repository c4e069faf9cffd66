import type { AbTest, ModelVersion } from "assay-lab/contract";
import React, { useState } from "react";
import { Field, SelectField } from "../elements/Field";
import { Failure, State } from "../elements/states";
import { useAction } from "../elements/use-action";
import { useLoaded } from "../elements/use-loaded";
import { modelRoutes } from "../model-routes";
import { usePanel } from "../panel";
import { everyPage } from "../routes";
import { wordOf } from "../words";
import { abRoutes } from "./ab-routes";
import { type AbDraft, firstDraft, newMetric, problemOf, requestOf } from "./draft";
import { MetricFields } from "./MetricFields";
import { Plan } from "./Plan";
import { ShareField, TestName } from "./TestFields";

interface NewTestProps {
  model: string | undefined;
  onMade(test: AbTest): void;
}

/** The form of a new A/B test. */
export function NewTest({ model, onMade }: NewTestProps): React.JSX.Element {
  const { api } = usePanel();
  const versions = useLoaded("versions", () => everyPage((cursor) => modelRoutes.versions(api, cursor)));
  return (
    <State of={versions} rows={5}>
      {(all) => <TestForm versions={all} model={model} onMade={onMade} />}
    </State>
  );
}

function TestForm({ versions, model, onMade }: NewTestProps & { versions: readonly ModelVersion[] }): React.JSX.Element {
  const { api, trans } = usePanel();
  const [draft, setDraft] = useState<AbDraft>(() => firstDraft(versions, model));
  const { act, failure } = useAction();
  const set = (change: Partial<AbDraft>) => setDraft((old) => ({ ...old, ...change }));
  const problem = problemOf(draft);
  const words = {
    name: trans.__("Give the test a name."),
    versions: trans.__("Choose two different versions that are not archived."),
    share: trans.__("B's share must be between 0 and 100 %."),
    metrics: trans.__("Name each metric with letters, digits, dots or dashes, as your program reports it."),
  };
  const send = (start: boolean) => void act(() => abRoutes.create(api, requestOf(draft, start)), onMade);
  const setMetric = (k: number, change: object) =>
    set({ metrics: draft.metrics.map((metric, j) => (j === k ? { ...metric, ...change } : metric)) });
  return (
    <form
      className="jp-AssayAbNew"
      aria-label={trans.__("New A/B test")}
      onSubmit={(event) => {
        event.preventDefault();
        send(true);
      }}
    >
      <div className="jp-Assay-fields">
        <TestName value={draft.name} hint={trans.__("Programs ask for predictions by it.")} onChange={(name) => set({ name })} />
        <VersionField
          label={trans.__("A: answers now")}
          name="model_a"
          value={draft.a}
          versions={versions}
          onChange={(a) => set({ a })}
        />
        <VersionField
          label={trans.__("B: is tried")}
          name="model_b"
          value={draft.b}
          versions={versions}
          onChange={(b) => set({ b })}
        />
        <ShareField value={draft.share} onChange={(share) => set({ share })} />
      </div>
      <label className="jp-Assay-check">
        <input type="checkbox" name="shadow" checked={draft.shadow} onChange={({ target }) => set({ shadow: target.checked })} />
        {trans.__("Shadow: B is asked beside A and logged, and never answers anybody")}
      </label>
      {!draft.shadow && (
        <>
          <MetricFields title={trans.__("Judged by")} metric={draft.metrics[0]!} onChange={(change) => setMetric(0, change)} />
          <Plan metric={draft.metrics[0]!} share={draft.share} />
          {draft.metrics.slice(1).map((metric, k) => (
            <MetricFields
              key={k}
              title={trans.__("Guard-rail %1", k + 1)}
              metric={metric}
              onChange={(change) => setMetric(k + 1, change)}
              onRemove={() => set({ metrics: draft.metrics.filter((_, j) => j !== k + 1) })}
            />
          ))}
          <div className="jp-Assay-bar">
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              disabled={draft.metrics.length >= 20}
              onClick={() => set({ metrics: [...draft.metrics, newMetric(0)] })}
            >
              {trans.__("Add a guard-rail")}
            </button>
            <span className="jp-Assay-faint">{trans.__("A guard-rail stops the test by itself once B is surely worse.")}</span>
          </div>
        </>
      )}
      <Field label={trans.__("What is expected, and why")}>
        {(id) => (
          <textarea
            id={id}
            name="description"
            className="jp-mod-styled"
            rows={2}
            value={draft.description}
            onChange={({ target }) => set({ description: target.value })}
          />
        )}
      </Field>
      <Failure error={failure} />
      <div className="jp-Assay-bar">
        <button type="submit" name="start" className="jp-mod-styled jp-mod-accept" disabled={problem !== null}>
          {trans.__("Start the test")}
        </button>
        <button type="button" className="jp-mod-styled jp-mod-minimal" disabled={problem !== null} onClick={() => send(false)}>
          {trans.__("Save as draft")}
        </button>
        {problem && <span className="jp-Assay-faint">{words[problem]}</span>}
      </div>
    </form>
  );
}

interface VersionFieldProps {
  label: string;
  name: string;
  value: string;
  versions: readonly ModelVersion[];
  onChange(id: string): void;
}

function VersionField({ label, name, value, versions, onChange }: VersionFieldProps): React.JSX.Element {
  const { trans } = usePanel();
  const options = versions
    .filter(({ version_status }) => version_status !== "archived")
    .map((version) => ({
      value: version.model_id,
      label: `${version.name}@${version.version} (${wordOf(trans, version.version_status)})`,
    }));
  return (
    <SelectField
      label={label}
      name={name}
      value={value}
      none={trans.__("choose a version")}
      options={options}
      onChange={onChange}
    />
  );
}
