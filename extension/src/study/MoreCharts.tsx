import type { StudyInfo, TrialInfo } from "assay-lab/contract";
import React, { useId, useMemo, useState } from "react";
import { Select } from "../elements/Field";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { wordOf } from "../words";
import { hasContour, numbersFirst, pairFigure, paramsOf, shareFigure, timelineFigure } from "./trial-figures";

interface MoreChartsProps {
  study: StudyInfo;
  trials: readonly TrialInfo[];
}

/** Figures that are drawn when they are asked for: any two parameters, the share of good values, when trials ran. */
export function MoreCharts(props: MoreChartsProps): React.JSX.Element | null {
  const { trans } = usePanel();
  const [open, setOpen] = useState(false);
  if (!props.trials.some(({ state }) => state === "completed")) return null;
  return (
    <details className="jp-AssayStudy-more" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{trans.__("Two parameters, distribution, timeline")}</summary>
      {open && <Drawn {...props} />}
    </details>
  );
}

function Drawn({ study, trials }: MoreChartsProps): React.JSX.Element {
  const { trans } = usePanel();
  const [xId, yId] = [useId(), useId()];
  const [names, setNames] = useState({ x: "", y: "" });
  const params = useMemo(() => numbersFirst(trials, paramsOf(trials)), [trials]);
  const x = params.includes(names.x) ? names.x : (params[0] ?? "");
  const y = params.includes(names.y) ? names.y : (params.find((name) => name !== x) ?? x);
  const metric = study.metric ?? trans.__("value");
  const minimized = study.directions[0] === "minimize";
  const [contour, setContour] = useState(true);
  const canHaveContour = useMemo(() => hasContour(trials, x, y), [trials, x, y]);
  const pair = useMemo(
    () => pairFigure(trials, { x, y, metric, minimized, withContour: contour && canHaveContour }),
    [trials, x, y, minimized, metric, contour, canHaveContour],
  );
  const share = useMemo(() => shareFigure(trials, { metric, share: trans.__("share of the trials") }), [trials, metric, trans]);
  const timeline = useMemo(() => {
    const words = Object.fromEntries(["completed", "pruned", "failed", "running"].map((state) => [state, wordOf(trans, state)]));
    return timelineFigure(trials, words, trans.__("trial"));
  }, [trials, trans]);
  const options = params.map((name) => ({ value: name, label: name }));
  return (
    <div className="jp-Assay-figures">
      <figure data-figure="pair">
        <figcaption className="jp-Assay-bar">
          <Select
            id={xId}
            name="pair_x"
            label={trans.__("Across")}
            value={x}
            {...{ options }}
            onChange={(name) => setNames({ x: name, y })}
          />
          <Select
            id={yId}
            name="pair_y"
            label={trans.__("Up")}
            value={y}
            {...{ options }}
            onChange={(name) => setNames({ x, y: name })}
          />
          <label
            className="jp-Assay-check"
            title={canHaveContour ? undefined : trans.__("Needs two parameters of numbers, and five trials that have both.")}
          >
            <input
              type="checkbox"
              name="pair_contour"
              checked={contour && canHaveContour}
              disabled={!canHaveContour}
              onChange={({ target }) => setContour(target.checked)}
            />
            {trans.__("Contours")}
          </label>
        </figcaption>
        <Figure figure={pair} label={trans.__("Trials by %1 and %2, coloured by %3", x, y, metric)} />
      </figure>
      <figure data-figure="share">
        <figcaption>{trans.__("Share of the trials whose value is at most so much")}</figcaption>
        <Figure figure={share} label={trans.__("Share of the trials whose value is at most so much")} />
      </figure>
      <figure data-figure="timeline" className="jp-mod-wide">
        <figcaption>{trans.__("When each trial ran")}</figcaption>
        <Figure figure={timeline} label={trans.__("When each trial ran")} height={Math.min(600, 140 + 8 * trials.length)} />
      </figure>
    </div>
  );
}
