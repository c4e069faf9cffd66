import React from "react";
import { Tabs } from "../../elements/Tabs";
import { usePanel } from "../../panel";
import { useKeptText } from "../../use-kept";
import { Predict } from "./Predict";
import { Sessions } from "./Sessions";
import { Start } from "./Start";

/** The exoplanet flow: sessions, a table to start one on, and what the trained network says of a signal. */
export function ExoplanetsPanel(): React.JSX.Element {
  const { trans } = usePanel();
  const [chosen, setChosen] = useKeptText("tab", "sessions");
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayExoplanets">
      <Tabs
        label={trans.__("Exoplanets")}
        chosen={chosen}
        onChoose={setChosen}
        tabs={[
          { name: "sessions", label: trans.__("Sessions"), draw: () => <Sessions onStart={() => setChosen("start")} /> },
          { name: "start", label: trans.__("Train"), draw: () => <Start onStarted={() => setChosen("sessions")} /> },
          { name: "predict", label: trans.__("Predict"), draw: () => <Predict /> },
        ]}
      />
    </div>
  );
}
