import { importAnswer, importFields } from "./imports.ts";
import { route } from "./route.ts";

/** Runs and studies of other programs. */
export const importRoutes = {
  create: route({
    method: "POST",
    path: "/api/ml/import",
    summary: "Takes over the runs of an MLflow store, or the studies of an Optuna one.",
    form: importFields,
    answer: importAnswer,
    example: {
      form: { source: "optuna" },
      answer: {
        import: {
          source: "optuna",
          format: "journal",
          counts: {
            runs: 0,
            studies: 1,
            trials: 100,
            metrics: 0,
            artifacts: 0,
            updated: 0,
            there_already: 0,
            left_out: 0,
          },
          items: [
            {
              kind: "study",
              name: "koi forest",
              external_id: "0",
              id: "01981c3e-7b00-7c42-9d6f-0b6a51a1d501",
              outcome: "taken",
              reason: null,
              place: null,
            },
          ],
          more_items: 0,
        },
      },
    },
  }),
};
