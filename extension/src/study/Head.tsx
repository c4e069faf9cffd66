import type { Job, StudyInfo, TrialInfo } from "assay-lab/contract";
import React from "react";
import { formatDuration, formatMetric, formatValue } from "../elements/format";
import { Failure } from "../elements/states";
import { Progress, Status } from "../elements/status";
import { useAction } from "../elements/use-action";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { routes } from "../routes";
import { deployRun } from "../run/deploy";
import { studyRoutes } from "../study-routes";

interface HeadProps {
  study: StudyInfo;
  /** The job that leads it, once it is known. */
  job: Job | null;
  best: TrialInfo | undefined;
  onChanged(): void;
}

/** Name, state, counts, budget and the best trial, and what may be done with them. */
export function Head({ study, job, best, onChanged }: HeadProps): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const { act, failure } = useAction(onChanged);
  const { id, name, run_id, job_status, study_status, algorithm, metric, dataset, task_type } = study;
  const isOpen = job_status === "queued" || job_status === "running" || study_status === "running";
  const facts = [algorithm, task_type, dataset, metric && trans.__("by %1", metric.replaceAll("_", " "))].filter(Boolean);
  return (
    <div className="jp-AssayRun-head">
      <div className="jp-Assay-bar">
        <h1>{name}</h1>
        <Status status={statusOf(study)} />
        <span className="jp-Assay-spring" />
        {isOpen && study_status !== "stopped" && (
          <button type="button" className="jp-mod-styled jp-mod-warn" onClick={() => act(() => studyRoutes.stop(api, id))}>
            {trans.__("Stop")}
          </button>
        )}
        {run_id && job_status === "completed" && (
          <button
            type="button"
            className="jp-mod-styled jp-mod-accept"
            onClick={() => act(async () => deployRun(api, trans, await routes.run(api, run_id)))}
          >
            {trans.__("Deploy best…")}
          </button>
        )}
        {run_id && (
          <button
            type="button"
            className="jp-mod-styled jp-mod-minimal"
            onClick={() => void commands.execute(commandIds.run, { id: run_id, name })}
          >
            {trans.__("Open run")}
          </button>
        )}
      </div>
      <p className="jp-Assay-faint">{facts.join(" · ")}</p>
      <Counts study={study} progress={isOpen ? (job?.progress ?? null) : null} isOpen={isOpen} />
      {study.best_params && <Best study={study} best={best} />}
      <Failure error={failure} />
    </div>
  );
}

/** What a reader calls the state: a search whose job has ended is no longer idle. */
function statusOf({ study_status, job_status }: StudyInfo): string {
  if (study_status === "stopped" || job_status === null || study_status === "running") return study_status;
  return job_status;
}

interface CountsProps {
  study: StudyInfo;
  progress: Job["progress"];
  isOpen: boolean;
}

/** How many trials stand where, and the share of the budget that is used. */
function Counts({ study: { trials, n_trials, id }, progress, isOpen }: CountsProps): React.JSX.Element {
  const { trans } = usePanel();
  const parts = [
    ["completed", trans.__("%1 completed", trials.completed ?? 0)],
    ["pruned", trans.__("%1 pruned", trials.pruned ?? 0)],
    ["failed", trans.__("%1 failed", trials.failed ?? 0)],
    ["running", trans.__("%1 running", trials.running ?? 0)],
    ["waiting", trans.__("%1 waiting", trials.waiting ?? 0)],
  ] as const;
  const ended = (trials.completed ?? 0) + (trials.pruned ?? 0) + (trials.failed ?? 0);
  const left = progress?.eta_ms ?? null;
  return (
    <>
      <p role="status" data-study={id} data-trials={n_trials}>
        {trans._n("%1 trial", "%1 trials", n_trials)}
        {parts
          .filter(([state]) => (trials[state] ?? 0) > 0)
          .map(([, words]) => ` · ${words}`)
          .join("")}
        {left !== null && ` · ${trans.__("%1 left", formatDuration(left))}`}
      </p>
      {isOpen && <Progress step={ended} steps={progress?.steps ?? 0} label={trans.__("Trials of the budget")} />}
    </>
  );
}

/** The best value and its parameters, with the way to use them. */
function Best({ study, best }: { study: StudyInfo; best: TrialInfo | undefined }): React.JSX.Element {
  const { commands, preferences, trans } = usePanel();
  const { best_value, best_trial, best_params, metric } = study;
  const { target } = study.attributes;
  const again = () =>
    void commands.execute(commandIds.newExperiment, {
      ...(study.dataset && { dataset: study.dataset }),
      ...(typeof target === "string" && { target }),
      ...(study.algorithm && { algorithm: study.algorithm }),
      hyperparameters: best_params,
    });
  return (
    <div className="jp-AssayStudy-best">
      <div>
        <strong className="jp-AssayStudy-value">{formatMetric(best_value, preferences.values.decimals)}</strong>
        <span className="jp-Assay-faint">{trans.__("best %1, trial %2", metric ?? trans.__("value"), best_trial ?? "–")}</span>
      </div>
      <dl className="jp-AssayStudy-params">
        {Object.entries(best_params ?? {}).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatValue(value, 4)}</dd>
          </div>
        ))}
      </dl>
      <div className="jp-Assay-bar">
        {best?.run_id && (
          <button
            type="button"
            className="jp-mod-styled jp-mod-minimal"
            onClick={() => void commands.execute(commandIds.run, { id: best.run_id, name: trans.__("trial %1", best.number) })}
          >
            {trans.__("Open its run")}
          </button>
        )}
        {study.algorithm && (
          <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={again}>
            {trans.__("Train with these values")}
          </button>
        )}
      </div>
    </div>
  );
}
