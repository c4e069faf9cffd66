import { InputDialog } from "@jupyterlab/apputils";
import type { Alert } from "assay-lab/contract";
import React, { useId, useState } from "react";
import { Select } from "../elements/Field";
import { formatInstant } from "../elements/format";
import { Empty, Failure, State } from "../elements/states";
import { Status } from "../elements/status";
import { useAction } from "../elements/use-action";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { monitorRoutes } from "./monitor-routes";
import { useAlerts } from "./use-monitoring";

/** The document of every model's alerts. */
export function AlertsPanel(): React.JSX.Element {
  return (
    <div className="jp-Assay-panel jp-mod-scroll">
      <Alerts />
    </div>
  );
}

type Shown = "unresolved" | Alert["alert_status"];

/** Alerts of one model, or of all: seen to, resolved, and those that were. */
export function Alerts({ model }: { model?: string }): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const id = useId();
  const [shown, setShown] = useState<Shown>("unresolved");
  const alerts = useAlerts(model, shown === "unresolved" ? undefined : shown);
  const { act, failure } = useAction(alerts.reload);
  const isShown = ({ alert_status }: Alert) => shown !== "unresolved" || alert_status !== "resolved";
  const move = async (alert: Alert, to: "acknowledge" | "resolve") => {
    const { button, value } = await InputDialog.getText({
      title: to === "resolve" ? trans.__("Resolve this alert?") : trans.__("See to this alert?"),
      label: trans.__("Note (kept with the alert)"),
      placeholder: trans.__("optional"),
      okLabel: to === "resolve" ? trans.__("Resolve") : trans.__("Acknowledge"),
    });
    if (button.accept) await monitorRoutes.moveAlert(api, alert.alert_id, to, value ?? "");
  };
  const none =
    model === undefined ? (
      <Empty
        title={trans.__("No alerts.")}
        action={{ label: trans.__("Choose a model"), run: () => void commands.execute(commandIds.models) }}
      >
        <p>{trans.__("Rules that open them are set in a model's Monitoring.")}</p>
      </Empty>
    ) : (
      <p className="jp-Assay-faint">{trans.__("None: nothing is beyond its bounds.")}</p>
    );
  return (
    <section aria-label={trans.__("Alerts")} className="jp-AssayAlerts">
      <div className="jp-Assay-bar">
        <h2>{trans.__("Alerts")}</h2>
        <span className="jp-Assay-spring" />
        <Select
          id={id}
          name="alert_status"
          label={trans.__("Which alerts")}
          value={shown}
          options={[
            { value: "unresolved", label: trans.__("not resolved") },
            { value: "open", label: trans.__("open") },
            { value: "acknowledged", label: trans.__("acknowledged") },
            { value: "resolved", label: trans.__("resolved") },
          ]}
          onChange={(next) => setShown(next as Shown)}
        />
      </div>
      <Failure error={failure} />
      <State of={alerts} rows={2} empty={(all) => !all.some(isShown) && none}>
        {(all) => (
          <ul className="jp-AssayJobs-list" aria-label={trans.__("Alerts")}>
            {all.filter(isShown).map((alert) => (
              <AlertItem
                key={alert.alert_id}
                alert={alert}
                showsModel={model === undefined}
                onMove={(to) => void act(() => move(alert, to))}
              />
            ))}
          </ul>
        )}
      </State>
    </section>
  );
}

interface AlertItemProps {
  alert: Alert;
  showsModel: boolean;
  onMove(move: "acknowledge" | "resolve"): void;
}

function AlertItem({ alert, showsModel, onMove }: AlertItemProps): React.JSX.Element {
  const { commands, trans } = usePanel();
  const { model, monitor, alert_status, message, times, opened_at, seen_at, resolved_at, note } = alert;
  return (
    <li data-alert={monitor} data-status={alert_status}>
      <div className="jp-Assay-bar">
        <strong>{monitor}</strong>
        <Status status={alert_status} />
        {showsModel && (
          <button
            type="button"
            className="jp-Assay-link"
            onClick={() => void commands.execute(commandIds.model, { name: model, tab: "monitoring" })}
          >
            {model}
          </button>
        )}
        <span className="jp-Assay-spring" />
        <div className="jp-Assay-actions">
          {alert_status === "open" && (
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={trans.__("Acknowledge %1", monitor)}
              onClick={() => onMove("acknowledge")}
            >
              {trans.__("Acknowledge")}
            </button>
          )}
          {alert_status !== "resolved" && (
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={trans.__("Resolve %1", monitor)}
              onClick={() => onMove("resolve")}
            >
              {trans.__("Resolve")}
            </button>
          )}
        </div>
      </div>
      <p>{message}</p>
      <p className="jp-Assay-faint">
        {[
          trans.__("opened %1", formatInstant(opened_at)),
          trans._n("found %1 time", "found %1 times", times),
          ...(resolved_at === null ? [trans.__("last %1", formatInstant(seen_at))] : []),
          ...(alert.acknowledged_by ? [trans.__("acknowledged by %1", alert.acknowledged_by)] : []),
          ...(resolved_at
            ? [
                alert.resolved_by
                  ? trans.__("resolved %1 by %2", formatInstant(resolved_at), alert.resolved_by)
                  : trans.__("resolved %1 by itself", formatInstant(resolved_at)),
              ]
            : []),
          ...(note === "" ? [] : [note]),
        ].join(" · ")}
      </p>
    </li>
  );
}
