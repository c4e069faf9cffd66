import React, { useState } from "react";
import { NumberField } from "../../elements/Field";
import { Failure } from "../../elements/states";
import { useAction } from "../../elements/use-action";
import { usePanel } from "../../panel";
import { exoplanetRoutes, type LabelledSignal } from "./exoplanet-routes";
import { SignalAnswer } from "./SignalAnswer";

const start = {
  period: 9.49,
  duration: 2.96,
  depth: 616,
  impact: 0.15,
  snr: 36,
  steff: 5455,
  srad: 0.93,
  slogg: 4.47,
  tmag: 15.3,
};
type Quantity = keyof typeof start;

/** Label, period and depth of one signal by the current network. */
export function Predict(): React.JSX.Element {
  const { api, trans } = usePanel();
  const [row, setRow] = useState<Record<Quantity, number>>(start);
  const [said, setSaid] = useState<LabelledSignal | null>(null);
  const { act, failure } = useAction();
  const titles: Record<Quantity, string> = {
    period: trans.__("Period (days)"),
    duration: trans.__("Duration (hours)"),
    depth: trans.__("Depth (ppm)"),
    impact: trans.__("Impact (stellar radii)"),
    snr: trans.__("Signal to noise"),
    steff: trans.__("Temperature of the star (K)"),
    srad: trans.__("Radius of the star (Sun = 1)"),
    slogg: trans.__("Gravity of the star (log g)"),
    tmag: trans.__("Magnitude"),
  };
  const ask = () => {
    const features = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number.isNaN(value) ? null : value]));
    void act(() => exoplanetRoutes.predict(api, features), setSaid).then((isDone) => isDone || setSaid(null));
  };
  return (
    <form
      className="jp-AssayExoplanets-predict"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <div className="jp-AssayExoplanets-fields">
        {(Object.keys(start) as Quantity[]).map((name) => (
          <NumberField
            key={name}
            label={titles[name]}
            name={name}
            value={row[name]}
            min={name === "slogg" || name === "tmag" ? -30 : 0}
            step="any"
            {...((name === "impact" || name === "snr") && { none: trans.__("unknown") })}
            onChange={(value) => setRow({ ...row, [name]: value })}
          />
        ))}
      </div>
      <button type="submit" className="jp-mod-styled jp-mod-accept">
        {trans.__("Predict")}
      </button>
      <Failure error={failure} />
      {said && <SignalAnswer said={said} />}
    </form>
  );
}
