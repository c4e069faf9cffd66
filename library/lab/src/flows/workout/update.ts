import { type History, inUnit } from "./history.ts";
import { memberKinds, perMember } from "./members/index.ts";
import { modelOf, type WorkoutModel } from "./model.ts";
import { learnedOf, seenWith } from "./seen.ts";
import { trainingRows } from "./training-rows.ts";

/**
 * The ensemble after the sessions that came since its training: each is first forecast and then compared with what was lifted, which moves the interval
 * with every session and the shares now and then; the members stay as they were until the next training. The same model where nothing came.
 * O(new sessions · members).
 */
export function updateWorkouts(model: WorkoutModel, log: History): WorkoutModel {
  const { state } = model;
  const rows = trainingRows(inUnit(log, state.unit), state.seenUpTo);
  if (rows.x.rows === 0) return model;
  const loads = perMember((name) => {
    const changes = memberKinds[name].open(state.members[name]).predict(rows.x);
    return changes.map((change, i) => rows.last[i]! * Math.exp(change));
  });
  const { seen, shares } = seenWith(state.seen, state.shares, { ...rows, loads }, state.unit);
  const seenUpTo = rows.moments.at(-1)!.time;
  return modelOf({ ...state, ...learnedOf(seen, state.unit), shares, seen, seenUpTo }, model.params.seed);
}
