import React from "react";
import { FactList } from "../../elements/FactList";
import { formatDay } from "../../elements/format";
import { usePanel } from "../../panel";
import { plateauWord } from "./names";
import { formatShare } from "./weight";
import type { Plateau } from "./workout-routes";

/** Sessions that the test needs. */
const sessionsLeast = 12;

/** Whether an exercise stands still: since when, the effect, the test. */
export function PlateauFacts({ plateau }: { plateau: Plateau }): React.JSX.Element {
  const { trans } = usePanel();
  const { status, sessions, since, slope, low, high, p_value, tau, effect } = plateau;
  const sentence =
    status === "plateau" && since !== null
      ? trans.__("Strength stands still since %1.", formatDay(since))
      : status === "too_short"
        ? trans._n(
            "Too short to tell: %1 session, the test needs %2 over three weeks.",
            "Too short to tell: %1 sessions, the test needs %2 over three weeks.",
            sessions,
            sessionsLeast,
          )
        : trans.__("Strength %1 over the last %2 sessions.", plateauWord(trans, status), sessions);
  const percent = (share: number | null) => (share === null ? "–" : formatShare(share, 2));
  const facts = [
    [trans.__("change a week (95 %)"), `${percent(slope)} (${percent(low)} … ${percent(high)})`],
    [trans.__("counts as standing"), trans.__("within ±%1 a week, p above 0.10", formatShare(effect, 1))],
    [trans.__("Mann–Kendall test"), `p = ${p_value?.toFixed(3) ?? "–"}, τ = ${tau?.toFixed(2).replace("-", "−") ?? "–"}`],
    [trans.__("sessions looked at"), String(sessions)],
  ] as const;
  return (
    <div data-plateau={status}>
      <p className="jp-AssayWorkouts-sentence">{sentence}</p>
      {slope !== null && <FactList className="jp-Assay-pairs" facts={facts} />}
    </div>
  );
}
