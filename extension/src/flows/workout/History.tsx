import React, { useMemo } from "react";
import { formatDay } from "../../elements/format";
import { Wide } from "../../elements/Wide";
import { usePanel } from "../../panel";
import { Figure } from "../../plotly/Figure";
import type { Said } from "./held-forecast";
import { historyFigure } from "./history-figure";
import { NumericHeads } from "./NumericHeads";
import { formatLoad, formatReckoned } from "./weight";
import type { ExerciseHistory } from "./workout-routes";

/** Sessions in the table. */
const listedMost = 12;

/** The sessions of an exercise, drawn with the forecast at their end; the newest as a table. */
export function History({ history, said }: { history: ExerciseHistory; said: Said | null }): React.JSX.Element {
  const { trans } = usePanel();
  const figure = useMemo(() => {
    const words = {
      top: trans.__("top set"),
      strength: trans.__("one-repetition maximum (Epley)"),
      trend: trans.__("trend of it"),
      forecast: trans.__("forecast"),
      volume: trans.__("volume"),
      reps: trans.__("repetitions"),
      still: trans.__("stands still"),
    };
    return historyFigure(history, said, words);
  }, [history, said, trans]);
  const { exercise_name, items, unit } = history;
  const label = trans.__("Top sets, strength and volume of %1 by session, with the forecast", exercise_name);
  return (
    <>
      <Figure figure={figure} label={label} height={380} />
      <details className="jp-AssayWorkouts-sessions">
        <summary>{trans._n("The last session", "The last %1 sessions", Math.min(items.length, listedMost))}</summary>
        <Wide>
          <table className="jp-Assay-table">
            <thead>
              <tr>
                <th scope="col">{trans.__("Day")}</th>
                <th scope="col">{trans.__("Session")}</th>
                <NumericHeads
                  titles={[
                    trans.__("Sets"),
                    trans.__("Top set (%1)", unit),
                    trans.__("Repetitions"),
                    trans.__("e1RM (%1)", unit),
                    trans.__("Volume (%1)", unit),
                  ]}
                />
              </tr>
            </thead>
            <tbody>
              {items
                .slice(-listedMost)
                .reverse()
                .map(({ time, day, session, sets, top_weight, reps_at_top, e1rm, volume }) => (
                  <tr key={time} data-day={day}>
                    <td>{formatDay(day)}</td>
                    <td>{session}</td>
                    <td className="jp-mod-numeric">{sets}</td>
                    <td className="jp-mod-numeric">{formatLoad(top_weight)}</td>
                    <td className="jp-mod-numeric">{reps_at_top ?? "–"}</td>
                    <td className="jp-mod-numeric">{e1rm === null ? "–" : formatReckoned(e1rm)}</td>
                    <td className="jp-mod-numeric">{formatReckoned(volume)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </Wide>
      </details>
    </>
  );
}
