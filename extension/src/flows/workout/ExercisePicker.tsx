import type { WorkoutExercise } from "assay-lab/contract";
import React, { useEffect, useState } from "react";
import { Field, Select } from "../../elements/Field";
import { formatDay } from "../../elements/format";
import { usePanel } from "../../panel";
import { formatWeight } from "./weight";

interface ExercisePickerProps {
  items: readonly WorkoutExercise[];
  exercise: string;
  onChoose(exercise: string): void;
}

/** The value that stands for an exercise that the log does not have. */
const another = "\u0000";

/** Chooses an exercise of the log, or names one that it does not have; without a log the name alone. */
export function ExercisePicker({ items, exercise, onChoose }: ExercisePickerProps): React.JSX.Element {
  const { trans } = usePanel();
  const found = items.find(({ exercise_name }) => exercise_name === exercise);
  const [isOther, setOther] = useState(!found);
  const [name, setName] = useState(found ? "" : exercise);
  useEffect(() => setOther(!found), [exercise]); // a link may ask for another one
  const shown = found && !isOther ? exercise : another;
  return (
    <div className="jp-AssayWorkouts-picker">
      {items.length > 0 && (
        <Field label={trans.__("Exercise")}>
          {(id) => (
            <Select
              id={id}
              name="exercise"
              value={shown}
              options={[
                ...items.map(({ exercise_name, sessions }) => ({
                  value: exercise_name,
                  label: trans._n("%2 · %1 session", "%2 · %1 sessions", sessions, exercise_name),
                })),
                { value: another, label: trans.__("another exercise…") },
              ]}
              onChange={(value) => {
                setOther(value === another);
                if (value !== another) onChoose(value);
              }}
            />
          )}
        </Field>
      )}
      {shown === another && (
        <form
          className="jp-AssayWorkouts-other"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== "") onChoose(name.trim());
          }}
        >
          <Field label={items.length > 0 ? trans.__("Its name") : trans.__("Exercise to begin without a log")}>
            {(id) => (
              <input
                id={id}
                name="other"
                className="jp-mod-styled"
                required
                maxLength={200}
                value={name}
                onChange={({ target }) => setName(target.value)}
              />
            )}
          </Field>
          <button type="submit" className="jp-mod-styled jp-mod-minimal">
            {trans.__("Ask")}
          </button>
        </form>
      )}
      {found && shown !== another && (
        <p className="jp-Assay-faint">
          {[
            trans.__("last on %1", formatDay(found.last_day)),
            ...(found.best_weight !== null ? [trans.__("best %1", formatWeight(found.best_weight, found.unit))] : []),
            ...(found.assisted ? [trans.__("weights are help: less is more")] : []),
          ].join(" · ")}
        </p>
      )}
    </div>
  );
}
