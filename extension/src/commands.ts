import type { ILayoutRestorer, JupyterFrontEnd } from "@jupyterlab/application";
import type { ICommandPalette } from "@jupyterlab/apputils";
import type { ILauncher } from "@jupyterlab/launcher";
import { addFileCommand } from "./datasets/file-command";
import { addDocument } from "./documents";
import { commandIds } from "./ids";
import {
  compareKind,
  datasetKind,
  datasetsKind,
  experimentsKind,
  jobsKind,
  leaderboardKind,
  modelsKind,
  newExperimentKind,
  runKind,
  studiesKind,
  studyKind,
} from "./kinds";
import type { Surroundings } from "./panel";

/** Adds the commands that open Assay's documents, and puts those without arguments where JupyterLab offers commands. */
export function addCommands(
  app: JupyterFrontEnd,
  surroundings: Surroundings,
  restorer: ILayoutRestorer | null,
  palette: ICommandPalette | null,
  launcher: ILauncher | null,
): void {
  const { trans } = surroundings;
  addDocument(app, surroundings, restorer, experimentsKind(trans));
  addDocument(app, surroundings, restorer, newExperimentKind(trans));
  addDocument(app, surroundings, restorer, modelsKind(trans));
  addDocument(app, surroundings, restorer, datasetsKind(trans));
  addDocument(app, surroundings, restorer, datasetKind(trans));
  addDocument(app, surroundings, restorer, runKind(trans));
  addDocument(app, surroundings, restorer, compareKind(trans));
  addDocument(app, surroundings, restorer, studiesKind(trans));
  addDocument(app, surroundings, restorer, studyKind(trans));
  addDocument(app, surroundings, restorer, leaderboardKind(trans));
  addDocument(app, surroundings, restorer, jobsKind(trans));

  addFileCommand(app, surroundings);
  app.commands.addCommand(commandIds.sidebar, {
    label: trans.__("Show Assay"),
    caption: trans.__("Show the sidebar of Assay"),
    describedBy: { args: { type: "object", properties: {} } },
    execute: () => app.shell.activateById(sidebarId),
  });
  const category = trans.__("Assay");
  const { datasets, experiments, newExperiment, studies, jobs, models, sidebar } = commandIds;
  [datasets, experiments, newExperiment, studies, jobs, models, sidebar].forEach((command, rank) => {
    palette?.addItem({ command, category });
    if (command !== sidebar) launcher?.add({ command, category, rank });
  });
}

/** Id of the sidebar's widget. */
export const sidebarId = "assay-sidebar";
