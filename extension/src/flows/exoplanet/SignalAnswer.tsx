import React from "react";
import { formatMetric } from "../../elements/format";
import { usePanel } from "../../panel";
import type { LabelledSignal } from "./exoplanet-routes";

/** What the network says of a signal: its label with the share of each, period and depth, and who answered. */
export function SignalAnswer({ said }: { said: LabelledSignal }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const digits = preferences.values.decimals;
  const words: Record<LabelledSignal["source"], string> = {
    advanced: trans.__("the network"),
    basic: trans.__("a simpler model"),
    emergency: trans.__("a rule"),
  };
  const tones: Record<LabelledSignal["source"], string> = { advanced: "good", basic: "warning", emergency: "bad" };
  return (
    <div role="status" className="jp-AssayTry-answer">
      <p>
        <span className="jp-Assay-faint">{trans.__("label")}</span>
        <output>{said.label}</output>
      </p>
      <span className="jp-AssayTry-source">
        <span className="jp-Assay-badge" data-tone={tones[said.source]} data-source={said.source}>
          {words[said.source]}
        </span>
        <span className="jp-Assay-faint">{said.model}</span>
      </span>
      <dl className="jp-AssayTry-shares">
        {Object.entries(said.label_proba).map(([label, share]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <span aria-hidden="true" style={{ width: `${100 * share}%` }} />
            </dd>
            <dd>{(100 * share).toFixed(1)} %</dd>
          </div>
        ))}
      </dl>
      {said.period !== null && (
        <dl className="jp-Assay-pairs">
          <div>
            <dt>{trans.__("Period (days)")}</dt>
            <dd>{formatMetric(said.period, digits)}</dd>
          </div>
          <div>
            <dt>{trans.__("Depth (ppm)")}</dt>
            <dd>{formatMetric(said.depth, digits)}</dd>
          </div>
        </dl>
      )}
      {said.warnings.map((warning) => (
        <p key={warning} className="jp-Assay-warning">
          {warning}
        </p>
      ))}
    </div>
  );
}
