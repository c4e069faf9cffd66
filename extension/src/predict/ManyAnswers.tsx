import type { Prediction } from "assay-lab/contract";
import React from "react";
import { formatMetric } from "../elements/format";
import type { Features } from "../model-routes";
import { usePanel } from "../panel";
import { Oddities, Source } from "./Source";

const shownMost = 200;

/** The predictions of a pasted table, a row each with its surest probability as a bar. */
export function ManyAnswers({ answer, rows }: { answer: Prediction; rows: readonly Features[] }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const names = Object.keys(rows[0] ?? {});
  const text = (value: unknown) =>
    typeof value === "number" ? formatMetric(value, preferences.values.decimals) : String(value ?? "–");
  return (
    <div className="jp-AssayTry-answer" role="status">
      <Source answer={answer} confidence={null} />
      <Oddities answer={answer} />
      <div className="jp-Assay-wide jp-AssayTry-table">
        <table className="jp-Assay-table">
          <thead>
            <tr>
              <th scope="col">{trans.__("Prediction")}</th>
              {answer.prediction_proba && <th scope="col">{trans.__("Confidence")}</th>}
              {names.map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answer.prediction.slice(0, shownMost).map((label, i) => {
              const confidence = Math.max(...(answer.prediction_proba?.[i] ?? [0]));
              return (
                <tr key={i} data-answer={String(label)}>
                  <th scope="row">{text(label)}</th>
                  {answer.prediction_proba && (
                    <td className="jp-AssayTry-confidence">
                      <span aria-hidden="true">
                        <span style={{ width: `${100 * confidence}%` }} />
                      </span>
                      {(100 * confidence).toFixed(1)} %
                    </td>
                  )}
                  {names.map((name) => (
                    <td key={name}>{text(rows[i]?.[name])}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {answer.prediction.length > shownMost && (
        <p className="jp-Assay-faint">
          {trans.__("The first %1 of %2 are shown; a file of them comes from Files.", shownMost, answer.prediction.length)}
        </p>
      )}
    </div>
  );
}
