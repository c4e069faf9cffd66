import React, { useMemo } from "react";
import { formatDuration } from "../elements/format";
import { Empty, Failure, State } from "../elements/states";
import { Progress, Status } from "../elements/status";
import { useAction } from "../elements/use-action";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { routes } from "../routes";
import { BoardTable } from "./BoardTable";
import { foldBoxes, meanBars } from "./figures";
import { type Leaderboard, useLeaderboard } from "./use-leaderboard";

/** One comparison of models: ranked, with the spread of the folds; models appear as they end. */
export function LeaderboardPanel({ id }: { id: string }): React.JSX.Element {
  const { trans } = usePanel();
  const leaderboard = useLeaderboard(id);
  const { data } = leaderboard;
  const board = data?.board;
  const bars = useMemo(() => board && meanBars(board), [board]);
  const boxes = useMemo(() => board && foldBoxes(board), [board]);
  if (!data || !board) {
    return (
      <div className="jp-Assay-panel jp-mod-scroll">
        <State of={leaderboard} rows={12} />
      </div>
    );
  }
  const height = 72 + 26 * board.rows.length;
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayLeaderboard" data-status={data.run.status}>
      <Head data={data} />
      <State of={leaderboard} />
      {board.stopped !== null && <p className="jp-Assay-warning">{board.stopped}</p>}
      {board.warnings.length > 0 && (
        <ul className="jp-AssayNew-problems" aria-label={trans.__("Warnings")}>
          {board.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      {board.rows.length === 0 ? (
        <Empty title={isOpen(data) ? trans.__("No model has ended yet.") : trans.__("No model was tried.")} />
      ) : (
        <BoardTable board={board} />
      )}
      {(bars || boxes) && (
        <section aria-label={trans.__("Figures")}>
          <h2>{trans.__("Figures")}</h2>
          <div className="jp-Assay-figures">
            {bars && (
              <figure data-figure="means">
                <figcaption>{trans.__("Mean of the folds ± standard deviation")}</figcaption>
                <Figure figure={bars} label={trans.__("Mean of the folds of each model")} height={height} />
              </figure>
            )}
            {boxes && (
              <figure data-figure="folds">
                <figcaption>{trans.__("Every fold")}</figcaption>
                <Figure figure={boxes} label={trans.__("Scores of the folds of each model")} height={height} />
              </figure>
            )}
          </div>
        </section>
      )}
    </div>
  );
}

function isOpen({ run }: Leaderboard): boolean {
  return run.status === "pending" || run.status === "training";
}

/** Name, state, what is compared, and what may be done. */
function Head({ data }: { data: Leaderboard }): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const { act, failure } = useAction();
  const { run, job, board } = data;
  const facts = [
    run.task_type,
    run.dataset,
    board.metric && trans.__("by %1", board.metric.replaceAll("_", " ")),
    board.folds && trans.__("%1 folds", board.folds),
    run.started_at && run.ended_at && formatDuration(Date.parse(run.ended_at) - Date.parse(run.started_at)),
  ].filter(Boolean);
  const left = isOpen(data) ? (job?.progress?.eta_ms ?? null) : null;
  return (
    <div className="jp-AssayRun-head">
      <div className="jp-Assay-bar">
        <h1>{run.name}</h1>
        <Status status={run.status} />
        <span className="jp-Assay-spring" />
        {isOpen(data) && (
          <button type="button" className="jp-mod-styled jp-mod-warn" onClick={() => act(() => routes.cancel(api, run.id))}>
            {trans.__("Cancel")}
          </button>
        )}
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          onClick={() => void commands.execute(commandIds.run, { id: run.id, name: run.name })}
        >
          {trans.__("Open run")}
        </button>
      </div>
      <p className="jp-Assay-faint">
        {facts.join(" · ")}
        {left !== null && ` · ${trans.__("%1 left", formatDuration(left))}`}
      </p>
      {run.status === "training" && (
        <Progress step={run.progress?.step ?? 0} steps={run.progress?.steps ?? 0} label={trans.__("Progress")} />
      )}
      <Failure error={run.error} />
      <Failure error={failure} />
    </div>
  );
}
