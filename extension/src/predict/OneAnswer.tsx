import type { Prediction } from "assay-lab/contract";
import React from "react";
import { formatMetric, formatValue } from "../elements/format";
import { usePanel } from "../panel";
import { Oddities, Source } from "./Source";

/** The prediction of one row: its value, its source, the probability of each class as a bar. */
export function OneAnswer({ answer, target }: { answer: Prediction; target: string | null }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const digits = preferences.values.decimals;
  const outputs = answer.outputs?.[0];
  const [label] = answer.prediction;
  const shares = answer.prediction_proba?.[0] ?? null;
  return (
    <div className="jp-AssayTry-answer" role="status">
      <p>
        <span className="jp-Assay-faint">{target ?? trans.__("prediction")}</span>
        <output>{typeof label === "number" ? formatMetric(label, digits) : String(label)}</output>
      </p>
      <Source answer={answer} confidence={shares && Math.max(...shares)} />
      {shares && answer.classes && (
        <dl className="jp-AssayTry-shares">
          {answer.classes.map((name, k) => (
            <div key={String(name)}>
              <dt>{String(name)}</dt>
              <dd>
                <span aria-hidden="true" style={{ width: `${100 * (shares[k] ?? 0)}%` }} />
              </dd>
              <dd>{(100 * (shares[k] ?? 0)).toFixed(1)} %</dd>
            </div>
          ))}
        </dl>
      )}
      {outputs && (
        <dl className="jp-Assay-pairs">
          {Object.entries(outputs).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{formatValue(value, digits)}</dd>
            </div>
          ))}
        </dl>
      )}
      <Oddities answer={answer} />
    </div>
  );
}
