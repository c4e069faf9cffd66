import type { RunInfo } from "assay-lab/contract";
import React, { useState } from "react";
import { formatAlgorithm, formatDuration } from "../elements/format";
import { Failure } from "../elements/states";
import { Progress, Status } from "../elements/status";
import { useAction } from "../elements/use-action";
import { commandIds } from "../ids";
import { scheduleRun } from "../jobs/schedule-run";
import { usePanel } from "../panel";
import { routes } from "../routes";
import { studyRoutes } from "../study-routes";
import { deployRun } from "./deploy";

interface HeadProps {
  run: RunInfo;
  /** Called when it was deleted, or brought back. */
  onChanged(): void;
}

/** Name, status, progress and what may be done. */
export function Head({ run, onChanged }: HeadProps): React.JSX.Element {
  const { trans } = usePanel();
  const { act: does, failure } = useAction();
  const [told, setTold] = useState("");
  const act = (action: () => Promise<unknown>) => {
    setTold("");
    void does(action, (words) => setTold(typeof words === "string" ? words : ""));
  };
  const facts = [run.experiment, run.algorithm && formatAlgorithm(run), run.task_type, run.dataset, took(run)].filter(Boolean);
  return (
    <div className="jp-AssayRun-head">
      <div className="jp-Assay-bar">
        <h1>{run.name}</h1>
        <Status status={run.status} />
        <span className="jp-Assay-spring" />
        <MainActions run={run} act={act} />
      </div>
      <p className="jp-Assay-faint">{facts.join(" · ")}</p>
      {run.status === "training" && (
        <Progress step={run.progress?.step ?? 0} steps={run.progress?.steps ?? 0} label={trans.__("Progress")} />
      )}
      <MoreActions run={run} act={act} onChanged={onChanged} />
      {run.deleted_at !== null && <Deleted run={run} act={act} onChanged={onChanged} />}
      {told && <p role="status">{told}</p>}
      <Failure error={failure} />
    </div>
  );
}

interface ActionsProps {
  run: RunInfo;
  /** Does it, and says the words that it answers. */
  act(action: () => Promise<unknown>): void;
}

/** Says that a run is deleted, with the way back. */
function Deleted({ run, act, onChanged }: ActionsProps & Pick<HeadProps, "onChanged">): React.JSX.Element {
  const { api, trans } = usePanel();
  return (
    <p role="status" className="jp-AssayRun-deleted">
      {trans.__("This run is deleted.")}{" "}
      <button type="button" className="jp-Assay-link" onClick={() => act(() => routes.restoreRun(api, run.id).then(onChanged))}>
        {trans.__("Undo")}
      </button>
    </p>
  );
}

/** What is done most: cancel, deploy, download. */
function MainActions({ run, act }: ActionsProps): React.JSX.Element | null {
  const { api, trans } = usePanel();
  if (run.status === "pending" || run.status === "training")
    return (
      <button type="button" className="jp-mod-styled jp-mod-warn" onClick={() => act(() => routes.cancel(api, run.id))}>
        {trans.__("Cancel")}
      </button>
    );
  if (run.deleted_at !== null) return null;
  if (!run.artifacts.some(({ kind }) => kind === "model")) return null;
  return (
    <>
      <button type="button" className="jp-mod-styled jp-mod-accept" onClick={() => act(() => deployRun(api, trans, run))}>
        {trans.__("Deploy…")}
      </button>
      <button
        type="button"
        className="jp-mod-styled jp-mod-minimal"
        onClick={() => act(() => routes.downloadModel(api, run.id, `${run.name}.assay`))}
      >
        {trans.__("Download model")}
      </button>
    </>
  );
}

/** What a run leads to: its study or leaderboard, its cell, its reports, a schedule, its end. */
function MoreActions({ run, act, onChanged }: ActionsProps & Pick<HeadProps, "onChanged">): React.JSX.Element {
  const { api, commands, trans, writeCell } = usePanel();
  const { study, comparison } = run.tags as { study?: string; comparison?: string };
  const board = comparison === "models" ? (run.parent_id ?? (run.children > 0 || run.job_id ? run.id : null)) : null;
  const write = async () => writeCell(await routes.cell(api, run.id));
  // a document is known by the study's id
  const openStudy = async (name: string) => {
    const { id } = await studyRoutes.get(api, name);
    await commands.execute(commandIds.study, { id, name });
  };
  const link = (label: string, action: () => void) => (
    <button type="button" className="jp-Assay-link" onClick={action}>
      {label}
    </button>
  );
  const isOver = run.status !== "pending" && run.status !== "training";
  const isTraining = run.request !== null && !study && !comparison;
  return (
    <div className="jp-Assay-bar jp-AssayRun-more">
      {study && link(trans.__("Open study"), () => act(() => openStudy(study)))}
      {board && link(trans.__("Open leaderboard"), () => void commands.execute(commandIds.leaderboard, { id: board }))}
      {link(trans.__("Insert as cell"), () => act(write))}
      {isOver && link(trans.__("Report (HTML)"), () => act(() => routes.report(api, run, "html")))}
      {isOver && link(trans.__("Report (PDF)"), () => act(() => routes.report(api, run, "pdf")))}
      {isOver &&
        run.deleted_at === null &&
        link(trans.__("Delete"), () => act(() => routes.deleteRun(api, run.id).then(onChanged)))}
      {isTraining && link(trans.__("Schedule…"), () => act(() => scheduleRun(api, trans, run)))}
    </div>
  );
}

function took(run: RunInfo): string | null {
  if (!run.started_at || !run.ended_at) return null;
  return formatDuration(Date.parse(run.ended_at) - Date.parse(run.started_at));
}
