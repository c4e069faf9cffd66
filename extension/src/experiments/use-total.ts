import { useEvents, useSoon } from "../elements/use-events";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { runsRoutes, type Selection } from "./runs-routes";

/** How many runs a selection has; null until it is known. */
export function useTotal(of: Selection): number | null {
  const { api } = usePanel();
  const { data, reload } = useLoaded(JSON.stringify(of), (signal) => runsRoutes.groups(api, of, { by: "status" }, signal));
  const soon = useSoon(reload, 2000);
  useEvents((event) => event.kind === "run" && soon(), reload);
  return data?.reduce((sum, { runs }) => sum + runs, 0) ?? null;
}
