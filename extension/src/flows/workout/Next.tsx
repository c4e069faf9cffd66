import React from "react";
import { isAway } from "../../api";
import { Empty, State } from "../../elements/states";
import { usePanel } from "../../panel";
import { AdviceList } from "./AdviceList";
import { ExercisePicker } from "./ExercisePicker";
import { Forecast } from "./Forecast";
import { History } from "./History";
import { heldForecast } from "./held-forecast";
import { lifterIn } from "./lifter";
import { PlateauFacts } from "./PlateauFacts";
import { useExercises, useForecast, useHistory } from "./use-workouts";
import { WaterfallTable } from "./WaterfallTable";
import type { LogExercises } from "./workout-routes";

interface NextProps {
  /** Empty: the one that the log has most often. */
  exercise: string;
  onChoose(exercise: string): void;
  onStart(): void;
}

/** The next session of an exercise: its history, the forecast with its source, what moves it, plateau and advice. */
export function Next({ exercise, onChoose, onStart }: NextProps): React.JSX.Element {
  const { trans } = usePanel();
  const exercises = useExercises();
  return (
    <State of={exercises} rows={6}>
      {(log) => {
        const chosen = exercise || log.items[0]?.exercise_name;
        return (
          <>
            {log.items.length === 0 && (
              <Empty title={trans.__("No training log yet.")} action={{ label: trans.__("Add a log"), run: onStart }}>
                <p>{trans.__("An export of Strong, Hevy or FitNotes, or the example.")}</p>
              </Empty>
            )}
            <ExercisePicker items={log.items} exercise={chosen ?? ""} onChoose={onChoose} />
            {chosen !== undefined && <OfExercise key={chosen} exercise={chosen} log={log} />}
          </>
        );
      }}
    </State>
  );
}

function OfExercise({ exercise, log }: { exercise: string; log: LogExercises }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const isKnown = log.items.some(({ exercise_name }) => exercise_name === exercise);
  const lifter = lifterIn(preferences.values.lifter, log.unit);
  const history = useHistory(isKnown ? exercise : null, lifter.unit);
  const forecast = useForecast(exercise, lifter);
  const isHeld = forecast.data === null && isAway(forecast.error) && !history.loading;
  const said = isHeld ? heldForecast(exercise, history.data, lifter) : forecast.data;
  return (
    <div className="jp-AssayWorkouts-next">
      <div>
        <section aria-label={trans.__("Forecast")}>
          <h2>{trans.__("Next session")}</h2>
          <State of={forecast} rows={3} />
          {said && <Forecast said={said} isHeld={isHeld} />}
        </section>
        {said?.last_weight != null && (
          <section aria-label={trans.__("What moves it")}>
            <h2>{trans.__("What moves it")}</h2>
            <WaterfallTable said={said} last={said.last_weight} />
          </section>
        )}
        {said && said.recommendations.length > 0 && (
          <section aria-label={trans.__("Advice")}>
            <h2>{trans.__("Advice")}</h2>
            <AdviceList advice={said.recommendations} />
          </section>
        )}
      </div>
      <div>
        <section aria-label={trans.__("History")}>
          <h2>{trans.__("History")}</h2>
          {!isKnown && <Empty title={trans.__("The log has no session of this exercise.")} />}
          <State of={history} rows={6}>
            {(data) => <History history={data} said={said} />}
          </State>
        </section>
        {history.data && history.data.items.length > 0 && (
          <section aria-label={trans.__("Plateau")}>
            <h2>{trans.__("Plateau")}</h2>
            <PlateauFacts plateau={history.data.plateau} />
          </section>
        )}
      </div>
    </div>
  );
}
