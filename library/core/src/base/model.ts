import type { Matrix } from "../numeric/matrix.ts";
import type { TableLike } from "./columns.ts";
import type { Fitted, Importance, MatrixInput } from "./contract.ts";
import { display, logged, render } from "./display.ts";
import { readMatrix, readPredict } from "./inputs.ts";
import type { Definition } from "./registry.ts";
import { inverseSync, predictSync, probaSync, transformSync } from "./run.ts";

type Rows = TableLike | MatrixInput;

/** A model from plain data: a fit's answer, or what the codec read. Own properties are the data, methods lie on the prototype. */
export function modelOf(definition: Definition, fitted: Fitted): Fitted {
  const read = (verb: string, data: Rows): Matrix => {
    const who = `${fitted.name}.${verb}`;
    return definition.readRows?.(who, fitted, data as never) ?? readPredict(who, fitted.columns, data).x;
  };
  const common = {
    importances: () => importancesOf(definition, fitted),
    [display]: () => render("model", model),
    [logged]: () => render("model", model)["text/plain"],
  };
  const methods = {
    transform: {
      transform: (data: Rows) => transformSync(fitted, read("transform", data)),
      inverseTransform: (x: MatrixInput) => inverseSync(fitted, readMatrix(`${fitted.name}.inverseTransform`, x)),
    },
    recommendation: definition.methods?.(fitted),
    ranking: { predict: (data: Rows) => predictSync(fitted, read("predict", data)) },
    regression: { predict: (data: Rows) => predictSync(fitted, read("predict", data)) },
    classification: {
      predict: (data: Rows) => Array.from(predictSync(fitted, read("predict", data)), (code) => fitted.classes![code]!),
      predictProba: (data: Rows) => ({ ...probaSync(fitted, read("predictProba", data)), names: fitted.classes!.map(String) }),
    },
  }[definition.task];
  const model: Fitted = Object.freeze(Object.assign(Object.create({ ...common, ...methods }), fitted));
  return model;
}

/** Importances of a model's columns, largest first; undefined where the algorithm has none. */
export function importancesOf(definition: Definition, fitted: Fitted): Importance[] | undefined {
  const values = definition.importances?.(fitted.state, fitted.params);
  if (!values) return undefined;
  const named =
    values instanceof Float64Array
      ? fitted.columns.map(({ name }, j) => ({ feature: name, importance: values[j] ?? 0 }))
      : [...values];
  return named.sort((a, b) => b.importance - a.importance);
}
