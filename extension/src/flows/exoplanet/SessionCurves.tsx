import type { SessionEpoch } from "assay-lab/contract";
import React, { useMemo } from "react";
import { State } from "../../elements/states";
import { usePanel } from "../../panel";
import { Figure } from "../../plotly/Figure";
import { useSession } from "./use-sessions";

/** Accuracy, loss, and the errors of period and depth of a session by epoch, live. */
export function SessionCurves({ id }: { id: string }): React.JSX.Element {
  const { trans } = usePanel();
  const session = useSession(id);
  const history = session.data?.history;
  const accuracy = useMemo(() => curves(history ?? [], { accuracy: "train", val_accuracy: "validation" }), [history]);
  const loss = useMemo(() => curves(history ?? [], { loss: "train", val_loss: "validation" }), [history]);
  const errors = useMemo(() => curves(history ?? [], { period_mae: "period", depth_mae: "depth" }), [history]);
  if (!history) return <State of={session} rows={3} />;
  if (history.length === 0) return <p className="jp-Assay-faint">{trans.__("No epoch has ended yet.")}</p>;
  return (
    <div className="jp-AssayExoplanets-curves">
      <figure>
        <figcaption>{trans.__("Accuracy")}</figcaption>
        <Figure figure={accuracy} label={trans.__("Accuracy by epoch")} height={200} />
      </figure>
      <figure>
        <figcaption>{trans.__("Loss")}</figcaption>
        <Figure figure={loss} label={trans.__("Loss by epoch")} height={200} />
      </figure>
      <figure>
        <figcaption>{trans.__("Mean absolute error, factors of ten")}</figcaption>
        <Figure figure={errors} label={trans.__("Errors of period and depth by epoch")} height={200} />
      </figure>
    </div>
  );
}

function curves(history: readonly SessionEpoch[], names: Readonly<Partial<Record<keyof SessionEpoch, string>>>) {
  const x = history.map(({ epoch }) => epoch);
  const data = Object.entries(names).map(([key, name]) => ({
    type: "scatter",
    mode: "lines+markers",
    name,
    x,
    y: history.map((epoch) => epoch[key as keyof SessionEpoch]),
  }));
  return {
    data,
    layout: {
      xaxis: { title: { text: "epoch" }, ...(x.length < 8 && { dtick: 1 }) },
      legend: { orientation: "h", y: 1.02, yanchor: "bottom" },
      margin: { t: 24, r: 8, b: 40, l: 48 },
    },
  };
}
