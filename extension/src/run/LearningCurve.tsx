import type { LearningCurveRequest, RunInfo } from "assay-lab/contract";
import React, { useMemo, useState } from "react";
import { State } from "../elements/states";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { untitledFigure } from "../plotly/plotly-figure";
import { routes } from "../routes";

/** Whether more rows would help: the scores of the run's algorithm as its training rows grow; computed when it is asked for. */
export function LearningCurve({ run }: { run: RunInfo }): React.JSX.Element {
  const { api, trans } = usePanel();
  const [isAsked, setAsked] = useState(false);
  const curve = useLoaded(isAsked ? run.id : null, () => routes.learningCurve(api, curveRequest(run)));
  const figure = useMemo(() => curve.data && untitledFigure(curve.data.figure), [curve.data]);
  return (
    <section aria-label={trans.__("Learning curve")} className="jp-AssayRun-learning">
      <h2>{trans.__("Learning curve")}</h2>
      {!isAsked && (
        <div className="jp-Assay-bar">
          <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={() => setAsked(true)}>
            {trans.__("Train on ever more rows")}
          </button>
          <span className="jp-Assay-faint">
            {trans.__("Fifteen fits on three folds: where the line of the test rows still rises, more rows would help.")}
          </span>
        </div>
      )}
      <State of={curve} />
      {figure && (
        <div className="jp-Assay-figures">
          <figure data-figure="learning_curve">
            <figcaption>{trans.__("%1 by training rows, mean and deviation of three folds", curve.data!.metric)}</figcaption>
            <Figure figure={figure} label={trans.__("Learning curve")} />
          </figure>
        </div>
      )}
    </section>
  );
}

/** What of a training says how its scores come about, without its own split. */
const taken = [
  "dataset_id",
  "target_column",
  "feature_columns",
  "task_type",
  "algorithm",
  "hyperparameters",
  "preprocessing",
  "group_column",
  "time_column",
  "random_seed",
] as const;

/** The curve of a training that a job was asked for. */
export function curveRequest({ request }: Pick<RunInfo, "request">): LearningCurveRequest {
  const asked = request as Record<string, unknown>;
  const kept = taken.flatMap((name) => (asked[name] === undefined || asked[name] === null ? [] : [[name, asked[name]]]));
  return { ...Object.fromEntries(kept), cv: 3 } as LearningCurveRequest;
}
