// Every section and every kind of document, drawn from the contract's examples, in each state that it can be in.
import React from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AbTestsPanel } from "./ab/AbTests";
import { AbTestPanel } from "./ab/Panel";
import { ComparePanel } from "./compare/Panel";
import { DatasetPanel } from "./dataset/Panel";
import { DatasetsPanel } from "./datasets/Panel";
import { ExperimentsPanel } from "./experiments/Panel";
import { ExoplanetsPanel } from "./flows/exoplanet/Panel";
import { RecommendationsPanel } from "./flows/recommendation/Panel";
import { WorkoutsPanel } from "./flows/workout/Panel";
import { JobsPanel } from "./jobs/Panel";
import { LeaderboardPanel } from "./leaderboard/Panel";
import { ModelPanel } from "./model/Panel";
import { ModelsPanel } from "./models/Panel";
import { AlertsPanel } from "./monitoring/Alerts";
import { NewExperimentPanel } from "./new-experiment/Panel";
import { RunPanel } from "./run/Panel";
import { SidebarPanel } from "./sidebar/Panel";
import { StudiesPanel } from "./studies/Panel";
import { StudyPanel } from "./study/Panel";
import { CompareStudiesPanel } from "./study-comparison/Panel";
import { type Drawn, draw } from "./testing/draw";
import { fakeService, forbids, nobodyAnswers, nothingThere, refuses } from "./testing/fake-service";

vi.mock("./plotly/Figure", () => ({ Figure: () => null }));

const id = "01981c3e-7a10-7c42-9d6f-0b6a51a1c0b2";

/** Lists, with what they say where there is nothing and the button that is pressed first. */
const sections: [name: string, panel: () => React.JSX.Element, empty: string, button: string][] = [
  ["experiments", () => <ExperimentsPanel />, "No runs yet.", "Train a model"],
  ["datasets", () => <DatasetsPanel />, "No datasets yet.", "Choose a file…"],
  ["studies", () => <StudiesPanel />, "No studies yet.", "Search hyperparameters"],
  ["jobs", () => <JobsPanel />, "No jobs yet.", "Train a model"],
  ["models", () => <ModelsPanel />, "No models yet.", "Choose a run"],
  ["A/B tests", () => <AbTestsPanel />, "No A/B tests yet.", "Try two versions"],
  ["alerts", () => <AlertsPanel />, "No alerts.", "Choose a model"],
  ["exoplanets", () => <ExoplanetsPanel />, "No training sessions yet.", "Train a network"],
  ["workouts", () => <WorkoutsPanel />, "No training log yet.", "Add a log"],
  ["recommendations", () => <RecommendationsPanel />, "No dataset version yet.", "Make the first version"],
  ["the sidebar", () => <SidebarPanel />, "No runs yet.", "Train a model"],
];
const documents: [name: string, panel: () => React.JSX.Element][] = [
  ["a dataset", () => <DatasetPanel id={id} />],
  ["a run", () => <RunPanel id={id} />],
  ["a study", () => <StudyPanel id={id} />],
  ["a model", () => <ModelPanel name="koi" />],
  ["a leaderboard", () => <LeaderboardPanel id={id} />],
  ["a comparison", () => <ComparePanel ids={[id, id.replace("01", "02")]} />],
  ["a comparison of studies", () => <CompareStudiesPanel ids={[id, id.replace("01", "02")]} />],
  ["an A/B test", () => <AbTestPanel id={id} />],
  ["a new experiment", () => <NewExperimentPanel />],
];
const all = [...sections.map(([name, panel]) => [name, panel] as const), ...documents];

let drawn: Drawn | undefined;
beforeEach(() => void vi.spyOn(console, "warn").mockReturnValue());
afterEach(async () => {
  await drawn?.close();
  drawn = undefined;
  vi.restoreAllMocks();
});
const count = (selector: string) => drawn!.node.querySelectorAll(selector).length;
const throwing = (error: () => Error) => () => {
  throw error();
};

