import type { Fitted, PredictorModel } from "../../base/contract.ts";
import type { DocumentValue } from "./document.ts";
import { predictorOf, type ReadModelOptions } from "./foreign-predictor.ts";
import { parseJson } from "./json.ts";
import { readSource, textOfBytes } from "./read-source.ts";
import { parseUbjson } from "./ubjson.ts";
import { parseXgboostBinary } from "./xgboost-binary.ts";
import { readXgboostDocument } from "./xgboost-model.ts";

/**
 * An XGBoost model (JSON, UBJSON or the old binary format, found by its content) as a model of `hist_gradient_boosting`: it predicts what `Booster.predict`
 * does with all its trees, and is saved and registered as any other. All objectives, gbtree, dart and gblinear, categories, leaves of
 * vectors and missing values are read; of several targets `output` takes one. `source` is a path, the file's bytes, or JSON text.
 * Cost O(bytes). Throws NotFoundError where there is no file, DataError with the member's path or the place of what cannot be, ParamsError for options that do not fit.
 * Oracle: xgboost 3.2, to 1e-6 (it adds in 32 bits).
 *
 * ```ts
 * const model = await ml.readXgboost("model.ubj");
 * model.predict(test);
 * ```
 */
export async function readXgboost<M extends Fitted = PredictorModel>(
  source: string | Uint8Array,
  options: ReadModelOptions = {},
): Promise<M> {
  const who = "readXgboost";
  const value = parse(who, await readSource(who, source));
  return predictorOf<M>(who, readXgboostDocument({ who, path: "", value }), options);
}

/** JSON and UBJSON begin with "{"; behind it UBJSON has a length or a type, JSON a quote, a brace or blank. */
function parse(who: string, bytes: Uint8Array): DocumentValue {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 64)).trimStart();
  if (/^\{[iUIlL$#N]/.test(head)) return parseUbjson(who, bytes);
  if (/^\{|^$/.test(head)) return parseJson(who, textOfBytes(who, bytes));
  return parseXgboostBinary(who, bytes);
}
