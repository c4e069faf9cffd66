import { ParamsError } from "assay";
import { snakeCase } from "../contract/values.ts";

/** A value as JSON that PostgreSQL can hold. Throws ParamsError for text with signs that it cannot: U+0000 and halves of a pair. */
export function jsonText(who: string, value: unknown): string {
  const text = JSON.stringify(value);
  const wrong = /(?<!\\)(?:\\\\)*(\\u0000|\\ud[89a-f][0-9a-f]{2})/.exec(text)?.[1];
  if (wrong)
    throw new ParamsError(
      `${who}: text must be stored as it is, got the sign ${wrong} in ${text.slice(Math.max(0, text.indexOf(wrong) - 30)).slice(0, 60)}`,
    );
  return text;
}

/** The same value by parameter names as HTTP writes them: max_depth for maxDepth, logistic_regression.max_iter for a step's. */
export function snakeKeys<T>(params: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [snakeCase(name), value]));
}
