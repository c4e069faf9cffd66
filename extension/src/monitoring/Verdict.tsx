import type { ColumnDrift } from "assay-lab/contract";
import React from "react";
import { usePanel } from "../panel";

/** How far a distribution moved, in a word. */
export function Verdict({ drift }: { drift: ColumnDrift }): React.JSX.Element {
  const { trans } = usePanel();
  const words: Record<ColumnDrift["verdict"], { word: string; tone: string }> = {
    steady: { word: trans.__("steady"), tone: "good" },
    "somewhat moved": { word: trans.__("somewhat moved"), tone: "warning" },
    moved: { word: trans.__("moved"), tone: "bad" },
    unknown: { word: trans.__("not known"), tone: "plain" },
  };
  const { word, tone } = words[drift.verdict];
  return (
    <span className="jp-Assay-badge" data-tone={tone} data-verdict={drift.verdict}>
      {word}
    </span>
  );
}

/** The test of a drift in words. */
export function testOf({ test, statistic, p_value: p }: ColumnDrift): string {
  if (statistic === null) return "–";
  const name = test === "ks" ? "KS" : "χ²";
  return `${name} ${statistic.toPrecision(3)}${p === null ? "" : `, p ${p < 0.001 ? "< 0.001" : `= ${p.toPrecision(2)}`}`}`;
}
