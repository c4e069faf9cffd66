import type { AbResult, AbTest } from "assay-lab/contract";
import React from "react";
import { formatInterval, formatMetric } from "../elements/format";
import { usePanel } from "../panel";

interface ShadowProps {
  test: AbTest;
  shadow: NonNullable<AbResult["shadow"]>;
}

/** What a version in the shadow would have answered: agreement, speed, failures, and how right it was. */
export function Shadow({ test, shadow }: ShadowProps): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const number = (value: number | null) => formatMetric(value, preferences.values.decimals);
  const ms = (value: number | null) => (value === null ? "–" : trans.__("%1 ms", value.toPrecision(3)));
  const { difference } = shadow;
  const rows: [string, string, string][] = [
    ["requests", trans.__("Requests that both were asked"), shadow.requests.toLocaleString()],
    ["failed", trans.__("B failed"), shadow.failed.toLocaleString()],
    ["waiting", trans.__("B is still to be asked"), shadow.waiting.toLocaleString()],
    ["skipped", trans.__("B was spared, because too many waited"), shadow.skipped.toLocaleString()],
    ["agreement", trans.__("Agreement: share of the same labels, of numbers their mean distance"), number(shadow.agreement)],
    ["latency_a", trans.__("%1 takes", test.model_a), ms(shadow.latency_a_ms)],
    ["latency_b", trans.__("%1 takes", test.model_b), ms(shadow.latency_b_ms)],
    ["truths", trans.__("True values that are known"), shadow.truths.toLocaleString()],
    ["score_a", trans.__("A: share right, of numbers the mean absolute error"), number(shadow.score_a)],
    ["score_b", trans.__("B: the same"), number(shadow.score_b)],
    [
      "difference",
      trans.__("Difference, B minus A"),
      difference ? `${number(difference.value)} ${formatInterval(number(difference.low), number(difference.high))}` : "–",
    ],
  ];
  return (
    <section aria-label={trans.__("Shadow")}>
      <h2>{trans.__("In the shadow")}</h2>
      <dl className="jp-Assay-pairs jp-AssayAb-shadow">
        {rows.map(([name, label, value]) => (
          <div key={name} data-fact={name}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {shadow.last_error !== null && <p className="jp-Assay-fieldError">{shadow.last_error}</p>}
    </section>
  );
}
