import React from "react";
import { AbTests } from "../ab/AbTests";
import { State } from "../elements/states";
import { Tabs } from "../elements/Tabs";
import { Monitoring } from "../monitoring/Monitoring";
import { usePanel } from "../panel";
import { FilePrediction } from "../predict/FilePrediction";
import { TryPrediction } from "../predict/TryPrediction";
import { useKeptText } from "../use-kept";
import { Aliases } from "./Aliases";
import { Head } from "./Head";
import { History } from "./History";
import { Settings } from "./Settings";
import { useModel } from "./use-model";
import { Versions } from "./Versions";

/** One model: its versions and aliases, predictions, A/B tests, monitoring, history and settings. */
export function ModelPanel({ name }: { name: string }): React.JSX.Element {
  const { trans } = usePanel();
  const model = useModel(name);
  const { data, reload } = model;
  const [tab, setTab] = useKeptText("tab", "versions");
  const [tried, setTried] = useKeptText("version", "");
  if (!data) {
    return (
      <div className="jp-Assay-panel jp-mod-scroll">
        <State of={model} rows={12} />
      </div>
    );
  }
  const tryVersion = (version: string) => {
    setTried(version);
    setTab("try");
  };
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayModel" data-model={name}>
      <Head model={data} onTab={setTab} />
      <State of={model} />
      <Tabs
        label={trans.__("Model %1", name)}
        chosen={tab}
        onChoose={setTab}
        tabs={[
          {
            name: "versions",
            label: trans.__("Versions"),
            draw: () => (
              <>
                <Versions model={data} onTry={tryVersion} onChanged={reload} />
                <Aliases model={data} onChanged={reload} />
              </>
            ),
          },
          {
            name: "try",
            label: trans.__("Try"),
            draw: () => <TryPrediction model={data} tried={tried || null} onTry={setTried} />,
          },
          { name: "files", label: trans.__("Files"), draw: () => <FilePrediction model={data} /> },
          { name: "ab", label: trans.__("A/B tests"), draw: () => <AbTests model={name} /> },
          { name: "monitoring", label: trans.__("Monitoring"), draw: () => <Monitoring model={data} /> },
          { name: "history", label: trans.__("History"), draw: () => <History name={name} /> },
          { name: "settings", label: trans.__("Settings"), draw: () => <Settings model={data} onChanged={reload} /> },
        ]}
      />
    </div>
  );
}
