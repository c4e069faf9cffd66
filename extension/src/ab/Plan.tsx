import React, { useState } from "react";
import { NumberField } from "../elements/Field";
import { Failure } from "../elements/states";
import { useAction } from "../elements/use-action";
import { usePanel } from "../panel";
import { type AbPlan, abRoutes } from "./ab-routes";
import type { MetricDraft } from "./draft";

/** How many people a test needs, so that it does not miss a difference that matters. */
export function Plan({ metric, share }: { metric: MetricDraft; share: number }): React.JSX.Element {
  const { api, trans } = usePanel();
  const isBinary = metric.kind === "binary";
  const [now, setNow] = useState(Number.NaN);
  const [effect, setEffect] = useState(Number.NaN);
  const [plan, setPlan] = useState<AbPlan | null>(null);
  const { act, failure } = useAction();
  const isWhole = isBinary
    ? now > 0 && now < 1 && effect !== 0 && !Number.isNaN(effect)
    : now > 0 && effect !== 0 && !Number.isNaN(effect);
  const ask = () => {
    const known = isBinary ? { baseline: now } : { sd: now };
    const asked = { ...known, effect, power: 0.8, confidence: 0.95, split_ratio: share / 100 };
    void act(() => abRoutes.plan(api, asked), setPlan);
  };
  return (
    <details className="jp-AssayAbNew-plan">
      <summary>{trans.__("How many people does it need?")}</summary>
      <div className="jp-Assay-fields jp-AssayAbNew-planned">
        <NumberField
          label={isBinary ? trans.__("A's share now, 0 to 1") : trans.__("Standard deviation of the number")}
          name="plan_now"
          value={now}
          min={0}
          step="any"
          onChange={setNow}
        />
        <NumberField
          label={trans.__("Difference not to be missed")}
          name="plan_effect"
          value={effect}
          min={-1e12}
          step="any"
          onChange={setEffect}
        />
        <button type="button" className="jp-mod-styled jp-mod-minimal" disabled={!isWhole} onClick={ask}>
          {trans.__("Reckon")}
        </button>
      </div>
      <Failure error={failure} />
      {plan && (
        <p role="status">
          {trans.__(
            "%1 people: %2 with A, %3 with B (80 % power, 95 % confidence).",
            plan.users.toLocaleString(),
            plan.users_a.toLocaleString(),
            plan.users_b.toLocaleString(),
          )}
        </p>
      )}
    </details>
  );
}
