import type { SignalDataset, TrainingSession, TrainingSessionInfo } from "assay-lab/contract";
import { useEvents, useSoon } from "../../elements/use-events";
import { type Loaded, useLoaded } from "../../elements/use-loaded";
import { usePanel } from "../../panel";
import { exoplanetRoutes } from "./exoplanet-routes";

/** Loads the training sessions and keeps them live. */
export function useSessions(): Loaded<TrainingSession[]> {
  const { api } = usePanel();
  const loaded = useLoaded("sessions", () => exoplanetRoutes.sessions(api));
  const soon = useSoon(loaded.reload, 500);
  useEvents((event) => {
    if (event.kind === "run" || (event.kind === "job" && event.job_kind === "exoplanet")) soon();
    if ((event.kind === "metrics" || event.kind === "progress") && isKnown(loaded.data, event.run_id)) soon();
  }, loaded.reload);
  return loaded;
}

/** Loads one session with its epochs and keeps it live. */
export function useSession(id: string): Loaded<TrainingSessionInfo> {
  const { api } = usePanel();
  const loaded = useLoaded(id, () => exoplanetRoutes.session(api, id));
  const soon = useSoon(loaded.reload, 300);
  useEvents((event) => "run_id" in event && event.run_id === id && event.kind !== "log" && soon(), loaded.reload);
  return loaded;
}

/** Loads the tables that sessions can train on. */
export function useSignals(): Loaded<SignalDataset[]> {
  const { api } = usePanel();
  const loaded = useLoaded("signals", () => exoplanetRoutes.datasets(api));
  useEvents((event) => event.kind === "dataset" && loaded.reload(), loaded.reload);
  return loaded;
}

function isKnown(sessions: TrainingSession[] | null, runId: string): boolean {
  return sessions?.some(({ session_id }) => session_id === runId) ?? false;
}
