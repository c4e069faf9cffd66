import { etlSettings } from "assay-lab/contract";
import { expect, test } from "vitest";
import { draftOf, firstEtlDraft, problemsOf, requestOf, suggestedVersions, versionsOf } from "./etl-draft";

test("the next version is the refresh behind the newest, also where ten follows nine", () => {
  expect(suggestedVersions([])).toEqual({ refresh: "1.0", change: "2.0" });
  expect(suggestedVersions(["1.9", "1.10", "0.7"])).toEqual({ refresh: "1.11", change: "2.0" });
  expect(requestOf(firstEtlDraft, ["1.0"]).version).toBe("1.1");
});

test("only runs that were completed have made a version", () => {
  const runs = [
    { run_status: "failed", version: "1.1" },
    { run_status: "completed", version: "1.0" },
    { run_status: "queued", version: null },
  ] as const;
  expect(versionsOf(runs)).toEqual(["1.0"]);
});

test("a version that exists, or is none, is not sent", () => {
  expect(problemsOf({ ...firstEtlDraft, version: "1.0" }, ["1.0"])).toEqual(["version"]);
  expect(problemsOf({ ...firstEtlDraft, version: "one" }, [])).toEqual(["version"]);
  expect(problemsOf({ ...firstEtlDraft, windowDays: Number.NaN, testShare: 100 }, [])).toEqual(["window_days", "test_size"]);
});

test("the form sends what the service takes, and takes back what a run had", () => {
  const draft = { ...firstEtlDraft, version: "2.0", testShare: 12.5, until: "2026-06-30" };
  const request = requestOf(draft, []);
  expect(request.until).toBe("2026-07-01T00:00:00.000Z");
  const settings = etlSettings.parse(request);
  expect(draftOf(settings, null, [])).toEqual(draft);
  expect(draftOf(settings, null, ["2.0"]).version).toBe("");
});
