import { loadModel, type PredictorModel } from "assay";
import type { Cell } from "../contract/values.ts";
import { answerOf } from "./predict.ts";
import { type InputRow, rowReader } from "./read-rows.ts";

/**
 * A model from its bytes as a function of a row, for programs that go on without the service: `basic` of `predictorWithFallback`. Rows are
 * read as the service reads them. Throws StoreError for bytes that are no model.
 * @example
 * const basic = await holdModel(new Uint8Array(await client.downloadModel("koi-simple@production")));
 */
export async function holdModel(
  bytes: Uint8Array,
): Promise<(row: InputRow) => { readonly prediction: Cell; readonly proba?: readonly number[] | undefined }> {
  const model = await loadModel<PredictorModel>(bytes);
  const columns = model.columns.map(({ name, levels }) => ({ name, kind: "", ...(levels && { levels: [...levels] }) }));
  const reader = rowReader({ columns, target: model.target ?? null, classes: null });
  return (row) => {
    const { prediction, prediction_proba } = answerOf(model, reader.read([row]));
    return { prediction: prediction[0]!, proba: prediction_proba?.[0] };
  };
}
