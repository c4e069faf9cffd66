import type { StudyInfo, TrialInfo } from "assay-lab/contract";
import React, { useId, useMemo, useState } from "react";
import { Select } from "../elements/Field";
import { Logarithmic } from "../elements/Logarithmic";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { canBeLogarithmic, type HistoryOptions, historyFigure } from "./history-figure";

interface HistoryProps {
  study: StudyInfo;
  trials: readonly TrialInfo[];
  height: number;
  /** The figures that it stands among: it is drawn anew with them, not with each trial. */
  asOf: unknown;
}

/** The values of the trials and the best until then, by number or by the clock, plain or by the logarithm. */
export function History({ study, trials, height, asOf }: HistoryProps): React.JSX.Element {
  const { trans } = usePanel();
  const id = useId();
  const [options, setOptions] = useState<HistoryOptions>({ axis: "number", logarithmic: false });
  const minimized = study.directions[0] === "minimize";
  const metric = study.metric ?? trans.__("value");
  const canBeLog = useMemo(() => canBeLogarithmic(trials), [asOf]);
  const figure = useMemo(() => {
    const words = { metric, trial: trans.__("trial"), value: trans.__("value"), best: trans.__("Best so far") };
    return historyFigure(trials, minimized, options, words);
  }, [asOf, minimized, options, metric, trans]);
  const change = (changes: Partial<HistoryOptions>) => setOptions((old) => ({ ...old, ...changes }));
  return (
    <figure data-figure="history">
      <figcaption className="jp-Assay-bar">
        {trans.__("Best so far")}
        <span className="jp-Assay-spring" />
        <Select
          id={id}
          name="history_axis"
          label={trans.__("Axis of the history")}
          value={options.axis}
          options={[
            { value: "number", label: trans.__("by trial") },
            { value: "time", label: trans.__("by the clock") },
          ]}
          onChange={(axis) => change({ axis: axis as HistoryOptions["axis"] })}
        />
        <Logarithmic
          name="history_logarithmic"
          checked={options.logarithmic}
          canBe={canBeLog}
          onChange={(logarithmic) => change({ logarithmic })}
        />
      </figcaption>
      <Figure figure={figure} label={trans.__("Best so far")} height={height} />
    </figure>
  );
}
