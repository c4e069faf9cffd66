import type { ModelDrift } from "assay-lab/contract";
import React, { useMemo } from "react";
import { Empty } from "../elements/states";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { latencyFigure, trafficFigure } from "./figures";

/** How many rows were asked for, who answered them, and how long it took. */
export function Traffic({ drift }: { drift: ModelDrift }): React.JSX.Element {
  const { trans } = usePanel();
  const { traffic } = drift;
  const share = (rows: number) => (traffic.rows > 0 ? `${((100 * rows) / traffic.rows).toFixed(1)} %` : "–");
  const ms = (value: number | null) => (value === null ? "–" : trans.__("%1 ms", value.toPrecision(3)));
  const facts = [
    ["rows", trans.__("Rows predicted"), traffic.rows.toLocaleString()],
    ["requests", trans.__("Requests"), traffic.requests.toLocaleString()],
    ["latency", trans.__("Latency, mean"), ms(traffic.latency_ms_mean)],
    ["slowest", trans.__("Latency, slowest"), ms(traffic.latency_ms_max)],
    ["basic", trans.__("By a simpler model"), share(traffic.basic_rows)],
    ["emergency", trans.__("By the rule, the model did not answer"), share(traffic.emergency_rows)],
  ] as const;
  const figures = useMemo(
    () => ({
      rows: trafficFigure(drift, {
        model: trans.__("the model"),
        basic: trans.__("a simpler model"),
        emergency: trans.__("the rule"),
      }),
      latency: latencyFigure(drift, { mean: trans.__("mean"), max: trans.__("slowest") }),
    }),
    [drift, trans],
  );
  return (
    <section aria-label={trans.__("Traffic")}>
      <h2>{trans.__("Traffic")}</h2>
      {traffic.rows === 0 ? (
        <Empty title={trans.__("Nothing was predicted in this time.")}>
          <p>{trans.__("Try a prediction, or take a longer time.")}</p>
        </Empty>
      ) : (
        <>
          <div className="jp-AssayAb-facts">
            {facts.map(([name, label, value]) => (
              <div key={name} data-fact={name} data-tone={name === "emergency" && traffic.emergency_rows > 0 ? "bad" : undefined}>
                <span className="jp-Assay-big">{value}</span>
                <span className="jp-Assay-faint">{label}</span>
              </div>
            ))}
          </div>
          <div className="jp-Assay-figures">
            <figure data-figure="rows">
              <figcaption>{trans.__("Rows by who answered")}</figcaption>
              <Figure figure={figures.rows} label={trans.__("Rows over time, by who answered")} height={200} />
            </figure>
            <figure data-figure="latency">
              <figcaption>{trans.__("Latency of a request")}</figcaption>
              <Figure figure={figures.latency} label={trans.__("Latency over time, mean and slowest")} height={200} />
            </figure>
          </div>
        </>
      )}
    </section>
  );
}
