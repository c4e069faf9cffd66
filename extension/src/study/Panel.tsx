import type { TrialInfo } from "assay-lab/contract";
import React, { useId, useMemo, useState } from "react";
import { Select } from "../elements/Field";
import { Empty, State } from "../elements/states";
import { usePanel } from "../panel";
import { type Dimension, isBrushed } from "./brush";
import { Charts } from "./Charts";
import { Head } from "./Head";
import { MoreCharts } from "./MoreCharts";
import { TrialsTable } from "./TrialsTable";
import { trialsMost, useStudy } from "./use-study";

/** One study: how it stands, its figures, its trials; live while trials run. */
export function StudyPanel({ id }: { id: string }): React.JSX.Element {
  const { study, trials, figures, job } = useStudy(id);
  const [marked, setMarked] = useState<readonly Dimension[]>([]);
  if (!study.data) {
    return (
      <div className="jp-Assay-panel jp-mod-scroll">
        <State of={study} rows={12} />
      </div>
    );
  }
  const { best_trial, metric, study_status } = study.data;
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayStudy" data-status={study_status} data-job={study.data.job_status}>
      <Head
        study={study.data}
        job={job.data}
        best={trials.data?.find(({ number }) => number === best_trial)}
        onChanged={study.reload}
      />
      <State of={study} />
      <Charts study={study.data} trials={trials.data} figures={figures} onBrush={setMarked} />
      {trials.data && <MoreCharts study={study.data} trials={trials.data} />}
      <State of={trials} rows={6}>
        {(all) => <Trials trials={all} marked={marked} metric={metric ?? "value"} best={best_trial} />}
      </State>
    </div>
  );
}

interface TrialsProps {
  trials: readonly TrialInfo[];
  marked: readonly Dimension[];
  metric: string;
  best: number | null;
}

/** The table of trials, of one state where one is chosen, and only those that are marked in the figure. */
function Trials({ trials, marked, metric, best }: TrialsProps): React.JSX.Element {
  const { trans } = usePanel();
  const id = useId();
  const [state, setState] = useState("");
  const shown = useMemo(
    () => trials.filter((trial) => (state === "" || trial.state === state) && isBrushed(trial, marked)),
    [trials, state, marked],
  );
  const labels: Record<string, string> = {
    completed: trans.__("completed"),
    pruned: trans.__("pruned"),
    failed: trans.__("failed"),
    running: trans.__("running"),
    waiting: trans.__("waiting"),
  };
  return (
    <section aria-label={trans.__("Trials")}>
      <div className="jp-Assay-bar">
        <h2>{trans.__("Trials")}</h2>
        <span className="jp-Assay-spring" />
        <span role="status" className="jp-Assay-faint" data-shown={shown.length}>
          {trans.__("%1 of %2 shown", shown.length, trials.length)}
          {marked.length > 0 && ` · ${trans.__("marked by %1", marked.map(({ label }) => label).join(", "))}`}
          {trials.length >= trialsMost && ` · ${trans.__("the first %1", trialsMost)}`}
        </span>
        <Select
          id={id}
          name="trial_state"
          label={trans.__("State of trials")}
          value={state}
          none={trans.__("every state")}
          options={Object.entries(labels).map(([value, label]) => ({ value, label }))}
          onChange={setState}
        />
      </div>
      {shown.length === 0 ? (
        <Empty title={trials.length === 0 ? trans.__("No trials yet.") : trans.__("No trial fits.")} />
      ) : (
        <TrialsTable trials={shown} metric={metric} best={best} />
      )}
    </section>
  );
}
