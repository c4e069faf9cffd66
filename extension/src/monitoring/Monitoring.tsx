import React, { useId, useState } from "react";
import { Select } from "../elements/Field";
import { State } from "../elements/states";
import type { ModelState } from "../model/use-model";
import { usePanel } from "../panel";
import { wordOf } from "../words";
import { Alerts } from "./Alerts";
import { InputDrift } from "./InputDrift";
import { Outcomes } from "./Outcomes";
import { Performance } from "./Performance";
import { PredictionDrift } from "./PredictionDrift";
import { Reference } from "./Reference";
import { Rules } from "./Rules";
import { Traffic } from "./Traffic";
import { useDrift, usePerformance, type WindowName } from "./use-monitoring";

/** How a model does: alerts, traffic, how good its answers are, how far its inputs and answers moved, and the rules that watch it. */
export function Monitoring({ model }: { model: ModelState }): React.JSX.Element {
  const { trans } = usePanel();
  const id = useId();
  const [version, setVersion] = useState((model.production ?? model.versions[0]!).version);
  const [window, setWindow] = useState<WindowName>("week");
  const ref = `${model.name}@${version}`;
  const drift = useDrift(ref, window);
  const performance = usePerformance(ref, window);
  const labels: Record<WindowName, string> = {
    day: trans.__("last 24 hours"),
    week: trans.__("last 7 days"),
    month: trans.__("last 30 days"),
    quarter: trans.__("last 13 weeks"),
  };
  return (
    <div className="jp-AssayMonitoring">
      <Alerts model={model.name} />
      <div className="jp-Assay-bar">
        <Select
          id={`${id}-version`}
          name="watched_version"
          label={trans.__("Version")}
          value={version}
          options={model.versions.map((each) => ({
            value: each.version,
            label: `${each.version} (${wordOf(trans, each.version_status)})`,
          }))}
          onChange={setVersion}
        />
        <Select
          id={`${id}-window`}
          name="window"
          label={trans.__("Time")}
          value={window}
          options={Object.entries(labels).map(([value, label]) => ({ value, label }))}
          onChange={(next) => setWindow(next as WindowName)}
        />
      </div>
      <State of={drift} rows={8}>
        {(data) => <Traffic drift={data} />}
      </State>
      <State of={performance}>{(data) => <Performance performance={data} />}</State>
      <Outcomes onSent={performance.reload} />
      {drift.data && (
        <>
          <PredictionDrift drift={drift.data} />
          <InputDrift drift={drift.data} />
          <Reference drift={drift.data} version={ref} onSet={drift.reload} />
        </>
      )}
      <Rules model={model} />
    </div>
  );
}
