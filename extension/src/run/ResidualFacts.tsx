import React from "react";
import { FactList } from "../elements/FactList";
import { formatMetric } from "../elements/format";
import { usePanel } from "../panel";
import type { Residuals } from "./evaluation";

/** Whether a regression says too much or too little, and whether its errors grow with what it says. */
export function ResidualFacts({ residuals }: { residuals: Residuals }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const { bias, sd, quantiles, spread } = residuals;
  const format = (value: Residuals["bias"] | undefined) => formatMetric(value, preferences.values.decimals);
  const verdicts: Record<string, string> = {
    steady: trans.__("The errors are of one size wherever the prediction lies."),
    growing: trans.__("The errors grow with the prediction."),
    shrinking: trans.__("The errors shrink where the prediction grows."),
  };
  const facts: readonly [string, string][] = [
    [trans.__("mean"), format(bias)],
    [trans.__("standard deviation"), format(sd)],
    ...Object.entries(quantiles).map(([name, value]): [string, string] => [
      trans.__("%1 % quantile", Number(name.slice(1))),
      format(value),
    ]),
  ];
  return (
    <section aria-label={trans.__("Residuals")} className="jp-AssayRun-residuals">
      <h2>{trans.__("Residuals")}</h2>
      <p className="jp-Assay-faint">{trans.__("Truth less prediction: above zero the model says too little.")}</p>
      <FactList className="jp-Assay-pairs" facts={facts} />
      {spread && <p>{trans.__("%1 (p = %2)", verdicts[spread.verdict] ?? spread.verdict, formatMetric(spread.pValue, 2))}</p>}
    </section>
  );
}
