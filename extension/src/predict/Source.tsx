import type { Prediction } from "assay-lab/contract";
import React from "react";
import { usePanel } from "../panel";

/** Who answered, and how sure: the model, a simpler one, or a rule. */
export function Source({ answer, confidence }: { answer: Prediction; confidence: number | null }): React.JSX.Element {
  const { trans } = usePanel();
  const words: Record<Prediction["source"], string> = {
    advanced: trans.__("the model"),
    basic: trans.__("a simpler model"),
    emergency: trans.__("a rule"),
  };
  const tones: Record<Prediction["source"], string> = { advanced: "good", basic: "warning", emergency: "bad" };
  return (
    <span className="jp-AssayTry-source">
      <span
        className="jp-Assay-badge"
        data-tone={tones[answer.source]}
        data-source={answer.source}
        title={answer.reason ?? undefined}
      >
        {words[answer.source]}
      </span>
      <span className="jp-Assay-faint">
        {[
          answer.model,
          ...(confidence === null ? [] : [trans.__("confidence %1 %", (100 * confidence).toFixed(1))]),
          trans.__("%1 ms", answer.latency_ms.toFixed(1)),
        ].join(" · ")}
      </span>
    </span>
  );
}

/** What was odd about a prediction, a line each. */
export function Oddities({ answer }: { answer: Prediction }): React.JSX.Element {
  return (
    <>
      {answer.reason !== null && <p className="jp-Assay-warning">{answer.reason}</p>}
      {answer.warnings.map((warning) => (
        <p key={warning} className="jp-Assay-warning">
          {warning}
        </p>
      ))}
    </>
  );
}
