import type { Fitted, PredictorModel } from "../../base/contract.ts";
import { predictorOf, type ReadModelOptions } from "./foreign-predictor.ts";
import { readLightgbmText } from "./lightgbm-model.ts";
import { readSource, textOfBytes } from "./read-source.ts";

/**
 * A LightGBM model (text, versions 2 to 4) as a model of `hist_gradient_boosting`: it predicts what `Booster.predict` does, and is saved
 * and registered as any other. All objectives, boosters, kinds of missing values, categories and linear leaves are read; the levels of
 * pandas' category columns are kept, so tables may hold texts. Early stopping's best iteration is what the file holds.
 * `source` is a path, the file's bytes, or its text.
 * Cost O(characters). Throws NotFoundError where there is no file, DataError with the line of what cannot be, ParamsError for options
 * that do not fit. Oracle: lightgbm 4.7, to 1e-12.
 *
 * ```ts
 * const model = await ml.readLightgbm("model.txt", { classes: ["no", "yes"] });
 * model.predictProba(test);
 * ```
 */
export async function readLightgbm<M extends Fitted = PredictorModel>(
  source: string | Uint8Array,
  options: ReadModelOptions = {},
): Promise<M> {
  const who = "readLightgbm";
  const text = textOfBytes(who, await readSource(who, source));
  return predictorOf<M>(who, readLightgbmText(text), options);
}
