import type { Run } from "assay-lab/contract";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { routes } from "../routes";

/** The run that the others are held against: from those that are loaded, else from the service; null where there is none. */
export function useBaseline(id: string | null, loaded: readonly Run[]): Run | null {
  const { api } = usePanel();
  const here = id === null ? undefined : loaded.find((run) => run.id === id);
  const { data } = useLoaded(id === null || here ? null : id, () => routes.run(api, id!));
  return here ?? data;
}
