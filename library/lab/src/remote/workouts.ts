import { basename } from "node:path";
import type { Told } from "../flows/workout/cell-door.ts";
import { type Workouts, workoutsBy } from "../flows/workout/for-cells.ts";
import { fileToSend } from "./file-to-send.ts";
import { remoteJobEnded } from "./jobs.ts";
import type { Service } from "./service.ts";

/** The workout flow of a service. */
export function remoteWorkouts(service: Service): Workouts {
  const { client } = service;
  const { workouts } = client;
  return workoutsBy({
    async upload({ path, aliases, ...asked }) {
      const file = await fileToSend("workouts", path);
      const table = aliases && JSON.stringify(aliases);
      return workouts.upload({ ...asked, aliases: table, retrain: false, file, fileName: basename(path) });
    },
    logs: async () => (await workouts.logs({ limit: 500 })).items,
    log: (asked) => workouts.log(asked),
    exercises: (asked) => workouts.exercises(asked),
    changeAliases: (asked) => workouts.changeAliases(asked),
    history: async (asked) => told(await workouts.history(asked)),
    sets: async (asked) => (await workouts.sets(asked)).items,
    features: async () => (await workouts.features()).items,
    train: async (asked) => told(await workouts.train(asked)),
    async ended(jobId, runId, signal) {
      await remoteJobEnded(service, jobId, signal);
      return (await client.runs.get({ id: runId })).experiment;
    },
    schedule: async (asked) => (await client.schedules.create(asked)).schedule,
    predict: async (asked) => told(await workouts.predict(asked)),
    analytics: async (asked) => told(await workouts.analytics(asked)),
    backtest: (asked) => workouts.backtest(asked),
    me: async () => (await client.auth.me()).user.user_id,
  });
}

/** An answer as cells have it beside the database. */
function told<T extends { readonly status: string }>({ status, ...answer }: T): Told<T> {
  return answer;
}
