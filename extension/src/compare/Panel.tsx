import React, { useMemo, useState } from "react";
import { Failure, Loading } from "../elements/states";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { Differences } from "./Differences";
import { Exports } from "./Exports";
import { foldBoxes, metricBars, metricCurves, shortName } from "./figures";
import { useComparison } from "./use-comparison";

/** Two or more runs side by side: what differs, bars of the metrics, curves over each other. */
export function ComparePanel({ ids }: { ids: readonly string[] }): React.JSX.Element {
  const { trans } = usePanel();
  const [baseline, setBaseline] = useState(ids[0]!);
  const { data, error, reload } = useComparison(ids, baseline);
  const bars = useMemo(() => (data ? metricBars(data) : []), [data]);
  const folds = useMemo(() => (data ? foldBoxes(data) : []), [data]);
  const curves = useMemo(() => {
    const names = new Map(data?.runs.map((run, i) => [run.id, shortName(run.name, i)]));
    return data ? metricCurves(data.series, (id) => names.get(id) ?? id) : [];
  }, [data]);

  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayCompare">
      {error !== null && <Failure error={error} onRetry={reload} />}
      {data === null && error === null && <Loading rows={10} />}
      {data && (
        <>
          <Exports comparison={data} onBaseline={setBaseline} />
          <Differences comparison={data} />
          {bars.length > 0 && (
            <section aria-label={trans.__("Metrics")}>
              <h2>{trans.__("Metrics")}</h2>
              <div className="jp-Assay-figures jp-mod-small">
                {bars.map(({ name, title, figure }) => (
                  <figure key={name}>
                    <figcaption>{title}</figcaption>
                    <Figure figure={figure} label={trans.__("Bars of %1", title)} height={56 + 30 * data.runs.length} />
                  </figure>
                ))}
              </div>
            </section>
          )}
          {folds.length > 0 && (
            <section aria-label={trans.__("Folds")}>
              <h2>{trans.__("Folds of the cross-validation")}</h2>
              <div className="jp-Assay-figures jp-mod-small">
                {folds.map(({ name, title, figure }) => (
                  <figure key={name}>
                    <figcaption>{title}</figcaption>
                    <Figure figure={figure} label={trans.__("Folds of %1", title)} height={56 + 34 * data.runs.length} />
                  </figure>
                ))}
              </div>
            </section>
          )}
          {curves.length > 0 && (
            <section aria-label={trans.__("Curves")}>
              <h2>{trans.__("Curves by step")}</h2>
              <div className="jp-Assay-figures">
                {curves.map(({ name, title, figure }) => (
                  <figure key={name}>
                    <figcaption>{title}</figcaption>
                    <Figure figure={figure} label={trans.__("Curves of %1", title)} />
                  </figure>
                ))}
              </div>
            </section>
          )}
        </>
      )}
    </div>
  );
}
