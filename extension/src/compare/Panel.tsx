import React, { useMemo, useState } from "react";
import { State } from "../elements/states";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import type { NamedFigure } from "../plotly/plotly-figure";
import { useKeptText } from "../use-kept";
import { axesOf, isMarked, type Marked } from "./axes";
import { Curves } from "./Curves";
import { Differences } from "./Differences";
import { Exports } from "./Exports";
import { foldBoxes, metricBars } from "./figures";
import { Relations } from "./Relations";
import { useComparison } from "./use-comparison";

/** Two or more runs side by side: what differs, bars of the metrics, how parameters and metrics go together, curves over each other. */
export function ComparePanel({ ids }: { ids: readonly string[] }): React.JSX.Element {
  const { trans } = usePanel();
  const [baseline, setBaseline] = useKeptText("baseline", ids[0]!);
  const [marked, setMarked] = useState<readonly Marked[]>([]);
  const comparison = useComparison(ids, baseline);
  const { data } = comparison;
  const bars = useMemo(() => (data ? metricBars(data) : []), [data]);
  const folds = useMemo(() => (data ? foldBoxes(data) : []), [data]);
  const shown = useMemo(() => {
    const axes = data ? axesOf(data) : [];
    const kept = data?.runs.filter((_, place) => isMarked(axes, marked, place)) ?? [];
    return new Set(kept.map(({ id }) => id));
  }, [data, marked]);

  if (!data) {
    return (
      <div className="jp-Assay-panel jp-mod-scroll jp-AssayCompare">
        <State of={comparison} rows={10} />
      </div>
    );
  }
  const rows = data.runs.length;
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayCompare" data-shown={shown.size}>
      <State of={comparison} />
      <Exports comparison={data} onBaseline={setBaseline} />
      <Differences comparison={data} shown={shown} marks={marked.map(({ name }) => name)} />
      <Small title={trans.__("Metrics")} figures={bars} height={56 + 30 * rows} label={(name) => trans.__("Bars of %1", name)}>
        {data.metrics.some(({ significance }) => significance.some((test) => test?.p !== null && test?.p !== undefined)) && (
          <p className="jp-Assay-faint">
            {trans.__(
              "Whiskers: standard deviation over folds. ★: differs from the baseline, p < 0.05 (corrected resampled t-test).",
            )}
          </p>
        )}
      </Small>
      <Relations comparison={data} shown={shown} onMark={setMarked} />
      <Small
        title={trans.__("Folds of the cross-validation")}
        figures={folds}
        height={56 + 34 * rows}
        label={(name) => trans.__("Folds of %1", name)}
      />
      <Curves comparison={data} shown={shown} />
    </div>
  );
}

interface SmallProps {
  title: string;
  figures: readonly NamedFigure[];
  height: number;
  label(name: string): string;
  children?: React.ReactNode;
}

/** Small figures of one kind beside each other. */
function Small({ title, figures, height, label, children }: SmallProps): React.JSX.Element | null {
  if (figures.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {children}
      <div className="jp-Assay-figures jp-mod-small">
        {figures.map(({ name, title: words, figure }) => (
          <figure key={name} data-bars={name}>
            <figcaption>{words}</figcaption>
            <Figure figure={figure} label={label(words)} height={height} />
          </figure>
        ))}
      </div>
    </section>
  );
}
