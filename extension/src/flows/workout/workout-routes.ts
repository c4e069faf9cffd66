import type {
  WorkoutPredict,
  WorkoutPredicted,
  WorkoutTrain,
  WorkoutUploaded,
  workoutAnalytics,
  workoutBacktestAnswer,
  workoutExercises,
  workoutHistory,
  workoutLogAnswer,
  workoutTrained,
} from "assay-lab/contract";
import type { Api } from "../../api";
import { path } from "../../routes";

type Answered<T extends { parse(value: unknown): unknown }> = ReturnType<T["parse"]>;

/** The sessions of one exercise. */
export type ExerciseHistory = Answered<typeof workoutHistory>;
/** What a log shows. */
export type LogAnalytics = Answered<typeof workoutAnalytics>;
/** Whether an exercise stands still. */
export type Plateau = WorkoutPredicted["plateau"];
/** A suggestion with its evidence. */
export type Advice = WorkoutPredicted["recommendations"][number];
/** What moves a forecast away from the last load. */
export type Factor = WorkoutPredicted["adjustment_factors"][number];
/** What loads are counted in. */
export type LoadUnit = WorkoutPredicted["unit"];
/** The exercises of a log with every name that it has for them. */
export type LogExercises = Answered<typeof workoutExercises>;

/** How an uploaded log is taken. */
interface UploadChoices {
  /** Of weights that name none. */
  unit: LoadUnit;
  /** Whether the log is this file alone from now on. */
  replace: boolean;
}

const root = "workouts";

/** The service's routes of the workout flow by what they do, on the log of who asks. */
export const workoutRoutes = {
  upload: (api: Api, file: File, { unit, replace }: UploadChoices, onProgress: (share: number) => void) => {
    const form = new FormData();
    form.set("unit", unit);
    form.set("replace", String(replace));
    form.set("file", file, file.name); // behind the fields, which are read first
    return api.upload<WorkoutUploaded>(path(root, "logs"), form, onProgress);
  },
  example: (api: Api) => api.blob(path(root, "example")).then((blob) => new File([blob], "workouts.csv", { type: "text/csv" })),
  log: (api: Api) => api.get<Answered<typeof workoutLogAnswer>>(path(root, "log")).then(({ log }) => log),
  exercises: (api: Api) => api.get<LogExercises>(path(root, "exercises")),
  changeAliases: (api: Api, aliases: Record<string, string>) => api.put<LogExercises>(path(root, "aliases"), { aliases }),
  history: (api: Api, exercise_name: string, unit: LoadUnit | undefined) =>
    api.get<ExerciseHistory>(path(root, "history"), { exercise_name, unit }),
  predict: (api: Api, question: WorkoutPredict) => api.post<WorkoutPredicted>(path(root, "predict"), question),
  analytics: (api: Api) => api.get<LogAnalytics>(path(root, "analytics")),
  backtest: (api: Api) => api.get<Answered<typeof workoutBacktestAnswer>>(path(root, "backtest")),
  train: (api: Api, body: WorkoutTrain = {}) => api.post<Answered<typeof workoutTrained>>(path(root, "train"), body),
};
