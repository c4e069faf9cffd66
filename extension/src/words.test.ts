import type { TranslationBundle } from "@jupyterlab/translation";
import { expect, test } from "vitest";
import { served, wordOf } from "./words";

const french: Record<string, string> = { "Random forest": "Forêt aléatoire", Trees: "Arbres", completed: "terminé" };
const said = (text: string) => french[text] ?? text;
const trans = { __: said, gettext: said } as unknown as TranslationBundle;

test("titles and descriptions are said in the reader's language, however deep; names and values stay", () => {
  const schema = { title: "Random forest", properties: { trees: { title: "Trees", default: "Trees", enum: ["Trees"] } } };
  expect(served(trans, schema)).toEqual({
    title: "Forêt aléatoire",
    properties: { trees: { title: "Arbres", default: "Trees", enum: ["Trees"] } },
  });
  expect(served(trans, [{ description: "of no catalogue" }, null, 3])).toEqual([{ description: "of no catalogue" }, null, 3]);
});

test("a status is said in the reader's language, a word of the data as it is", () => {
  expect(wordOf(trans, "completed")).toBe("terminé");
  expect(wordOf(trans, "Trees of mine")).toBe("Trees of mine");
});
