import type { TranslationBundle } from "@jupyterlab/translation";
import type { WorkoutBacktest } from "assay-lab/contract";
import React, { useState } from "react";
import { Wide } from "../../elements/Wide";
import { usePanel } from "../../panel";
import { comparedIn } from "./compared";
import { ExerciseBacktest } from "./ExerciseBacktest";
import { ModelLink } from "./ModelLink";
import { NumericHeads } from "./NumericHeads";
import { forecastWord } from "./names";
import { formatGain, formatShare } from "./weight";

interface BacktestProps {
  backtest: WorkoutBacktest;
  model: string | null;
  onOpen(exercise: string): void;
}

/** What forecasts of the log's own past were worth beside the simplest ones, in words and as a table, overall and by exercise. */
export function Backtest({ backtest, model, onOpen }: BacktestProps): React.JSX.Element {
  const { trans } = usePanel();
  const { unit, points, exercises, verdict, coverage, width, by_exercise, error, exercise_error } = backtest;
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = by_exercise.find(({ exercise_name }) => exercise_name === chosen) ?? by_exercise[0];
  return (
    <>
      <section aria-label={trans.__("Looking back")} className="jp-AssayWorkouts-backtest">
        <h2>{trans.__("Looking back")}</h2>
        <p className="jp-AssayWorkouts-verdict" data-verdict={verdict}>
          {verdictSentence(trans, backtest)}
        </p>
        <p className="jp-Assay-faint">
          {trans.__(
            "%1 sessions of %2 exercises, the last 30 % of each, every one forecast from what lay before it. Errors are means of |forecast − lifted| in %3.",
            points,
            exercises,
            unit,
          )}
        </p>
        <Errors backtest={backtest} />
        <ul className="jp-AssayWorkouts-facts">
          <li>{trans.__("error as a mean over exercises: %1", `${exercise_error.toFixed(2)} ${unit}`)}</li>
          <li>{trans.__("over sessions: %1", `${error.toFixed(2)} ${unit}`)}</li>
          {coverage.points > 0 && (
            <li>
              {trans.__(
                "%1 of %2 sessions lay within their interval (95 %: %3 to %4), promised are %5",
                formatShare(coverage.value),
                coverage.points,
                coverage.low === null ? "–" : formatShare(coverage.low),
                coverage.high === null ? "–" : formatShare(coverage.high),
                formatShare(coverage.nominal),
              )}
            </li>
          )}
          {width !== null && <li>{trans.__("intervals are %1 wide on average", `${width.toFixed(2)} ${unit}`)}</li>}
          {model !== null && (
            <li>
              <ModelLink model={model} />
            </li>
          )}
        </ul>
      </section>
      {by_exercise.length > 0 && (
        <section aria-label={trans.__("By exercise")}>
          <h2>{trans.__("By exercise")}</h2>
          <ByExercise backtest={backtest} chosen={shown?.exercise_name} onChoose={setChosen} />
          {shown && <ExerciseBacktest backtest={backtest} exercise={shown.exercise_name} onOpen={onOpen} />}
        </section>
      )}
    </>
  );
}

/** The verdict in words, also where it is against the ensemble. */
function verdictSentence(trans: TranslationBundle, { verdict, gain, unit, points }: WorkoutBacktest): string {
  const by = `${Math.abs(gain.value).toFixed(2)} ${unit}`;
  const between =
    gain.low === null || gain.high === null ? "–" : trans.__("%1 to %2", formatGain(gain.low), formatGain(gain.high));
  return {
    better: trans.__("The ensemble is better than “the same as last time”: it errs by %1 less (95 %: %2).", by, between),
    not_better: trans.__(
      "The ensemble is not better than “the same as last time”: the difference, %1, may be chance (95 %: %2).",
      formatGain(gain.value),
      between,
    ),
    worse: trans.__("The ensemble is worse than “the same as last time”: it errs by %1 more (95 %: %2).", by, between),
    too_few: trans.__("%1 sessions are too few to tell whether the ensemble is better than “the same as last time”.", points),
  }[verdict];
}

function Errors({ backtest }: Pick<BacktestProps, "backtest">): React.JSX.Element {
  const { trans } = usePanel();
  const rows = comparedIn(backtest);
  const parts = {
    ensemble: trans.__("the blend of all"),
    member: trans.__("member"),
    baseline: trans.__("simple forecast"),
  };
  return (
    <Wide>
      <table className="jp-Assay-table jp-AssayWorkouts-errors">
        <thead>
          <tr>
            <th scope="col">{trans.__("Forecast")}</th>
            <NumericHeads
              titles={[
                trans.__("Error (%1)", backtest.unit),
                trans.__("Less than “the same as last time”"),
                trans.__("Share in the blend"),
              ]}
            />
            <th scope="col">{trans.__("What it is")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, part, error, gain, share }) => (
            <tr key={name} data-forecast={name} data-part={part}>
              <td>{name === "ensemble" ? trans.__("the ensemble") : forecastWord(trans, name)}</td>
              <td className="jp-mod-numeric">{error.toFixed(2)}</td>
              <td className="jp-mod-numeric">{name === "last" ? "–" : formatGain(gain)}</td>
              <td className="jp-mod-numeric">{share === null ? "–" : formatShare(share)}</td>
              <td className="jp-Assay-faint">
                {parts[part]}
                {name === backtest.best_baseline && ` · ${trans.__("the best of them")}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

interface ByExerciseProps extends Pick<BacktestProps, "backtest"> {
  chosen: string | undefined;
  onChoose(exercise: string): void;
}

function ByExercise({ backtest: { by_exercise, unit }, chosen, onChoose }: ByExerciseProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <Wide>
      <table className="jp-Assay-table">
        <thead>
          <tr>
            <th scope="col">{trans.__("Exercise")}</th>
            <NumericHeads
              titles={[
                trans.__("Sessions"),
                trans.__("Error (%1)", unit),
                trans.__("The same as last time"),
                trans.__("Gain (95 %)"),
              ]}
            />
          </tr>
        </thead>
        <tbody>
          {by_exercise.map(({ exercise_name, points, error, last_error, gain }) => (
            <tr key={exercise_name} data-exercise={exercise_name}>
              <td>
                <button
                  type="button"
                  className="jp-Assay-link"
                  aria-pressed={exercise_name === chosen}
                  onClick={() => onChoose(exercise_name)}
                >
                  {exercise_name}
                </button>
              </td>
              <td className="jp-mod-numeric">{points}</td>
              <td className="jp-mod-numeric">{error.toFixed(2)}</td>
              <td className="jp-mod-numeric">{last_error.toFixed(2)}</td>
              <td className="jp-mod-numeric">
                {formatGain(gain.value)}
                {gain.low !== null && gain.high !== null && ` (${formatGain(gain.low)} … ${formatGain(gain.high)})`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
