import type { WorkoutAlias } from "assay-lab/contract";
import React, { useState } from "react";
import { Failure, State } from "../../elements/states";
import { useAction } from "../../elements/use-action";
import { Wide } from "../../elements/Wide";
import { usePanel } from "../../panel";
import { useExercises } from "./use-workouts";
import { workoutRoutes } from "./workout-routes";

/** Id of the names that the fields offer. */
const namesId = "assay-exercise-names";

/** Every name of an exercise in the log, and the one that it counts as, to be corrected. */
export function Aliases(): React.JSX.Element {
  const { api, trans } = usePanel();
  const exercises = useExercises();
  const { act, failure, busy } = useAction();
  const [changes, setChanges] = useState<Record<string, string>>({});
  const save = () =>
    void act(
      () => workoutRoutes.changeAliases(api, changes),
      (answer) => {
        exercises.change(() => answer);
        setChanges({});
      },
    );
  const how = {
    same: trans.__("as it is written"),
    spelling: trans.__("by its spelling"),
    table: trans.__("as you said"),
  };
  const change = ({ written, exercise_name }: WorkoutAlias, name: string) =>
    setChanges(({ [written]: _, ...rest }) => (name === exercise_name ? rest : { ...rest, [written]: name }));
  const isWhole = Object.values(changes).every((name) => name.trim() !== "");
  return (
    <section aria-label={trans.__("Names of exercises")} className="jp-AssayWorkouts-aliases">
      <h2>{trans.__("Names of exercises")}</h2>
      <p className="jp-Assay-faint">
        {trans.__("Names that differ in spelling only count as one. Say here which others mean the same; the history follows.")}
      </p>
      <State of={exercises} rows={4}>
        {({ items }) => (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              save();
            }}
          >
            <datalist id={namesId}>
              {items.map(({ exercise_name }) => (
                <option key={exercise_name} value={exercise_name} />
              ))}
            </datalist>
            <Wide>
              <table className="jp-Assay-table">
                <thead>
                  <tr>
                    <th scope="col">{trans.__("In the log")}</th>
                    <th scope="col" className="jp-mod-numeric">
                      {trans.__("Sets")}
                    </th>
                    <th scope="col">{trans.__("Counts as")}</th>
                    <th scope="col">{trans.__("How")}</th>
                  </tr>
                </thead>
                <tbody>
                  {items
                    .flatMap(({ written }) => written)
                    .map((alias) => (
                      <tr key={alias.written} data-written={alias.written} data-by={alias.by}>
                        <td>{alias.written}</td>
                        <td className="jp-mod-numeric">{alias.sets}</td>
                        <td>
                          <input
                            className="jp-mod-styled"
                            list={namesId}
                            maxLength={200}
                            required
                            aria-label={trans.__("%1 counts as", alias.written)}
                            value={changes[alias.written] ?? alias.exercise_name}
                            onChange={({ target }) => change(alias, target.value)}
                          />
                        </td>
                        <td className="jp-Assay-faint">
                          {changes[alias.written] === undefined ? how[alias.by] : trans.__("changed")}
                        </td>
                      </tr>
                    ))}
                </tbody>
              </table>
            </Wide>
            <div className="jp-Assay-bar">
              <button
                type="submit"
                className="jp-mod-styled jp-mod-accept"
                disabled={busy || Object.keys(changes).length === 0 || !isWhole}
              >
                {trans.__("Save names")}
              </button>
              {Object.keys(changes).length > 0 && (
                <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={() => setChanges({})}>
                  {trans.__("Leave them as they were")}
                </button>
              )}
            </div>
            <Failure error={failure} />
          </form>
        )}
      </State>
    </section>
  );
}
