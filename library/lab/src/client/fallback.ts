import { answerByRule, type EmergencyRule } from "../contract/emergency-rule.ts";
import type { Prediction } from "../contract/models.ts";
import type { Cell } from "../contract/values.ts";
import type { Methods } from "./methods.ts";
import { isCallersFault, ProblemError } from "./problem-error.ts";

/** A row's values by column name. */
export type Features = Readonly<Record<string, Cell>>;

/** What a model that the program holds says of a row. */
export interface BasicAnswer {
  readonly prediction: Cell;
  /** Of each class. */
  readonly proba?: readonly number[] | undefined;
}

/** What stands behind the service. */
export interface FallbackOptions {
  /** A simpler model that this program holds: `holdModel` of assay-lab, or any function. */
  readonly basic?: (row: Features) => BasicAnswer | Promise<BasicAnswer>;
  /** Answers where that fails too. */
  readonly rule: EmergencyRule;
  /** Milliseconds that the service has; default 2000. */
  readonly timeoutMs?: number;
  /** Milliseconds for which a service that failed is not asked again; default 5000. */
  readonly restMs?: number;
  /** Hears why the service did not answer. */
  readonly onFallback?: (reason: string) => void;
}

/** An answer and who gave it. */
export interface HeldPrediction extends Pick<Prediction, "prediction" | "prediction_proba" | "source" | "reason" | "warnings"> {
  /** Null where the service did not answer: nothing is in its log then. */
  readonly prediction_id: string | null;
  readonly model: string | null;
}

/** Predicts, whatever becomes of the service. */
export interface HeldPredictor {
  /** One row, or many. Throws ProblemError for what is wrong with the request alone: bad rows, an unknown model, a refused token. */
  predict(features: Features | readonly Features[], options?: { readonly userId?: string }): Promise<HeldPrediction>;
  /** Answers by source so far. */
  readonly counts: Readonly<Record<Prediction["source"], number>>;
}

/**
 * A predictor that asks the service first, then a model that the program holds, then a rule; `source` says who answered, `reason` why not the
 * service. A service that is gone, too slow, failing or answering nonsense is no error of the caller's.
 */
export function predictorWithFallback(
  client: { readonly predictions: Pick<Methods["predictions"], "predict"> },
  modelId: string,
  { basic, rule, timeoutMs = 2000, restMs = 5000, onFallback }: FallbackOptions,
): HeldPredictor {
  const counts: Record<Prediction["source"], number> = { advanced: 0, basic: 0, emergency: 0 };
  let restsUntil = Number.NEGATIVE_INFINITY;
  let lastReason = "";

  const askService = async (
    features: Features | readonly Features[],
    userId: string | undefined,
  ): Promise<HeldPrediction | string> => {
    if (performance.now() < restsUntil) return lastReason;
    try {
      const row = { model_id: modelId, features: features as Features, ...(userId !== undefined && { user_id: userId }) };
      return await client.predictions.predict(row, { signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      if (isCallersFault(error)) throw error;
      restsUntil = performance.now() + restMs;
      lastReason = reasonOf(error, timeoutMs);
      return lastReason;
    }
  };

  const answerHere = async (row: Features): Promise<{ answer: BasicAnswer; source: "basic" | "emergency"; warning?: string }> => {
    if (basic)
      try {
        return { answer: await basic(row), source: "basic" };
      } catch (error) {
        return {
          answer: answerByRule(rule, row),
          source: "emergency",
          warning: `the held model failed: ${(error as Error).message}`,
        };
      }
    return { answer: answerByRule(rule, row), source: "emergency" };
  };

  return {
    counts,
    async predict(features, { userId } = {}) {
      const asked = await askService(features, userId);
      if (typeof asked !== "string") {
        counts[asked.source]++;
        return asked;
      }
      onFallback?.(asked);
      const answers = await Promise.all([features].flat().map((row) => answerHere(row as Features)));
      const source = answers.some((each) => each.source === "emergency") ? "emergency" : "basic";
      counts[source]++;
      const proba = answers.map(({ answer }) => answer.proba);
      return {
        prediction: answers.map(({ answer }) => answer.prediction),
        prediction_proba: proba.every((list) => list !== undefined) ? proba.map((list) => [...list!]) : null,
        source,
        reason: asked,
        warnings: [...new Set(answers.flatMap(({ warning }) => warning ?? []))],
        prediction_id: null,
        model: null,
      };
    },
  };
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, message } = error as Error;
  if (name === "TimeoutError") return `the service did not answer within ${timeoutMs} ms`;
  if (error instanceof ProblemError) return `the service answered ${error.problem.status}: ${message}`;
  return name === "ZodError" ? "the service answered something else than a prediction" : `the service is not reached: ${message}`;
}
