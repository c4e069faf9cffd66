import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette } from "@jupyterlab/apputils";
import { ILauncher } from "@jupyterlab/launcher";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { IStatusBar } from "@jupyterlab/statusbar";
import { ITranslator, nullTranslator } from "@jupyterlab/translation";
import { Token } from "@lumino/coreutils";
import { serviceApi } from "./api";
import { addCommands, sidebarId } from "./commands";
import { writeIn } from "./elements/format";
import { extensionId } from "./ids";
import { notifyOfJobs } from "./job-notifications";
import { Live } from "./live";
import type { Surroundings } from "./panel";
import { plotlyFactory } from "./plotly/mime";
import { Preferences } from "./preferences";
import { statusItem } from "./StatusItem";
import { sidebar } from "./sidebar/widget";
import { cellWriter } from "./write-cell";

/** What Assay's plugins share: requests, events, settings. */
export const surroundingsToken = new Token<Surroundings>(
  `${extensionId}:surroundings`,
  "Requests, events and settings of Assay.",
);

/** What ends with the plugins, the last begun first. */
const endings: (() => void)[] = [];

/** Settings and the connection to the service. */
const service: JupyterFrontEndPlugin<Surroundings> = {
  id: `${extensionId}:plugin`,
  description: "Connects the panels with Assay's service.",
  autoStart: true,
  provides: surroundingsToken,
  optional: [ISettingRegistry, ITranslator],
  activate: (app: JupyterFrontEnd, registry: ISettingRegistry | null, translator: ITranslator | null): Surroundings => {
    const spoken = translator ?? nullTranslator;
    const trans = spoken.load("assay_jupyterlab");
    writeIn(spoken.languageCode);
    const preferences = new Preferences();
    const attached = registry
      ? preferences
          .attach(registry, service.id, trans)
          .catch((error: unknown) => console.warn("assay: settings were not loaded", error))
      : Promise.resolve();
    const showSidebar = () => preferences.values.sidebarAtStart && app.shell.activateById(sidebarId);
    void Promise.all([attached, app.restored]).then(showSidebar);
    const api = serviceApi(app.serviceManager.serverSettings, () => preferences.values, attached);
    const live = new Live(api);
    endings.push(
      () => live.dispose(),
      () => preferences.dispose(),
    );
    return { api, live, commands: app.commands, preferences, trans, writeCell: cellWriter(app, trans) };
  },
  deactivate: () => {
    for (const end of endings.splice(0).reverse()) end();
  },
};

/** Documents, their commands, the palette and the launcher. */
const documents: JupyterFrontEndPlugin<void> = {
  id: `${extensionId}:documents`,
  description: "Experiments, New Experiment, Run, Compare, Studies, Leaderboards, Jobs, Datasets, Models, A/B Tests and Alerts.",
  autoStart: true,
  requires: [surroundingsToken],
  optional: [ILayoutRestorer, ICommandPalette, ILauncher],
  activate: (
    app: JupyterFrontEnd,
    surroundings: Surroundings,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
  ) => void endings.push(addCommands(app, surroundings, restorer, palette, launcher)),
};

/** The sidebar on the left. */
const side: JupyterFrontEndPlugin<void> = {
  id: `${extensionId}:sidebar`,
  description: "Short lists of runs, models and datasets.",
  autoStart: true,
  requires: [surroundingsToken],
  optional: [ILayoutRestorer],
  activate: (app: JupyterFrontEnd, surroundings: Surroundings, restorer: ILayoutRestorer | null) => {
    const widget = sidebar(surroundings);
    app.shell.add(widget, "left", { rank: 650 });
    restorer?.add(widget, sidebarId);
  },
};

/** The item in the status bar. */
const status: JupyterFrontEndPlugin<void> = {
  id: `${extensionId}:status`,
  description: "Shows running trainings in the status bar.",
  autoStart: true,
  requires: [surroundingsToken],
  optional: [IStatusBar],
  activate: (_: JupyterFrontEnd, surroundings: Surroundings, bar: IStatusBar | null) => {
    bar?.registerStatusItem(status.id, { item: statusItem(surroundings), align: "left", rank: 90 });
  },
};

/** Notifications of ended jobs. */
const notifications: JupyterFrontEndPlugin<void> = {
  id: `${extensionId}:notifications`,
  description: "Tells when long trainings, searches and comparisons have ended.",
  autoStart: true,
  requires: [surroundingsToken],
  activate: (app: JupyterFrontEnd, surroundings: Surroundings) =>
    // what is told behind the splash is gone before it can be read
    void app.restored.then(() => endings.push(notifyOfJobs(surroundings))),
};

/** Plotly figures in notebooks. */
const plotly: JupyterFrontEndPlugin<void> = {
  id: `${extensionId}:plotly`,
  description: "Draws plotly figures in notebooks.",
  autoStart: true,
  optional: [IRenderMimeRegistry],
  activate: (_: JupyterFrontEnd, registry: IRenderMimeRegistry | null) => registry?.addFactory(plotlyFactory),
};

export default [service, documents, side, status, notifications, plotly] as JupyterFrontEndPlugin<unknown>[];
