import type { ModelDrift } from "assay-lab/contract";
import React, { useMemo } from "react";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { distributionFigure, psiFigure } from "./figures";
import { testOf, Verdict } from "./Verdict";

/** How far the answers moved from those at the training, and the indices over time. */
export function PredictionDrift({ drift }: { drift: ModelDrift }): React.JSX.Element | null {
  const { trans } = usePanel();
  const { prediction } = drift;
  const figures = useMemo(
    () => ({
      shares: prediction && distributionFigure(prediction, { reference: trans.__("reference"), current: trans.__("now") }),
      psi: psiFigure(drift, { prediction: trans.__("predictions") }),
    }),
    [drift, prediction, trans],
  );
  if (!prediction || !figures.shares) return null;
  return (
    <section aria-label={trans.__("Drift of the predictions")}>
      <h2>{trans.__("Drift of the predictions")}</h2>
      <p>
        <Verdict drift={prediction} />{" "}
        <span className="jp-Assay-faint">
          PSI {prediction.psi?.toPrecision(3) ?? "–"} · {testOf(prediction)}
        </span>
      </p>
      <div className="jp-Assay-figures">
        <figure data-figure="predictions">
          <figcaption>{trans.__("Answers, in percent of the rows")}</figcaption>
          <Figure figure={figures.shares} label={trans.__("Distribution of the predictions, reference and now")} height={220} />
        </figure>
        <figure data-figure="psi">
          <figcaption>{trans.__("Index (PSI) over time; dotted: somewhat moved, moved")}</figcaption>
          <Figure figure={figures.psi} label={trans.__("Index of the predictions and columns over time")} height={220} />
        </figure>
      </div>
    </section>
  );
}
