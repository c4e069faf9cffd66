import type { ReactWidget } from "@jupyterlab/apputils";
import React, { useEffect, useState } from "react";
import { useEvents, useSoon } from "./elements/use-events";
import { useLoaded } from "./elements/use-loaded";
import { commandIds } from "./ids";
import { PanelWidget, type Surroundings, usePanel } from "./panel";
import { routes } from "./routes";

/** The status bar's item: how many trainings run, or that the service is away. */
export function statusItem(surroundings: Surroundings): ReactWidget {
  const widget = new PanelWidget(surroundings, () => <StatusText />);
  widget.addClass("jp-AssayStatusItem");
  return widget;
}

function StatusText(): React.JSX.Element {
  const { api, live, commands, trans } = usePanel();
  const [state, setState] = useState(live.state);
  const jobs = useLoaded("jobs", () => routes.jobs(api));
  const soon = useSoon(jobs.reload, 300);
  useEvents((event) => {
    if (event.kind === "job" || event.kind === "run") soon();
  }, jobs.reload);
  useEffect(() => {
    const follow = () => setState(live.state);
    live.stateChanged.connect(follow);
    follow();
    return () => void live.stateChanged.disconnect(follow);
  }, [live]);

  const running = jobs.data?.items.filter(({ job_status }) => job_status === "queued" || job_status === "running").length ?? 0;
  const away = state === "away";
  const text = away
    ? trans.__("Assay: away")
    : running > 0
      ? trans._n("Assay: %1 job", "Assay: %1 jobs", running)
      : trans.__("Assay");
  const press = () => {
    if (away) live.retry();
    else void commands.execute(commandIds.experiments);
  };
  return (
    <button
      type="button"
      data-state={away ? "away" : running > 0 ? "busy" : "live"}
      title={away ? trans.__("The service does not answer; press to try again") : trans.__("Open Experiments")}
      onClick={press}
    >
      <span aria-hidden="true" className="jp-Assay-dot" />
      {text}
    </button>
  );
}
