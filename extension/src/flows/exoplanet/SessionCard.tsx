import type { TrainingSession } from "assay-lab/contract";
import React, { useState } from "react";
import { FactList } from "../../elements/FactList";
import { formatDuration, formatInstant, formatMetric } from "../../elements/format";
import { Failure } from "../../elements/states";
import { Progress, Status } from "../../elements/status";
import { useAction } from "../../elements/use-action";
import { commandIds } from "../../ids";
import { usePanel } from "../../panel";
import { exoplanetRoutes } from "./exoplanet-routes";
import { SessionCurves } from "./SessionCurves";

/** The registry's name of every session's model; the session is its version. */
const registered = "exoplanet_model";

interface SessionCardProps {
  session: TrainingSession;
  isOpen: boolean;
  onChanged(): void;
}

/** One session: status, epochs, metrics as of now, then what the test stars say, boosting beside it; opened, its curves. */
export function SessionCard({ session, isOpen, onChanged }: SessionCardProps): React.JSX.Element {
  const { api, commands, preferences, trans } = usePanel();
  const { act, failure } = useAction(onChanged);
  const [toggled, setToggled] = useState<boolean | null>(null);
  const { session_id: id, session_status: status, metrics, results, saved_as, model_id, error } = session;
  const isOver = status === "completed";
  const shown = toggled ?? isOpen;
  const digits = preferences.values.decimals;
  const withInterval = (split: string): string => {
    const [value, low, high] = ["accuracy", "accuracy_low", "accuracy_high"].map((name) =>
      formatMetric(results[`${split}.${name}`] ?? null, digits),
    );
    return results[`${split}.accuracy_low`] === undefined ? value! : `${value} (${low} – ${high})`;
  };
  const facts = [
    [trans.__("accuracy"), formatMetric(metrics.accuracy, digits)],
    [trans.__("validation"), formatMetric(metrics.val_accuracy, digits)],
    [trans.__("loss"), formatMetric(metrics.loss, digits)],
    [trans.__("period MAE (dex)"), formatMetric(metrics.period_mae, digits)],
    [trans.__("depth MAE (dex)"), formatMetric(metrics.depth_mae, digits)],
    ...(isOver
      ? ([
          [trans.__("test stars (95 %)"), withInterval("test")],
          [trans.__("boosting on them (95 %)"), withInterval("boosting")],
        ] as const)
      : []),
  ] as const;
  return (
    <li className="jp-AssayExoplanets-card" data-session={id}>
      <div className="jp-Assay-bar">
        <button
          type="button"
          className="jp-Assay-link"
          onClick={() => void commands.execute(commandIds.run, { id, name: session.model_name })}
        >
          {saved_as ?? session.model_name}
        </button>
        <Status status={status} />
        <span className="jp-Assay-faint">{`${session.dataset ?? ""} · ${formatInstant(session.created_at)}`}</span>
        <button type="button" className="jp-mod-styled jp-mod-minimal" aria-expanded={shown} onClick={() => setToggled(!shown)}>
          {shown ? trans.__("Hide curves") : trans.__("Show curves")}
        </button>
        {model_id !== null && (
          <button
            type="button"
            className="jp-mod-styled jp-mod-minimal"
            onClick={() => void commands.execute(commandIds.model, { name: registered, version: saved_as })}
          >
            {trans.__("Open model")}
          </button>
        )}
        {(status === "pending" || status === "training") && (
          <button type="button" className="jp-mod-styled jp-mod-warn" onClick={() => act(() => exoplanetRoutes.cancel(api, id))}>
            {trans.__("Cancel")}
          </button>
        )}
      </div>
      {status === "training" && <Epochs session={session} />}
      <FactList className="jp-AssayExoplanets-facts" facts={facts} />
      <Failure error={error} />
      <Failure error={failure} />
      {shown && <SessionCurves id={id} />}
    </li>
  );
}

/** Which epoch it is, and how long the rest takes if the others take as long. */
function Epochs({ session: { epoch, epochs, progress } }: { session: TrainingSession }): React.JSX.Element {
  const { trans } = usePanel();
  const label = trans.__("Epoch %1 of %2", epoch, epochs);
  const leftMs = epoch > 0 && progress ? (progress.elapsed_ms / epoch) * (epochs - epoch) : null;
  const left = leftMs === null ? "" : ` · ${trans.__("at most %1 left", formatDuration(leftMs))}`;
  return (
    <>
      <Progress step={epoch} steps={epochs} label={label} />
      <p className="jp-Assay-faint">{label + left}</p>
    </>
  );
}
