import type { ModelSettings } from "assay-lab/contract";
import React, { useState } from "react";
import { Field, NumberField, SelectField } from "../elements/Field";
import { Failure, State } from "../elements/states";
import { useAction } from "../elements/use-action";
import { useLoaded } from "../elements/use-loaded";
import { modelRoutes } from "../model-routes";
import { usePanel } from "../panel";
import type { ModelState } from "./use-model";

/** What is kept of predictions, who answers where the model cannot, and what a promotion is checked for. */
export function Settings({ model, onChanged }: { model: ModelState; onChanged(): void }): React.JSX.Element {
  const { api, trans } = usePanel();
  const settings = useLoaded(model.name, () => modelRoutes.settings(api, model.name));
  return (
    <State of={settings} rows={6}>
      {(data) => (
        <SettingsForm
          key={JSON.stringify(data)}
          model={model}
          kept={data}
          label={trans.__("Settings of %1", model.name)}
          onKept={() => {
            settings.reload();
            onChanged();
          }}
        />
      )}
    </State>
  );
}

interface SettingsFormProps {
  model: ModelState;
  kept: ModelSettings;
  label: string;
  onKept(): void;
}

function SettingsForm({ model, kept, label, onKept }: SettingsFormProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const [draft, setDraft] = useState(kept);
  const { act, failure } = useAction(onKept);
  const changed = (Object.keys(draft) as (keyof ModelSettings)[]).filter(
    (key) => JSON.stringify(draft[key]) !== JSON.stringify(kept[key]),
  );
  const set = (change: Partial<ModelSettings>) => setDraft((old) => ({ ...old, ...change }));
  const { checks, fallback } = draft;
  const setChecks = (change: Partial<ModelSettings["checks"]>) => set({ checks: { ...checks, ...change } });
  const metrics = [...new Set(model.versions.flatMap((version) => Object.keys(version.metrics)))].sort();
  const save = (event: React.FormEvent) => {
    event.preventDefault();
    const changes = Object.fromEntries(changed.map((key) => [key, draft[key]])) as Partial<ModelSettings>;
    act(() => modelRoutes.changeSettings(api, model.name, changes));
  };
  return (
    <form className="jp-AssayModel-settings" aria-label={label} onSubmit={save}>
      <section aria-label={trans.__("Log of predictions")}>
        <h2>{trans.__("Log of predictions")}</h2>
        <div className="jp-Assay-fields">
          <SelectField
            label={trans.__("What is kept of the inputs")}
            hint={logHint(draft.log)}
            name="log"
            value={draft.log}
            options={[
              { value: "hash", label: trans.__("their hash") },
              { value: "values", label: trans.__("their values") },
              { value: "off", label: trans.__("nothing is logged") },
            ]}
            onChange={(log) => set({ log: log as ModelSettings["log"] })}
          />
          <NumberField
            label={trans.__("Days that it is kept")}
            name="retention_days"
            value={draft.retention_days}
            min={1}
            max={36_500}
            onChange={(retention_days) => set({ retention_days })}
          />
        </div>
      </section>
      <section aria-label={trans.__("Fallback")}>
        <h2>{trans.__("Where the model cannot answer")}</h2>
        <div className="jp-Assay-fields">
          <Field
            label={trans.__("A simpler version answers")}
            hint={trans.__(
              "name@version; where it cannot either, a rule answers: the most frequent class or the mean, unless a cell set another.",
            )}
          >
            {(id) => (
              <>
                <input
                  id={id}
                  name="basic"
                  className="jp-mod-styled"
                  list={`${id}-versions`}
                  placeholder={trans.__("none")}
                  value={fallback.basic ?? ""}
                  onChange={({ target: { value } }) => set({ fallback: { ...fallback, basic: value === "" ? null : value } })}
                />
                <datalist id={`${id}-versions`}>
                  {model.versions.map(({ model_id, name, version }) => (
                    <option key={model_id} value={`${name}@${version}`} />
                  ))}
                </datalist>
              </>
            )}
          </Field>
        </div>
      </section>
      <section aria-label={trans.__("Checks of a promotion")}>
        <h2>{trans.__("Checks before a version goes into production")}</h2>
        <div className="jp-AssayModel-checks">
          <label className="jp-Assay-check">
            <input
              type="checkbox"
              name="required"
              checked={checks.required}
              onChange={({ target }) => setChecks({ required: target.checked })}
            />
            {trans.__("A failed check refuses the promotion; owners may pass it with a reason")}
          </label>
          <label className="jp-Assay-check">
            <input
              type="checkbox"
              name="schema"
              checked={checks.schema}
              onChange={({ target }) => setChecks({ schema: target.checked })}
            />
            {trans.__("Callers of the version in production can go on as they are")}
          </label>
        </div>
        <div className="jp-Assay-fields">
          <SelectField
            label={trans.__("Metric that must not fall")}
            name="check_metric"
            value={checks.metric ?? ""}
            none={trans.__("none")}
            options={metrics.map((metric) => ({ value: metric, label: metric }))}
            onChange={(metric) => setChecks({ metric: metric === "" ? null : metric })}
          />
          {checks.metric !== null && (
            <NumberField
              label={trans.__("It may be worse by")}
              name="max_drop"
              value={checks.max_drop}
              min={0}
              step="any"
              onChange={(max_drop) => setChecks({ max_drop })}
            />
          )}
        </div>
      </section>
      <Failure error={failure} />
      <div className="jp-Assay-bar">
        <button type="submit" className="jp-mod-styled jp-mod-accept" disabled={changed.length === 0}>
          {trans.__("Save")}
        </button>
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          disabled={changed.length === 0}
          onClick={() => setDraft(kept)}
        >
          {trans.__("Undo")}
        </button>
        {changed.length === 0 && <span className="jp-Assay-faint">{trans.__("Everything is saved.")}</span>}
      </div>
    </form>
  );

  function logHint(log: ModelSettings["log"]): string {
    return {
      hash: trans.__("Drift is still measured: from counts, which hold no row."),
      values: trans.__("Rows can be looked up later; people's data stays until it is erased or too old."),
      off: trans.__("Outcomes cannot be joined, and A/B tests see nothing of this model."),
    }[log];
  }
}
