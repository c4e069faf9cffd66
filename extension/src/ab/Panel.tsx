import type { AbResult } from "assay-lab/contract";
import React from "react";
import { State } from "../elements/states";
import type { Loaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { EffectsTable } from "./EffectsTable";
import { Exposures } from "./Exposures";
import { effectFigure } from "./effects";
import { Head } from "./Head";
import { Segments } from "./Segments";
import { Shadow } from "./Shadow";
import { useAbResult } from "./use-ab-tests";

/** One A/B test: who got what, which does better and how sure that is; live while it runs. */
export function AbTestPanel({ id }: { id: string }): React.JSX.Element {
  const result = useAbResult(id);
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayAbTest" data-status={result.data?.test.test_status}>
      <AbTestResult result={result} onChanged={result.reload} />
    </div>
  );
}

interface AbTestResultProps {
  result: Loaded<AbResult>;
  /** Called when it was started, stopped or deleted here. */
  onChanged(): void;
}

/** What a test has shown so far, and what may be done with it. */
export function AbTestResult({ result, onChanged }: AbTestResultProps): React.JSX.Element {
  const { data } = result;
  if (!data) return <State of={result} rows={10} />;
  const { test, warnings } = data;
  return (
    <>
      <Head test={test} onChanged={onChanged} />
      <State of={result} />
      {warnings.map((warning) => (
        <p key={warning} className="jp-Assay-notice" data-tone="warning">
          {warning}
        </p>
      ))}
      {test.shadow && data.shadow ? (
        <Shadow test={test} shadow={data.shadow} />
      ) : (
        <>
          <Exposures result={data} />
          <EffectsTable test={test} effects={data.effects} />
          <Curves result={data} />
          {data.segments.length > 0 && <Segments result={data} />}
        </>
      )}
    </>
  );
}

function Curves({ result }: { result: AbResult }): React.JSX.Element {
  const { trans } = usePanel();
  const drawn = result.over_time.filter(({ points }) => points.some(({ difference }) => difference !== null));
  return (
    <section aria-label={trans.__("Difference over time")}>
      <h2>{trans.__("Difference over time, B minus A")}</h2>
      {drawn.length === 0 && (
        <p className="jp-Assay-faint">{trans.__("Nothing is known yet: it is drawn once outcomes are reported.")}</p>
      )}
      <div className="jp-Assay-figures">
        {drawn.map((curve) => (
          <figure key={curve.metric} data-figure={curve.metric}>
            <figcaption>{trans.__("%1, with the always-valid interval", curve.metric)}</figcaption>
            <Figure
              figure={effectFigure(curve, trans.__("difference"))}
              label={trans.__("%1 over time, B minus A, with its interval", curve.metric)}
              height={240}
            />
          </figure>
        ))}
      </div>
    </section>
  );
}
