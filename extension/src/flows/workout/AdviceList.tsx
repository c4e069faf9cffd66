import React from "react";
import { sentenceText } from "../../elements/sentence-text";
import { usePanel } from "../../panel";
import { adviceWord } from "./names";
import type { Advice } from "./workout-routes";

/** Suggestions, each with what it rests on. */
export function AdviceList({ advice }: { advice: readonly Advice[] }): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <ul className="jp-AssayWorkouts-advice">
      {advice.map(({ kind, text, evidence, evidence_codes: codes }) => (
        <li key={kind} data-kind={kind}>
          <p>{adviceWord(trans, kind, text)}</p>
          <p className="jp-Assay-faint">{sentenceText(trans, codes, evidence)}</p>
        </li>
      ))}
    </ul>
  );
}
