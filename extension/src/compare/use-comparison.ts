import type { Comparison } from "assay-lab/contract";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { routes } from "../routes";

/** Loads the comparison of these runs with the baseline, by default the first; anew when one of them moves. */
export function useComparison(ids: readonly string[], baseline: string): Loaded<Comparison> {
  const { api } = usePanel();
  const loaded = useLoaded(`${ids.join()} ${baseline}`, () => routes.compare(api, ids, baseline));
  const soon = useSoon(loaded.reload, 500);
  useEvents((event) => {
    if ((event.kind === "run" || event.kind === "metrics") && ids.includes(event.run_id)) soon();
  }, loaded.reload);
  return loaded;
}
