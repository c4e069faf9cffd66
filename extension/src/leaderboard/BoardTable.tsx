import React from "react";
import { formatDuration, formatMetric } from "../elements/format";
import { Wide } from "../elements/Wide";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import type { Board, ComparedRow } from "./board";
import { trainModel } from "./train-model";

/** The models by rank, the dummy first; those that failed or were not tried at the end, with the reason. */
export function BoardTable({ board }: { board: Board }): React.JSX.Element {
  const { trans } = usePanel();
  const { rows, metric } = board;
  const ranked = rows.filter(({ baseline, rank, error }) => baseline || (rank !== null && error === null));
  const others = rows.filter((row) => !ranked.includes(row));
  const range = rangeOf(ranked.filter(({ baseline }) => !baseline));
  const tests = rows.some(({ p_holm }) => p_holm !== null);
  return (
    <section aria-label={trans.__("Models")}>
      <h2>{trans.__("Models")}</h2>
      <Wide>
        <table className="jp-Assay-table jp-AssayLeaderboard-table">
          <thead>
            <tr>
              <th scope="col" className="jp-mod-numeric">
                #
              </th>
              <th scope="col">{trans.__("Model")}</th>
              <th scope="col" className="jp-mod-numeric">
                {metric?.replaceAll("_", " ") ?? trans.__("score")}
              </th>
              <th scope="col" aria-hidden="true" />
              {tests && (
                <th
                  scope="col"
                  title={trans.__(
                    "Probability of such a difference from the best by chance: corrected resampled t-test, adjusted by Holm",
                  )}
                >
                  {trans.__("Against the best")}
                </th>
              )}
              <th scope="col" className="jp-mod-numeric">
                {trans.__("Fit")}
              </th>
              <th scope="col" className="jp-mod-numeric">
                {trans.__("Predict")}
              </th>
              <th scope="col">
                <span className="jp-Assay-hidden">{trans.__("Actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {ranked.map((row) => (
              <ModelRow key={row.model} row={row} range={range} tests={tests} />
            ))}
            {others.map((row) => (
              <FailedRow key={row.model} row={row} columns={tests ? 6 : 5} />
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

interface ModelRowProps {
  row: ComparedRow;
  range: readonly [number, number];
  tests: boolean;
}

function ModelRow({ row, range, tests }: ModelRowProps): React.JSX.Element {
  const { api, commands, preferences, trans } = usePanel();
  const digits = preferences.values.decimals;
  const { model, baseline, rank, mean_score, std_score, fit_ms, predict_ms, run_id } = row;
  return (
    <tr data-model={model} data-rank={rank ?? undefined} className={baseline ? "jp-mod-baseline" : undefined}>
      <td className="jp-mod-numeric">{baseline ? "–" : rank}</td>
      <th scope="row">
        <ModelName row={row} />
        {baseline && <span className="jp-Assay-kind"> {trans.__("learns nothing")}</span>}
      </th>
      <td className="jp-mod-numeric">
        {formatMetric(mean_score, digits)}
        {std_score !== null && <span className="jp-Assay-faint"> ± {formatMetric(std_score, 2)}</span>}
      </td>
      <td>
        <Spread row={row} range={range} />
      </td>
      {tests && <td>{significanceText(row)}</td>}
      <td className="jp-mod-numeric">{fit_ms === null ? "–" : formatDuration(fit_ms)}</td>
      <td className="jp-mod-numeric">{predict_ms === null ? "–" : formatDuration(predict_ms)}</td>
      <td>
        {run_id && !baseline && (
          <button
            type="button"
            className="jp-Assay-link"
            title={trans.__("Train it on the whole training part, to deploy it")}
            onClick={() => void trainModel(api, commands, run_id)}
          >
            {trans.__("Train…")}
          </button>
        )}
      </td>
    </tr>
  );

  function significanceText({ rank: place, p_holm, letters }: ComparedRow): string {
    if (place === 1) return letters ? trans.__("best · %1", letters) : trans.__("best");
    if (p_holm === null) return "–";
    const words =
      p_holm < 0.05 ? trans.__("worse, p %1", probability(p_holm)) : trans.__("no difference, p %1", probability(p_holm));
    return letters ? `${words} · ${letters}` : words;
  }
}

function probability(p: number): string {
  return p < 0.001 ? "< 0.001" : `= ${p.toPrecision(2)}`;
}

/** A model that gave no score: its error, or that it was not tried. */
function FailedRow({ row, columns }: { row: ComparedRow; columns: number }): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <tr data-model={row.model} data-failed={row.error !== null}>
      <td className="jp-mod-numeric">–</td>
      <th scope="row">
        <ModelName row={row} />
      </th>
      <td colSpan={columns} className={row.error === null ? "jp-Assay-faint" : "jp-Assay-fieldError"}>
        {row.error ?? trans.__("Not tried.")}
      </td>
    </tr>
  );
}

function ModelName({ row: { model, run_id } }: { row: ComparedRow }): React.JSX.Element {
  const { commands } = usePanel();
  if (!run_id) return <>{model}</>;
  return (
    <button
      type="button"
      className="jp-Assay-link"
      onClick={() => void commands.execute(commandIds.run, { id: run_id, name: model })}
    >
      {model}
    </button>
  );
}

/** Mean and standard deviation on one scale for all rows. */
function Spread({
  row: { mean_score, std_score },
  range: [low, high],
}: {
  row: ComparedRow;
  range: readonly [number, number];
}): React.JSX.Element | null {
  if (mean_score === null || Number(mean_score) < low) return null;
  const share = (value: number) => 100 * Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
  const [mean, sd] = [Number(mean_score), std_score === null ? 0 : Number(std_score)];
  return (
    <svg className="jp-AssayLeaderboard-spread" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <line x1={share(mean - sd)} x2={share(mean + sd)} y1={6} y2={6} />
      <rect x={share(mean) - 1} width={2} y={1} height={10} />
    </svg>
  );
}

function rangeOf(rows: readonly ComparedRow[]): readonly [number, number] {
  const ends = rows.flatMap(({ mean_score, std_score }) => {
    if (mean_score === null) return [];
    const [mean, sd] = [Number(mean_score), std_score === null ? 0 : Number(std_score)];
    return [mean - sd, mean + sd].filter(Number.isFinite);
  });
  return [Math.min(...ends), Math.max(...ends)];
}
