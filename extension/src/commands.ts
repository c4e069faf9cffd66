import type { ILayoutRestorer, JupyterFrontEnd } from "@jupyterlab/application";
import type { ICommandPalette } from "@jupyterlab/apputils";
import type { ILauncher } from "@jupyterlab/launcher";
import { addFileCommand } from "./datasets/file-command";
import { addDocument, type DocumentKind } from "./documents";
import { addRunCommands, runsMeant } from "./experiments/run-commands";
import { commandIds } from "./ids";
import {
  abTestKind,
  abTestsKind,
  alertsKind,
  compareKind,
  compareStudiesKind,
  datasetKind,
  datasetsKind,
  exoplanetsKind,
  experimentsKind,
  jobsKind,
  leaderboardKind,
  modelKind,
  modelsKind,
  newExperimentKind,
  recommendationsKind,
  runKind,
  studiesKind,
  studyKind,
  workoutsKind,
} from "./kinds";
import { addLinkCommand, followLinks } from "./link-command";
import type { Surroundings } from "./panel";

/**
 * Adds the commands that open Assay's documents, and those of runs and links, and puts what needs no arguments where JupyterLab offers commands. Ends
 * following links when the returned function is called.
 */
export function addCommands(
  app: JupyterFrontEnd,
  surroundings: Surroundings,
  restorer: ILayoutRestorer | null,
  palette: ICommandPalette | null,
  launcher: ILauncher | null,
): () => void {
  const { trans } = surroundings;
  const meantRun = () => {
    const [run] = runsMeant(app)?.runs ?? [];
    return run ? { id: run.id, name: run.name } : null;
  };
  const meantRuns = () => {
    const meant = runsMeant(app);
    return meant && { ids: [...meant.ids] };
  };
  const add = <Args extends object>(kind: DocumentKind<Args>) => addDocument(app, surroundings, restorer, kind);
  const linked = [
    add(experimentsKind(trans)),
    add(newExperimentKind(trans)),
    add(modelsKind(trans)),
    add(modelKind(trans)),
    add(abTestsKind(trans)),
    add(abTestKind(trans)),
    add(alertsKind(trans)),
    add(datasetsKind(trans)),
    add(datasetKind(trans)),
    add({ ...runKind(trans), meant: meantRun }),
    add({ ...compareKind(trans), meant: meantRuns }),
    add(studiesKind(trans)),
    add(studyKind(trans)),
    add(compareStudiesKind(trans)),
    add(leaderboardKind(trans)),
    add(jobsKind(trans)),
    add(exoplanetsKind(trans)),
    add(workoutsKind(trans)),
    add(recommendationsKind(trans)),
  ];
  addRunCommands(app, surroundings);
  addLinkCommand(app, surroundings);
  addFileCommand(app, surroundings);
  app.commands.addCommand(commandIds.sidebar, {
    label: trans.__("Show Assay"),
    caption: trans.__("Show the sidebar of Assay"),
    describedBy: { args: { type: "object", properties: {} } },
    execute: () => app.shell.activateById(sidebarId),
  });
  const category = trans.__("Assay");
  const { datasets, experiments, newExperiment, studies, jobs, models, abTests, alerts, sidebar } = commandIds;
  const flows = [commandIds.exoplanets, commandIds.workouts, commandIds.recommendations];
  const launched = [datasets, experiments, newExperiment, studies, jobs, models, ...flows];
  for (const command of [...launched, abTests, alerts, commandIds.link, sidebar]) palette?.addItem({ command, category });
  for (const [rank, command] of launched.entries()) launcher?.add({ command, category, rank });
  return followLinks(app, linked);
}

/** Id of the sidebar's widget. */
export const sidebarId = "assay-sidebar";
