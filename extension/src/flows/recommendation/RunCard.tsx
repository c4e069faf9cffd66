import React from "react";
import { formatCount, formatInstant } from "../../elements/format";
import { Failure } from "../../elements/states";
import { Progress, Status } from "../../elements/status";
import { useAction } from "../../elements/use-action";
import { jobRoutes } from "../../job-routes";
import { usePanel } from "../../panel";
import { Checks } from "./Checks";
import { settingIn } from "./mapping";
import { Privacy } from "./Privacy";
import { QualityReport } from "./QualityReport";
import { RunFacts } from "./RunFacts";
import { StepLog } from "./StepLog";
import { Steps } from "./Steps";
import { isOpen, type RunOfEtl } from "./use-recommendations";

interface RunCardProps {
  run: RunOfEtl;
  isShown: boolean;
  onShow(): void;
  onChanged(): void;
  /** Fills the form with its settings. */
  onAgain(): void;
  onTrain(): void;
}

/** One run of the ETL: where it stands and what may be done; opened, its steps, checks, privacy, rows and report. */
export function RunCard({ run, isShown, onShow, onChanged, onAgain, onTrain }: RunCardProps): React.JSX.Element {
  const { trans } = usePanel();
  const { run_status: status, error, version } = run;
  const name = version === null ? trans.__("The next version") : trans.__("Version %1", version);
  return (
    <li className="jp-AssayRecommendations-card" data-run={run.etl_run_id} data-version={version} data-status={status}>
      <div className="jp-Assay-bar">
        <h2>
          <button type="button" className="jp-Assay-link" aria-expanded={isShown} onClick={onShow}>
            {`${isShown ? "▾" : "▸"} ${name}`}
          </button>
        </h2>
        <Status status={status} />
        <span className="jp-Assay-spring" />
        <Moves run={run} name={name} onChanged={onChanged} onAgain={onAgain} onTrain={onTrain} />
      </div>
      <p className="jp-Assay-faint">{factsOf(run).join(" · ")}</p>
      {isOpen(run) && <StepsProgress run={run} name={name} />}
      <Failure error={error} />
      {isShown && (
        <div className="jp-AssayRecommendations-details">
          <Steps steps={run.steps} />
          <Checks checks={run.checks} />
          <Privacy privacy={run.privacy} />
          <RunFacts run={run} />
          {run.checks.length > 0 && <QualityReport id={run.etl_run_id} version={version ?? "next"} />}
          {run.job_id !== null && <StepLog job={run.job_id} isOpen={isOpen(run)} />}
        </div>
      )}
    </li>
  );

  function factsOf({ created_at, window_days, train_rows, test_rows, attempt }: RunOfEtl): string[] {
    return [
      formatInstant(created_at),
      trans._n("%1 day", "%1 days", window_days, window_days),
      ...(train_rows !== null && test_rows !== null
        ? [trans.__("%1 training rows, %2 test rows", formatCount(train_rows), formatCount(test_rows))]
        : []),
      ...(attempt !== null && attempt > 1 ? [trans.__("attempt %1", attempt)] : []),
    ];
  }
}

function StepsProgress({ run: { steps, run_status }, name }: { run: RunOfEtl; name: string }): React.JSX.Element {
  const { trans } = usePanel();
  const done = steps.filter(({ step_status }) => step_status === "completed" || step_status === "kept").length;
  return (
    <Progress
      step={run_status === "running" ? done : 0}
      steps={run_status === "running" ? steps.length : 0}
      label={trans.__("Progress of %1", name)}
    />
  );
}

type MovesProps = Pick<RunCardProps, "run" | "onChanged" | "onAgain" | "onTrain"> & { name: string };

function Moves({ run, name, onChanged, onAgain, onTrain }: MovesProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const { act, failure, busy } = useAction(onChanged);
  const { run_status: status, job_id: job, error } = run;
  const isBroken = status === "failed" || status === "cancelled";
  const setting = error === null ? null : settingIn(error);
  const remedy = run.settings.mapping ? trans.__("Correct the mapping…") : trans.__("Make the application…");
  return (
    <>
      {isOpen(run) && job !== null && (
        <button
          type="button"
          className="jp-mod-styled jp-mod-warn"
          aria-label={trans.__("Cancel %1", name)}
          disabled={busy}
          onClick={() => void act(() => jobRoutes.cancel(api, job))}
        >
          {trans.__("Cancel")}
        </button>
      )}
      {isBroken && job !== null && (
        <button
          type="button"
          className="jp-mod-styled jp-mod-accept"
          title={trans.__("Steps that are done with the same settings are not done again.")}
          disabled={busy}
          onClick={() => void act(() => jobRoutes.retry(api, job))}
        >
          {trans.__("Resume")}
        </button>
      )}
      {!isOpen(run) && (
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={onAgain}>
          {isBroken && setting !== null ? remedy : trans.__("Use these settings…")}
        </button>
      )}
      {status === "completed" && (
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={onTrain}>
          {trans.__("Train recommenders")}
        </button>
      )}
      <Failure error={failure} />
    </>
  );
}
