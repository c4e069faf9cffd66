import type { TranslationBundle } from "@jupyterlab/translation";
import { expect, test } from "vitest";
import { sentenceText } from "./sentence-text";

const french: Readonly<Record<string, string>> = {
  "no ensemble is trained yet": "aucun ensemble n’est encore entraîné",
  "answered by the trend of the last %1 sessions": "la tendance des %1 dernières séances répond",
};
const gettext = (text: string, ...values: string[]) =>
  (french[text] ?? text).replaceAll(/%(\d)/g, (_, k) => values[Number(k) - 1] ?? "");
const trans = { gettext } as unknown as TranslationBundle;

test("sentences of the service are told in the reader's language, with their values", () => {
  const said = [
    { code: "unlearned", values: [] },
    { code: "by_trend", values: [5] },
  ];
  expect(sentenceText(trans, said, "in English")).toBe(
    "aucun ensemble n’est encore entraîné; la tendance des 5 dernières séances répond",
  );
});

test("a sentence that is new to this page, or that came without a code, stays as the service says it", () => {
  expect(sentenceText(trans, [{ code: "toString", values: [] }], "as it came")).toBe("as it came");
  expect(sentenceText(trans, [], "as it came")).toBe("as it came");
  expect(sentenceText(trans, undefined, "as it came")).toBe("as it came");
});
