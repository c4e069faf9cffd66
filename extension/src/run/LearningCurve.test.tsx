import { routes } from "assay-lab/client";
import type { RunInfo } from "assay-lab/contract";
import React, { act } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { type Drawn, draw } from "../testing/draw";
import { fakeService } from "../testing/fake-service";
import { curveRequest, LearningCurve } from "./LearningCurve";

vi.mock("../plotly/Figure", () => ({ Figure: ({ label }: { label: string }) => <div role="figure" aria-label={label} /> }));

const request = { dataset_id: "koi@1", target_column: "kind", algorithm: "ridge", test_size: 0.2, time_column: null };
const run = { ...(routes.runs.get.example.answer.experiment as RunInfo), request };
let drawn: Drawn;
afterEach(() => drawn?.close());

test("the curve of a run is not computed before it is asked for", async () => {
  drawn = await draw(<LearningCurve run={run} />);
  expect(drawn.service.asked).toEqual([]);
});

test("the curve of a run is drawn when it is asked for", async () => {
  drawn = await draw(<LearningCurve run={run} />, fakeService());
  await act(async () => drawn.node.querySelector("button")!.click());
  await drawn.settle();
  expect(drawn.node.querySelector("[role=figure]")!.getAttribute("aria-label")).toBe("Learning curve");
});

test("the curve is of the run's data and algorithm, on folds in place of its split", () => {
  expect(curveRequest(run)).toEqual({ dataset_id: "koi@1", target_column: "kind", algorithm: "ridge", cv: 3 });
});
