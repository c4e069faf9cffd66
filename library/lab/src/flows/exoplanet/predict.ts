import { NotFoundError } from "assay";
import type { SignalPrediction } from "../../contract/exoplanet.ts";
import type { Prediction } from "../../contract/models.ts";
import type { Session } from "../../projects/session.ts";
import { type InputRow, predict } from "../../registry/index.ts";
import { quantities } from "./columns.ts";
import { currentModel } from "./deploy-session.ts";

/** What a network says of signals, and which version said it. */
interface LabelledSignals extends Pick<Prediction, "model" | "model_id" | "prediction_id" | "source" | "warnings"> {
  /** Of each row; without periods and depths where a fallback answered. */
  readonly items: readonly SignalPrediction[];
}

/** Labels, periods and depths of signals by the current network or another version, through the registry: logged and watched. */
export async function predictLabels(
  session: Session,
  rows: readonly InputRow[],
  model: string = currentModel,
): Promise<LabelledSignals> {
  const whole = rows.map((row) => ({ ...absent, ...row }));
  const said = await predict(session, model, whole).catch((cause) => {
    if (!(cause instanceof NotFoundError) || model !== currentModel) throw cause;
    throw new NotFoundError(`exoplanets: no network is trained yet, so there is no "${currentModel}"; start a session first`, {
      cause,
    });
  });
  const { outputs, prediction, prediction_proba, classes, model_id, ...rest } = said;
  const items = prediction.map((label, i) => {
    if (outputs) return outputs[i] as SignalPrediction;
    const shares = (classes ?? []).map((name, k) => [String(name), prediction_proba?.[i]?.[k] ?? 0] as const);
    return { label: String(label), label_proba: Object.fromEntries(shares), period: null, depth: null };
  });
  return { model: rest.model, model_id, prediction_id: rest.prediction_id, source: rest.source, warnings: rest.warnings, items };
}

/** A row may leave out what can be derived or stood in for. */
const absent = Object.fromEntries(quantities.filter((name) => name === "impact" || name === "snr").map((name) => [name, null]));