describe.each(all)("%s", (_, panel) => {
  test("draws the contract's example, without a refusal and without grey bars", async () => {
    drawn = await draw(panel());
    expect([count(".jp-Assay-failure"), count(".jp-Assay-loading"), count(".jp-Assay-offline")]).toEqual([0, 0, 0]);
    expect(drawn.node.textContent).not.toBe("");
  });

  test("says that it is on its way", async () => {
    drawn = await draw(
      panel(),
      fakeService(() => new Promise(() => {})),
    );
    expect(count(".jp-Assay-loading")).toBeGreaterThan(0);
    expect(count(".jp-Assay-failure")).toBe(0);
  });

  test("says why it is refused, and is drawn after it was tried again", async () => {
    drawn = await draw(
      panel(),
      fakeService(throwing(() => refuses(500, "the service failed; request 7 in its log says why", "internal"))),
    );
    expect(drawn.node.querySelector('.jp-Assay-failure[data-state="error"]')?.textContent).toContain("request 7");
    drawn.service.answer = () => undefined;
    while (count(".jp-Assay-failure button")) await drawn.press("Try again");
    expect(count(".jp-Assay-failure")).toBe(0);
  });

  test("says once that the service is away, and comes back by itself", async () => {
    drawn = await draw(panel(), fakeService(throwing(nobodyAnswers)));
    expect([count(".jp-Assay-offline"), count(".jp-Assay-failure")]).toEqual([1, 0]);
    drawn.service.answer = () => undefined;
    await drawn.press("Try now");
    await drawn.settle();
    expect([count(".jp-Assay-offline"), count(".jp-Assay-loading")]).toEqual([0, 0]);
  });

  test("keeps what was drawn while the service is away", async () => {
    drawn = await draw(panel());
    const before = drawn.node.textContent!;
    drawn.service.answer = throwing(nobodyAnswers);
    await drawn.show(false);
    await drawn.show(true);
    expect(drawn.node.textContent).toContain(before);
    expect(count(".jp-Assay-offline")).toBe(1);
  });

  test("says whose project it is and which role it needs, where it may not be read", async () => {
    const words = "this user may not read in the project: needs the role viewer, has none (the project survey of ada)";
    drawn = await draw(panel(), fakeService(throwing(() => forbids(words))));
    expect(drawn.node.querySelector('.jp-Assay-failure[data-state="forbidden"]')?.textContent).toContain(words);
  });

  test("asks nothing while it is hidden, and takes every listener along when it is closed", async () => {
    drawn = await draw(panel());
    await drawn.show(false);
    const before = drawn.service.asked.length;
    await drawn.settle();
    expect(drawn.service.asked.length).toBe(before);
    await drawn.close();
    expect(drawn.live.state).toBe("idle");
    drawn = undefined;
  });
});

/** What an editor may do and a viewer may not, by the button that does it, below the tab where there is one. */
const writes: [name: string, panel: () => React.JSX.Element, ...buttons: string[]][] = [
  ["a job", () => <JobsPanel />, "Cancel"],
  ["a schedule", () => <JobsPanel />, "Schedules", "Delete"],
  ["a study", () => <StudyPanel id={id} />, "Stop"],
  ["a study of the list", () => <StudiesPanel />, "×"],
  ["an alert", () => <AlertsPanel />, "Acknowledge"],
  ["a run", () => <RunPanel id={id} />, "Delete"],
  ["a split", () => <DatasetPanel id={id} />, "Splits", "Split version 1"],
  ["a saved chart", () => <DatasetPanel id={id} />, "Charts", "Save chart"],
  ["a rule", () => <ModelPanel name="koi" />, "Monitoring", "Check now"],
  ["a version", () => <ModelPanel name="koi" />, "▸ 1.0.0", "Delete…"],
  ["an exoplanet session", () => <ExoplanetsPanel />, "Cancel"],
  ["a run of the ETL", () => <RecommendationsPanel />, "New version", "Make the application"],
  ["an ensemble of workouts", () => <WorkoutsPanel />, "Forecasts", "Train the ensemble"],
];

describe.each(writes)("a viewer who would change %s", (_, panel, ...buttons) => {
  test("is told whose project it is and which role it needs, and nothing else changes", async () => {
    const service = fakeService((method) => {
      if (method !== "GET") throw forbids();
    });
    drawn = await draw(panel(), service);
    for (const button of buttons) await drawn.press(button);
    const words = "needs the role editor, has viewer (the project survey of ada)";
    expect(drawn.node.querySelector('.jp-Assay-failure[data-state="forbidden"]')?.textContent).toContain(words);
    expect(count(".jp-Assay-offline")).toBe(0);
  });
});

describe.each(sections)("%s without anything", (_, panel, title, button) => {
  test("says so, and what to do first, with the button that does it", async () => {
    drawn = await draw(panel(), fakeService(nothingThere));
    const empty = [...drawn.node.querySelectorAll(".jp-Assay-empty")].find((each) => each.textContent?.includes(title));
    expect(empty?.querySelector("button")?.textContent).toBe(button);
  });
});
