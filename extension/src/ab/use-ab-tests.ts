import type { AbResult, AbTest } from "assay-lab/contract";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { useRefresh } from "../elements/use-refresh";
import { usePanel } from "../panel";
import { everyPage } from "../routes";
import { abRoutes } from "./ab-routes";

/** Exposures and outcomes come without events: a running test is read again this often. */
const refreshMs = 10_000;

/** A/B tests, running ones first, then the newest; of one model where it is given. */
export function useAbTests(model: string | undefined): Loaded<AbTest[]> {
  const { api } = usePanel();
  const loaded = useLoaded(model ?? "every model", async () => {
    const tests = await everyPage((cursor) => abRoutes.list(api, cursor));
    const isOf = (cited: string) => cited.slice(0, cited.lastIndexOf("@")) === model;
    return tests
      .filter(({ model_a, model_b }) => model === undefined || isOf(model_a) || isOf(model_b))
      .sort((a, b) => rank(a) - rank(b) || b.created_at.localeCompare(a.created_at));
  });
  const soon = useSoon(loaded.reload, 200);
  useEvents((event) => event.kind === "model" && event.action === "ab_test" && soon(), loaded.reload);
  return loaded;
}

/** What a test has shown so far, kept live. */
export function useAbResult(id: string): Loaded<AbResult> {
  const { api } = usePanel();
  const loaded = useLoaded(id, () => abRoutes.result(api, id));
  const soon = useSoon(loaded.reload, 200);
  useEvents((event) => event.kind === "model" && event.action === "ab_test" && soon(), loaded.reload);
  useRefresh(loaded.reload, refreshMs, loaded.data?.test.test_status === "running");
  return loaded;
}

function rank({ test_status }: AbTest): number {
  return ["running", "draft", "stopped"].indexOf(test_status);
}
