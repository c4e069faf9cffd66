import type { MessageJson } from "./channel.ts";
import { type MlParams, type MlValue, mlValue } from "./ml-values.ts";
import type { SparkSession } from "./session.ts";

/** A stage of MLlib that is not fitted, or needs no fit: its class, its name within a pipeline, and its parameters. */
export interface MlStage {
  /** As org.apache.spark.ml.feature.VectorAssembler. */
  readonly className: string;
  readonly uid: string;
  readonly params: MlParams;
}

/** A model that a session holds on the server, gone with the session. */
export interface HeldModel {
  readonly ref: string;
}

/** What MLlib is asked over Spark Connect: nothing of the rows comes here, only what a model or an evaluator answers. */
export interface SparkMl {
  /** Fits an estimator to the rows of a relation. */
  fit(estimator: MlStage, rows: MessageJson): Promise<HeldModel>;
  /** What a model answers to a method, or to a chain of them: `["summary", "trainingCost"]`. */
  ask(model: HeldModel, ...methods: readonly string[]): Promise<MlValue>;
  /** The figure of an evaluator over rows that hold predictions. */
  evaluate(evaluator: MlStage, rows: MessageJson): Promise<number>;
  /** Writes a stage, or a model, into a folder that the server sees; what is there is replaced. */
  write(stage: MlStage | HeldModel, path: string): Promise<void>;
  /** Takes a model out of a folder. */
  read(className: string, path: string): Promise<HeldModel>;
}

/** MLlib in a session; the signal ends what runs, on the server too. Throws what `SparkSession.execute` throws. */
export function mlOf(session: SparkSession, signal?: AbortSignal): SparkMl {
  const command = async (mlCommand: MessageJson): Promise<MessageJson> => {
    const { results } = await session.execute({ command: { mlCommand } }, { signal });
    return (results.find((each) => "mlCommandResult" in each)?.["mlCommandResult"] ?? {}) as MessageJson;
  };
  const held = (result: MessageJson): HeldModel => {
    const { objRef } = result["operatorInfo"] as MessageJson;
    return { ref: (objRef as { readonly id: string }).id };
  };
  const answer = (result: MessageJson): MlValue => mlValue((result["param"] ?? {}) as MessageJson);
  return {
    fit: async ({ params, ...estimator }, rows) =>
      held(await command({ fit: { estimator: operator(estimator, "ESTIMATOR"), params: { params }, dataset: rows } })),
    ask: async ({ ref }, ...methods) =>
      answer(await command({ fetch: { objRef: { id: ref }, methods: methods.map((method) => ({ method })) } })),
    evaluate: async ({ params, ...evaluator }, rows) =>
      Number(
        answer(await command({ evaluate: { evaluator: operator(evaluator, "EVALUATOR"), params: { params }, dataset: rows } })),
      ),
    async write(stage, path) {
      const what =
        "ref" in stage
          ? { objRef: { id: stage.ref } }
          : { operator: operator(stage, "TRANSFORMER"), params: { params: stage.params } };
      await command({ write: { ...what, path, shouldOverwrite: true } });
    },
    read: async (className, path) =>
      held(await command({ read: { operator: { name: className, type: "OPERATOR_TYPE_MODEL" }, path } })),
  };
}

/** The relation that a stage, or a model, makes of another. */
export function transformed(stage: MlStage | HeldModel, input: MessageJson): MessageJson {
  const what =
    "ref" in stage
      ? { objRef: { id: stage.ref }, params: { params: {} } }
      : { transformer: operator(stage, "TRANSFORMER"), params: { params: stage.params } };
  return { mlRelation: { transform: { ...what, input } } };
}

function operator({ className, uid }: Pick<MlStage, "className" | "uid">, type: string): MessageJson {
  return { name: className, uid, type: `OPERATOR_TYPE_${type}` };
}
