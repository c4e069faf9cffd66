import React from "react";
import { Tabs } from "../../elements/Tabs";
import { usePanel } from "../../panel";
import { useKeptText } from "../../use-kept";
import { Forecasts } from "./Forecasts";
import { LifterForm } from "./LifterForm";
import { Log } from "./Log";
import { Next } from "./Next";
import { Patterns } from "./Patterns";

/** The workout flow: the next session of an exercise, the log, its patterns, how good forecasts were, and who lifts. */
export function WorkoutsPanel(): React.JSX.Element {
  const { trans } = usePanel();
  const [chosen, setChosen] = useKeptText("tab", "next");
  const [exercise, setExercise] = useKeptText("exercise", "");
  const open = (name: string) => {
    setExercise(name);
    setChosen("next");
  };
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayWorkouts">
      <Tabs
        label={trans.__("Workouts")}
        chosen={chosen}
        onChoose={setChosen}
        tabs={[
          {
            name: "next",
            label: trans.__("Next session"),
            draw: () => <Next exercise={exercise} onChoose={setExercise} onStart={() => setChosen("log")} />,
          },
          { name: "log", label: trans.__("Log"), draw: () => <Log onTraining={() => setChosen("forecasts")} /> },
          {
            name: "patterns",
            label: trans.__("Patterns"),
            draw: () => <Patterns onOpen={open} onStart={() => setChosen("log")} />,
          },
          { name: "forecasts", label: trans.__("Forecasts"), draw: () => <Forecasts onOpen={open} /> },
          { name: "lifter", label: trans.__("You"), draw: () => <LifterForm /> },
        ]}
      />
    </div>
  );
}
