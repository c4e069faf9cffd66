import type { AbEffect, AbTest } from "assay-lab/contract";
import React from "react";
import { formatFixed, formatInterval, formatMetric, formatSigned } from "../elements/format";
import { Wide } from "../elements/Wide";
import { usePanel } from "../panel";
import { type GuardrailState, guardrailOf } from "./effects";

/** Each metric's means, its effect with the always-valid interval and p, who is better, and its guard-rail. */
export function EffectsTable({ test, effects }: { test: AbTest; effects: readonly AbEffect[] }): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <section aria-label={trans.__("Effect")}>
      <h2>{trans.__("Effect, B minus A")}</h2>
      <Wide>
        <table className="jp-Assay-table">
          <thead>
            <tr>
              <th scope="col">{trans.__("Metric")}</th>
              <th scope="col">{trans.__("Verdict")}</th>
              <th scope="col" className="jp-mod-numeric">
                A
              </th>
              <th scope="col" className="jp-mod-numeric">
                B
              </th>
              <th scope="col">{trans.__("Difference, always-valid %1 % interval", 100 * test.confidence)}</th>
              <th scope="col" className="jp-mod-numeric">
                p
              </th>
              <th scope="col">{trans.__("Guard-rail")}</th>
            </tr>
          </thead>
          <tbody>
            {effects.map((effect) => (
              <EffectRow key={effect.metric} test={test} effect={effect} />
            ))}
          </tbody>
        </table>
      </Wide>
      <p className="jp-Assay-faint">{trans.__("The interval and p hold however often this is looked at.")}</p>
    </section>
  );
}

function EffectRow({ test, effect }: { test: AbTest; effect: AbEffect }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const digits = preferences.values.decimals;
  const number = (value: number | null) => formatMetric(value, digits);
  const metric = test.metrics.find(({ name }) => name === effect.metric);
  const guardrail = metric ? guardrailOf(metric, effect) : null;
  const verdicts: Record<AbEffect["verdict"], string> = {
    a: trans.__("A is better"),
    b: trans.__("B is better"),
    undecided: trans.__("not decided yet"),
  };
  const states: Record<GuardrailState, { word: string; tone: string }> = {
    broken: { word: trans.__("broken"), tone: "bad" },
    holding: { word: trans.__("holds"), tone: "good" },
    unknown: { word: trans.__("not sure yet"), tone: "plain" },
  };
  const { low, high, p_value: p } = effect.sequential;
  return (
    <tr data-metric={effect.metric} data-verdict={effect.verdict}>
      <th scope="row">
        {effect.metric}
        <span className="jp-Assay-faint jp-AssayModels-under">
          {effect.better === "higher" ? trans.__("higher is better") : trans.__("lower is better")}
        </span>
      </th>
      <td>
        <span className="jp-Assay-badge" data-tone={{ a: "warning", b: "good", undecided: "plain" }[effect.verdict]}>
          {verdicts[effect.verdict]}
        </span>
      </td>
      {[effect.a, effect.b].map(({ users, mean }, k) => (
        <td key={k} className="jp-mod-numeric">
          {number(mean)}
          <span className="jp-Assay-faint jp-AssayModels-under">{trans.__("%1 people", users.toLocaleString())}</span>
        </td>
      ))}
      <td>
        {effect.difference === null ? "–" : formatSigned(effect.difference, digits)}
        {low !== null && high !== null && ` ${formatInterval(number(low), number(high))}`}
        {effect.relative !== null && (
          <span className="jp-Assay-faint jp-AssayModels-under">
            {trans.__("%1 % of A's", formatSigned(100 * effect.relative, 3))}
          </span>
        )}
      </td>
      <td className="jp-mod-numeric">{p === null ? "–" : p < 0.001 ? `< ${formatFixed(0.001, 3)}` : formatMetric(p, 2)}</td>
      <td>
        {guardrail === null ? (
          <span className="jp-Assay-faint">–</span>
        ) : (
          <span className="jp-Assay-badge" data-tone={states[guardrail].tone} data-guardrail={guardrail}>
            {states[guardrail].word}
          </span>
        )}
      </td>
    </tr>
  );
}
