import React from "react";
import { usePanel } from "../panel";
import type { DraftKind } from "./use-draft";

/** What the form starts. */
export function Kind({ kind, onChange }: { kind: DraftKind; onChange(kind: DraftKind): void }): React.JSX.Element {
  const { trans } = usePanel();
  const kinds: readonly [DraftKind, string][] = [
    ["train", trans.__("Train one model")],
    ["search", trans.__("Search hyperparameters")],
    ["compare", trans.__("Compare algorithms")],
  ];
  return (
    <fieldset className="jp-AssayNew-kind">
      <legend className="jp-Assay-hidden">{trans.__("What to do")}</legend>
      {kinds.map(([value, label]) => (
        <label key={value} className="jp-Assay-check">
          <input type="radio" name="kind" value={value} checked={kind === value} onChange={() => onChange(value)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
