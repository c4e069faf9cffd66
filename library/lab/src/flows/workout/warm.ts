import { workoutPredict } from "../../contract/workout.ts";
import type { Session } from "../../projects/session.ts";
import { listLogs } from "./log-service.ts";
import { exercisesOf } from "./log-views.ts";
import { answerWeight } from "./service.ts";

/** Questions after which a prediction takes its usual time. */
const questions = 4;

/**
 * Asks for predictions of the project's newest logs that have an ensemble, so that the first that a person asks for finds models read and code compiled.
 * Gives how many logs.
 */
export async function warmWorkouts(session: Session, { most = 3 }: { readonly most?: number } = {}): Promise<number> {
  const { items } = await listLogs(session, { limit: most });
  const trained = items.filter(({ model }) => model !== null);
  for (const { user_id } of trained) {
    const [frequent] = (await exercisesOf(session, { user_id })).items;
    const asked = workoutPredict.parse({ exercise_name: frequent!.exercise_name, user_id });
    for (let k = 0; k < questions; k++) await answerWeight(session, asked);
  }
  return trained.length;
}
