import React from "react";
import { usePanel } from "../../panel";
import type { Said } from "./held-forecast";
import { factorWord } from "./names";
import { waterfallOf } from "./waterfall";
import { formatChange, formatShare, formatWeight } from "./weight";

/** What moves the forecast away from the last load, a bar each; the bars begin at the last load and end at the forecast. */
export function WaterfallTable({ said, last }: { said: Said; last: number }): React.JSX.Element {
  const { trans } = usePanel();
  const { unit, weight } = said;
  const { bars, low, high } = waterfallOf(last, said.adjustment_factors, said.step);
  if (bars.length === 0) return <p>{trans.__("Nothing: the forecast is the load of the last time.")}</p>;
  const width = high - low;
  const place = (load: number) => `${((100 * (load - low)) / width).toFixed(2)}%`;
  return (
    <table className="jp-AssayWorkouts-waterfall" data-last={last} data-weight={weight}>
      <caption className="jp-Assay-hidden">{trans.__("What moves the forecast, in %1", unit)}</caption>
      <thead className="jp-Assay-hidden">
        <tr>
          <th scope="col">{trans.__("Factor")}</th>
          <th scope="col">{trans.__("From where to where")}</th>
          <th scope="col">{trans.__("Change")}</th>
          <th scope="col">{trans.__("Share")}</th>
        </tr>
      </thead>
      <tbody>
        <tr className="jp-mod-end">
          <th scope="row">{trans.__("last time")}</th>
          <td aria-hidden="true">
            <span className="jp-AssayWorkouts-mark" style={{ insetInlineStart: place(last) }} />
          </td>
          <td className="jp-mod-numeric">{formatWeight(last, unit)}</td>
          <td />
        </tr>
        {bars.map(({ name, title, change, share, from, to }) => (
          <tr key={name} data-factor={name} data-change={change}>
            <th scope="row">{factorWord(trans, name, title)}</th>
            <td aria-hidden="true">
              <span
                className="jp-AssayWorkouts-bar"
                data-up={change > 0}
                style={{
                  insetInlineStart: place(Math.min(from, to)),
                  width: `${((100 * Math.abs(change)) / width).toFixed(2)}%`,
                }}
              />
            </td>
            <td className="jp-mod-numeric">{formatChange(change)}</td>
            <td className="jp-mod-numeric jp-Assay-faint">{formatShare(share)}</td>
          </tr>
        ))}
        <tr className="jp-mod-end">
          <th scope="row">{trans.__("forecast")}</th>
          <td aria-hidden="true">
            <span className="jp-AssayWorkouts-mark" style={{ insetInlineStart: place(weight) }} />
          </td>
          <td className="jp-mod-numeric">{formatWeight(weight, unit)}</td>
          <td />
        </tr>
      </tbody>
    </table>
  );
}
