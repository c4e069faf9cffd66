import { parentPort } from "node:worker_threads";
import { DataError, ParamsError, ShapeError } from "assay";
import type { ModelVersion } from "../contract/models.ts";
import { ModelCache } from "./model-cache.ts";
import { type Answer, answerOf } from "./predict.ts";
import { type InputRow, rowReader } from "./read-rows.ts";

/** What a shadow is asked. */
export interface ShadowQuestion {
  /** Where the model's file lies on this machine. */
  readonly path: string;
  readonly hash: string;
  readonly signature: ModelVersion["signature"];
  readonly rows: readonly InputRow[];
}

/** What it says, or why it says nothing; `broken` where the model is to blame and not the rows. */
export type ShadowAnswer =
  | { readonly answer: Answer; readonly ms: number }
  | { readonly error: string; readonly broken: boolean };

/** Answers for shadows in a thread of its own, one question after the other. Never throws: what fails is the answer. */
export function answerShadows(): void {
  const models = new ModelCache();
  let last: Promise<void> = Promise.resolve();
  parentPort!.on("message", (question: ShadowQuestion) => {
    last = last.then(async () => parentPort!.postMessage(await answerTo(question, models)));
  });
}

async function answerTo({ path, hash, signature, rows }: ShadowQuestion, models: ModelCache): Promise<ShadowAnswer> {
  const begin = performance.now();
  try {
    const model = await models.load({ fetch: async () => path }, path, hash);
    const answer = answerOf(model, rowReader(signature).read(rows));
    return { answer, ms: performance.now() - begin };
  } catch (error) {
    const isBadInput = error instanceof DataError || error instanceof ParamsError || error instanceof ShapeError;
    return { error: (error as Error).message, broken: !isBadInput };
  }
}
