import { usualSteps } from "assay-lab/contract";
import React, { useState } from "react";
import { Field, NumberField, Select } from "../../elements/Field";
import { usePanel } from "../../panel";
import type { Lifter } from "../../preferences";
import { usualBars } from "./lifter";
import { useExercises } from "./use-workouts";
import { formatWeight } from "./weight";

/** Who lifts: level, goal, body weight, unit and plates, kept with the reader's settings. */
export function LifterForm(): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const log = useExercises();
  const [draft, setDraft] = useState<Lifter>(preferences.values.lifter);
  const [isSaved, setSaved] = useState(false);
  const change = (changes: Lifter) => {
    setSaved(false);
    setDraft({ ...draft, ...changes });
  };
  const unit = draft.weighedIn ?? draft.unit ?? log.data?.unit ?? "kg";
  const number = (value: number) => (Number.isNaN(value) ? undefined : value);
  const units = { kg: trans.__("kilograms"), lb: trans.__("pounds") };
  const choice = (name: "level" | "goals" | "unit", label: string, none: string, words: Readonly<Record<string, string>>) => (
    <Field label={label}>
      {(id) => (
        <Select
          id={id}
          name={name}
          value={draft[name] ?? ""}
          none={none}
          options={Object.entries(words).map(([value, word]) => ({ value, label: word }))}
          onChange={(value) => change({ [name]: value === "" ? undefined : value })}
        />
      )}
    </Field>
  );
  return (
    <form
      className="jp-AssayWorkouts-lifter"
      onSubmit={(event) => {
        event.preventDefault();
        // what is empty is left out
        preferences.set("lifter", JSON.parse(JSON.stringify({ ...draft, weighedIn: unit })) as Lifter);
        setSaved(true);
      }}
    >
      <p className="jp-Assay-faint">
        {trans.__("What forecasts and advice reckon with. Level and body weight matter where the log says little.")}
      </p>
      <div className="jp-AssayWorkouts-fields">
        {choice("level", trans.__("Level"), trans.__("not said"), {
          beginner: trans.__("beginner"),
          intermediate: trans.__("intermediate"),
          advanced: trans.__("advanced lifter"),
        })}
        {choice("goals", trans.__("Goal"), trans.__("not said"), {
          strength: trans.__("strength"),
          hypertrophy: trans.__("muscle"),
          endurance: trans.__("endurance"),
          weight_loss: trans.__("weight loss"),
        })}
        {choice("unit", trans.__("Forecasts are told in"), trans.__("the unit of the log"), units)}
        <Field label={trans.__("Weights here are in")}>
          {(id) => (
            <Select
              id={id}
              name="weighed_in"
              value={unit}
              options={Object.entries(units).map(([value, label]) => ({ value, label }))}
              onChange={(value) => change({ weighedIn: value as Lifter["weighedIn"] })}
            />
          )}
        </Field>
        <NumberField
          label={trans.__("Body weight")}
          name="body_weight"
          value={draft.bodyWeight ?? Number.NaN}
          min={unit === "kg" ? 25 : 55}
          max={unit === "kg" ? 350 : 770}
          step="any"
          none={trans.__("not said")}
          onChange={(value) => change({ bodyWeight: number(value) })}
        />
        <NumberField
          label={trans.__("Smallest step of weights")}
          name="step"
          value={draft.step ?? Number.NaN}
          min={0.25}
          max={100}
          step="any"
          none={formatWeight(usualSteps[unit], unit)}
          hint={trans.__("Forecasts are rounded to it.")}
          onChange={(value) => change({ step: number(value) })}
        />
        <NumberField
          label={trans.__("Weight of the bar")}
          name="bar"
          value={draft.bar ?? Number.NaN}
          min={0}
          max={100}
          step="any"
          none={formatWeight(usualBars[unit], unit)}
          onChange={(value) => change({ bar: number(value) })}
        />
      </div>
      <div className="jp-Assay-bar">
        <button type="submit" className="jp-mod-styled jp-mod-accept">
          {trans.__("Save")}
        </button>
        {isSaved && <span role="status">{trans.__("Saved with your settings.")}</span>}
      </div>
    </form>
  );
}
