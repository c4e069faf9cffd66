import React from "react";
import { formatDay } from "../../elements/format";
import { sentenceText } from "../../elements/sentence-text";
import { usePanel } from "../../panel";
import type { Said } from "./held-forecast";
import { lifterIn, usualBars } from "./lifter";
import { isBarbell, platesOf } from "./plates";
import { SourceBadge } from "./SourceBadge";
import { formatLoad, formatReckoned, formatShare, formatWeight } from "./weight";

/** The next load, its interval, who says it and why, and what to put on the bar. */
export function Forecast({ said, isHeld }: { said: Said; isHeld: boolean }): React.JSX.Element {
  const { trans } = usePanel();
  const { weight, unit, low, high, source, confidence, last_weight, step, date } = said;
  const ends = [formatReckoned(low), `${formatReckoned(high)} ${unit}`] as const;
  const reach = {
    advanced: trans.__("nine of ten sessions lie between %1 and %2", ...ends),
    basic: trans.__("by the last errors of this kind between %1 and %2", ...ends),
    emergency: trans.__("unchecked: between %1 and %2", ...ends),
  }[source];
  const reason = said.reason === null ? null : sentenceText(trans, said.reason_codes, said.reason);
  return (
    <div role="status" className="jp-AssayWorkouts-forecast" data-weight={weight} data-low={low} data-high={high}>
      <p>
        <output>{formatWeight(weight, unit)}</output>
        <span>{reach}</span>
      </p>
      <SourceBadge source={source} isHeld={isHeld} reason={reason} model={said.model} />
      <ul className="jp-AssayWorkouts-facts">
        {last_weight !== null && <li>{trans.__("last time %1", formatWeight(last_weight, unit))}</li>}
        {date !== null && <li>{trans.__("for a session on %1", formatDay(date))}</li>}
        {confidence > 0 && (
          <li>{trans.__("%1 of earlier forecasts of this kind were right to one step", formatShare(confidence))}</li>
        )}
        <li>{trans.__("in steps of %1", formatWeight(step, unit))}</li>
      </ul>
      <Plates said={said} />
      {said.warnings.map((warning, k) => (
        <p key={warning} className="jp-Assay-warning">
          {sentenceText(trans, said.warning_codes.slice(k, k + 1), warning)}
        </p>
      ))}
    </div>
  );
}

/** What goes on each side of the bar; nothing where no bar is loaded. */
function Plates({ said: { exercise_name, weight, unit } }: { said: Said }): React.JSX.Element | null {
  const { preferences, trans } = usePanel();
  if (!isBarbell(exercise_name)) return null;
  const bar = lifterIn(preferences.values.lifter, unit).bar ?? usualBars[unit];
  const side = platesOf(weight, bar, unit);
  if (!side) return null;
  const on = formatWeight(bar, unit);
  return (
    <p className="jp-AssayWorkouts-plates">
      {side.length === 0 ? (
        trans.__("The bar alone, %1.", on)
      ) : (
        <>
          <span>{trans.__("On each side of a bar of %1:", on)}</span>
          {side.map((plate, k) => (
            <span key={k} className="jp-Assay-chip">
              {formatLoad(plate)}
            </span>
          ))}
        </>
      )}
    </p>
  );
}
