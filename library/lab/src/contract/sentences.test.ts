import { expect, test } from "vitest";
import { say, sentences, wordsOf } from "./sentences.ts";

test("sentences stand behind each other with their values, numbers to two decimals", () => {
  expect(wordsOf([say("unlearned"), say("by_trend", 5)])).toBe(
    "no ensemble is trained yet; answered by the trend of the last 5 sessions",
  );
  expect(say("strength_changes", 0.123456)).toEqual({ code: "strength_changes", values: [0.12] });
});

test("a value that looks like a place of another stays as it is", () => {
  expect(wordsOf([say("exercise_unknown_near", "%2", "$&")])).toBe('no session of "%2" in the log, did you mean $&');
});

test("no two codes say the same, and each counts its values from 1", () => {
  const texts = Object.values(sentences);
  expect(new Set(texts).size).toBe(texts.length);
  for (const text of texts) {
    const places = [...new Set(text.match(/%\d/g))].sort();
    expect(places).toEqual(places.map((_, k) => `%${k + 1}`));
  }
});
