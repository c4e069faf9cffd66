import type { WorkoutPredicted } from "assay-lab/contract";
import React from "react";
import { usePanel } from "../../panel";
import { ModelLink } from "./ModelLink";

interface SourceBadgeProps {
  source: WorkoutPredicted["source"];
  /** Whether this page answered in the service's place. */
  isHeld: boolean;
  reason: string | null;
  model: string | null;
}

/** Who answered, and one sentence why. */
export function SourceBadge({ source, isHeld, reason, model }: SourceBadgeProps): React.JSX.Element {
  const { trans } = usePanel();
  const words = { advanced: trans.__("advanced"), basic: trans.__("basic"), emergency: trans.__("emergency") };
  const tones = { advanced: "good", basic: "warning", emergency: "bad" };
  const sentences = {
    advanced: trans.__("The ensemble answers: it learnt from this log, and was checked on sessions that it had not seen."),
    basic: trans.__("The trend of the last sessions answers, in place of the ensemble."),
    emergency: trans.__("A rule of level and body weight answers: there is no session with load to go by."),
  };
  return (
    <div className="jp-AssayWorkouts-source">
      <span className="jp-Assay-badge" data-tone={tones[source]} data-source={source}>
        {words[source]}
      </span>
      <div>
        <p>{sentences[source]}</p>
        {isHeld && <p className="jp-Assay-warning">{trans.__("This page reckoned it by itself: the service is away.")}</p>}
        {reason !== null && <p className="jp-Assay-faint">{reason}</p>}
        {model !== null && <ModelLink model={model} />}
      </div>
    </div>
  );
}
