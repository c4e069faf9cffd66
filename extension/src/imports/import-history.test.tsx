import { Widget } from "@lumino/widgets";
import React, { act } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { StudiesPanel } from "../studies/Panel";
import { type Drawn, draw } from "../testing/draw";
import { fakeService } from "../testing/fake-service";

interface Shown {
  readonly title: string;
  readonly body: Widget;
}

const { dialogs, form } = vi.hoisted(() => ({ dialogs: [] as Shown[], form: { accept: true, value: new FormData() } }));
vi.mock("@jupyterlab/apputils", async (original) => ({
  ...(await original<object>()),
  showDialog: async (dialog: Shown) => {
    dialogs.push(dialog);
    return { button: { accept: form.accept }, value: form.value };
  },
}));

const journal = new File(["{}"], "journal.log");
const report = {
  format: "journal",
  counts: { runs: 0, studies: 2, trials: 90, metrics: 0, artifacts: 0, updated: 0, there_already: 0, left_out: 1 },
  items: [
    { kind: "study", name: "whole", outcome: "taken", reason: null, place: null },
    { kind: "study", name: "broken", outcome: "left out", reason: "a trial that cannot be read", place: "line 7" },
  ],
};

let drawn: Drawn;
const sent: unknown[] = [];

/** Presses Import… and answers the form with a journal of Optuna, or leaves it. */
async function imports(accept: boolean): Promise<void> {
  form.accept = accept;
  form.value.set("source", "optuna");
  form.value.set("file", journal);
  const service = fakeService((method, path, body) => {
    if (method !== "POST" || !path.endsWith("/import")) return undefined;
    sent.push(body);
    return { import: report };
  });
  drawn = await draw(<StudiesPanel />, service);
  await drawn.press("Import…");
}

afterEach(async () => {
  await drawn.close();
  dialogs.length = 0;
  sent.length = 0;
});

test("a file goes to the service with the name of the program that wrote it", async () => {
  await imports(true);
  expect([...(sent[0] as FormData).entries()]).toEqual([
    ["source", "optuna"],
    ["file", expect.objectContaining({ name: "journal.log" })],
  ]);
});

test("what was taken over is counted, and what was left out stands with its reason and place", async () => {
  await imports(true);
  const { title, body } = dialogs[1]!;
  await act(async () => Widget.attach(body, document.body));
  expect([title, ...[...body.node.querySelectorAll("p, li")].map(({ textContent }) => textContent)]).toEqual([
    "Imported from journal.log",
    "journal: 2 studies, 90 trials, 1 left out",
    "study broken · a trial that cannot be read · line 7",
  ]);
  await act(async () => Widget.detach(body));
});

test("what is taken over stands in the list at once", async () => {
  await imports(true);
  const { asked } = drawn.service;
  expect(asked.slice(asked.findIndex((each) => each.endsWith("/import")) + 1)).toContain("GET api/ml/studies");
});

test("who leaves the form sends nothing", async () => {
  await imports(false);
  expect(sent).toEqual([]);
});
