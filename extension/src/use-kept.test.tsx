// What a document shows is kept: it comes from a link or an old layout, follows what is asked anew, and is handed on when the reader changes it.
import React, { act, useLayoutEffect } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { DatasetPanel } from "./dataset/Panel";
import { DocumentView } from "./document-view";
import { ExperimentsPanel } from "./experiments/Panel";
import { JobsPanel } from "./jobs/Panel";
import { NewExperimentPanel } from "./new-experiment/Panel";
import { type Drawn, draw } from "./testing/draw";
import { ViewContext } from "./use-kept";

vi.mock("./plotly/Figure", () => ({ Figure: () => null }));

let drawn: Drawn | undefined;
afterEach(async () => {
  await drawn?.close();
  drawn = undefined;
});
const drawIn = async (view: DocumentView, panel: React.JSX.Element) => {
  drawn = await draw(<ViewContext.Provider value={view}>{panel}</ViewContext.Provider>);
};
const chosenTab = () => drawn!.node.querySelector('[role="tab"][aria-selected="true"]')?.textContent;
const field = (label: string) => drawn!.node.querySelector<HTMLInputElement>(`[aria-label="${label}"]`);
const id = "01981c3e-7a10-7c42-9d6f-0b6a51a1c0b2";

test("a tab is the one that was asked for, and the one that is pressed is kept", async () => {
  const view = new DocumentView({ tab: "splits" });
  await drawIn(view, <DatasetPanel id={id} />);
  expect(chosenTab()).toBe("Splits");
  await drawn!.press("Charts");
  expect(view.values).toEqual({ tab: "charts" });
  await drawn!.press("Columns");
  expect(view.values).toEqual({}); // as it is by itself
});

test("a document that is open follows what is asked of it anew", async () => {
  const view = new DocumentView({});
  await drawIn(view, <JobsPanel />);
  const first = chosenTab();
  await act(async () => view.ask({ tab: "schedules" }));
  expect(chosenTab()).toBe("Schedules");
  await act(async () => view.ask({}));
  expect(chosenTab()).toBe(first);
});

test("what is asked anew while a document is being drawn is shown", async () => {
  const view = new DocumentView({});
  const Asking = () => {
    useLayoutEffect(() => view.ask({ tab: "schedules" }), []);
    return null;
  };
  await drawIn(
    view,
    <>
      <JobsPanel />
      <Asking />
    </>,
  );
  expect(chosenTab()).toBe("Schedules");
});

test("a tab that does not exist, or is no name, is the first", async () => {
  await drawIn(new DocumentView({ tab: "gone" }), <JobsPanel />);
  const first = chosenTab();
  await drawn!.close();
  await drawIn(new DocumentView({ tab: 7 }), <JobsPanel />);
  expect(chosenTab()).toBe(first);
});

test("a table has its filter, order and columns from the link, tells them to its own, and asks the service for them", async () => {
  const asked = { filter: "status = 'failed'", sort: "-name", columns: ["name", "algorithm"], pinned: ["name"] };
  const view = new DocumentView(asked);
  await drawIn(view, <ExperimentsPanel />);
  expect(field("Filter")?.value).toBe(asked.filter);
  expect(view.values).toEqual(asked);
  expect(view.link).toEqual(asked);
});

test("a table of the reader's own columns tells them to its link, and keeps none of them", async () => {
  const view = new DocumentView({});
  await drawIn(view, <ExperimentsPanel />);
  expect(view.values).toEqual({});
  expect(view.link["columns"]).toContain("status");
});

test("nonsense in a link leaves the plain table", async () => {
  await drawIn(new DocumentView({ filter: 3, sort: null, conditions: [{ field: 1 }], columns: "name" }), <ExperimentsPanel />);
  expect(field("Filter")?.value).toBe("");
});

test("a form holds what it held, with its ranges, and what is written into it is kept", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
  try {
    const form = { runName: "kept", seed: 7, features: ["koi_depth"], hyperparameters: { n_estimators: 5 } };
    const view = new DocumentView({ form });
    await drawIn(view, <NewExperimentPanel />);
    await act(async () => void (await vi.advanceTimersByTimeAsync(1000)));
    expect(view.values["form"]).toMatchObject({ runName: "kept", seed: 7 });
  } finally {
    vi.useRealTimers();
  }
});

test("a form from a link that is none leaves the form as it is", async () => {
  await drawIn(
    new DocumentView({ form: { search: { ranges: { a: null, b: { type: "x" } } }, features: 3, seed: "7" } }),
    <NewExperimentPanel />,
  );
  await drawn!.close();
  await drawIn(new DocumentView({ form: ["a"] }), <NewExperimentPanel />);
  expect(drawn!.node.textContent).toContain("Dataset");
});
