import type { ReactWidget } from "@jupyterlab/apputils";
import React from "react";
import { useEvents, useSoon } from "./elements/use-events";
import { useLoaded } from "./elements/use-loaded";
import { commandIds } from "./ids";
import { jobRoutes } from "./job-routes";
import { PanelWidget, type Surroundings, usePanel } from "./panel";

/** The status bar's item: how many trainings run, or that the service is away. */
export function statusItem(surroundings: Surroundings): ReactWidget {
  const widget = new PanelWidget(surroundings, () => <StatusText />);
  widget.addClass("jp-AssayStatusItem");
  return widget;
}

function StatusText(): React.JSX.Element {
  const { api, live, commands, away, trans } = usePanel();
  const jobs = useLoaded("jobs", () => jobRoutes.open(api));
  const soon = useSoon(jobs.reload, 300);
  useEvents((event) => {
    if (event.kind === "job" && !event.progress) soon();
  }, jobs.reload);

  const running = jobs.data?.items.length ?? 0;
  const text = away
    ? trans.__("Assay: away")
    : running > 0
      ? trans._n("Assay: %1 job", "Assay: %1 jobs", running)
      : trans.__("Assay");
  const press = () => {
    if (away) live.retry();
    else void commands.execute(commandIds.jobs);
  };
  return (
    <button
      type="button"
      data-state={away ? "away" : running > 0 ? "busy" : "live"}
      title={away ? trans.__("The service does not answer; press to try again") : trans.__("Open Training")}
      onClick={press}
    >
      <span aria-hidden="true" className="jp-Assay-dot" />
      {text}
    </button>
  );
}
