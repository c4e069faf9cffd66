import { DataError, NotFoundError } from "assay";
import { type WorkoutBacktest, workoutBacktest, type workoutBacktestAnswer } from "../../contract/workout-backtest.ts";
import { authorize, type Session } from "../../projects/session.ts";
import { readArtifact } from "../../tracking/index.ts";
import type { Answer } from "./service.ts";
import { storedModel } from "./stored-log.ts";

/** Name of the artifact that a training keeps its backtest under. */
export const backtestArtifact = "backtest.json";

/** The backtest that came with the newest ensemble; null before the first training, and for a run that kept none. */
export async function getBacktest(
  session: Session,
  asked: { readonly user_id?: string | undefined },
): Promise<Answer<typeof workoutBacktestAnswer>> {
  await authorize(session, "read");
  const userId = asked.user_id ?? session.userId;
  const stored = await storedModel(session, userId);
  const backtest = stored?.runId ? await keptBacktest(session, stored.runId) : null;
  return { user_id: userId, model: stored?.name ?? null, run_id: stored?.runId ?? null, backtest };
}

async function keptBacktest(session: Session, runId: string): Promise<WorkoutBacktest | null> {
  let bytes: Uint8Array;
  try {
    bytes = await readArtifact(session, runId, backtestArtifact);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
  const { data, error } = workoutBacktest.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  if (data) return data;
  const { path, message } = error!.issues[0]!;
  throw new DataError(`workouts: ${backtestArtifact} of run ${runId} is no backtest: ${path.join(".")}: ${message}`);
}
