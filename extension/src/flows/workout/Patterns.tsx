import React, { useMemo } from "react";
import { FactList } from "../../elements/FactList";
import { formatCount, formatDay, namesOf } from "../../elements/format";
import { Empty, State } from "../../elements/states";
import { Wide } from "../../elements/Wide";
import { usePanel } from "../../panel";
import { Figure } from "../../plotly/Figure";
import { NumericHeads } from "./NumericHeads";
import { plateauWord } from "./names";
import { countsFigure } from "./pattern-figures";
import { useAnalytics } from "./use-workouts";
import { formatShare, formatWeight } from "./weight";
import type { LogAnalytics } from "./workout-routes";

interface PatternsProps {
  onOpen(exercise: string): void;
  onStart(): void;
}

/** When somebody trains, how regularly, and how each exercise goes. */
export function Patterns({ onOpen, onStart }: PatternsProps): React.JSX.Element {
  const { trans } = usePanel();
  const analytics = useAnalytics();
  const none = <Empty title={trans.__("No training log yet.")} action={{ label: trans.__("Add a log"), run: onStart }} />;
  return (
    <State of={analytics} rows={6} empty={({ patterns }) => patterns.sessions === 0 && none}>
      {({ patterns, exercises }) => (
        <>
          <Habit patterns={patterns} />
          <Exercises exercises={exercises} onOpen={onOpen} />
        </>
      )}
    </State>
  );
}

function Habit({ patterns }: Pick<LogAnalytics, "patterns">): React.JSX.Element {
  const { trans } = usePanel();
  const { sessions, from, to, per_week, per_week_lately, consistency, streak_weeks, weekdays, months } = patterns;
  const weekdayFigure = useMemo(() => countsFigure(turned(namesOf("weekday")), turned(weekdays)), [weekdays]);
  const monthFigure = useMemo(() => countsFigure(namesOf("month"), months), [months]);
  const facts = [
    [trans.__("sessions"), formatCount(sessions)],
    [trans.__("from … to"), [from, to].map((day) => (day === null ? "–" : formatDay(day))).join(" … ")],
    [trans.__("sessions a week"), per_week.toFixed(1)],
    [trans.__("in the last four weeks"), per_week_lately.toFixed(1)],
    [trans.__("weeks with a session"), formatShare(consistency)],
    [trans.__("weeks in a row"), String(streak_weeks)],
    [trans.__("weekly rhythm, 0 to 1 (STL)"), patterns.weekly_rhythm?.toFixed(2) ?? trans.__("needs four weeks")],
    [trans.__("yearly rhythm, 0 to 1 (STL)"), patterns.yearly_rhythm?.toFixed(2) ?? trans.__("needs two years")],
  ] as const;
  return (
    <section aria-label={trans.__("Habit")}>
      <h2>{trans.__("Habit")}</h2>
      <FactList className="jp-AssayWorkouts-numbers" facts={facts} />
      <div className="jp-AssayWorkouts-pair">
        <figure>
          <figcaption>{trans.__("Sessions by day of the week")}</figcaption>
          <Figure figure={weekdayFigure} label={trans.__("Sessions by day of the week")} height={180} />
        </figure>
        <figure>
          <figcaption>{trans.__("Sessions by month of the year")}</figcaption>
          <Figure figure={monthFigure} label={trans.__("Sessions by month of the year")} height={180} />
        </figure>
      </div>
    </section>
  );
}

/** A week that begins on Monday. */
function turned<T>([sunday, ...rest]: readonly T[]): T[] {
  return [...rest, ...(sunday === undefined ? [] : [sunday])];
}

function Exercises({ exercises, onOpen }: Pick<LogAnalytics, "exercises"> & Pick<PatternsProps, "onOpen">): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <section aria-label={trans.__("Exercises")}>
      <h2>{trans.__("Exercises")}</h2>
      <Wide>
        <table className="jp-Assay-table">
          <thead>
            <tr>
              <th scope="col">{trans.__("Exercise")}</th>
              <NumericHeads titles={[trans.__("Sessions"), trans.__("Last"), trans.__("Best")]} />
              <th scope="col">{trans.__("Strength")}</th>
              <th scope="col" className="jp-mod-numeric">
                {trans.__("A week")}
              </th>
            </tr>
          </thead>
          <tbody>
            {exercises.map(({ exercise_name, sessions, last_weight, best_weight, unit, plateau }) => (
              <tr key={exercise_name} data-exercise={exercise_name}>
                <td>
                  <button type="button" className="jp-Assay-link" onClick={() => onOpen(exercise_name)}>
                    {exercise_name}
                  </button>
                </td>
                <td className="jp-mod-numeric">{sessions}</td>
                <td className="jp-mod-numeric">{formatWeight(last_weight, unit)}</td>
                <td className="jp-mod-numeric">{formatWeight(best_weight, unit)}</td>
                <td data-plateau={plateau.status}>
                  {plateau.status === "plateau" && plateau.since !== null
                    ? trans.__("stands still since %1", formatDay(plateau.since))
                    : plateauWord(trans, plateau.status)}
                </td>
                <td className="jp-mod-numeric">{plateau.slope === null ? "–" : formatShare(plateau.slope, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}
