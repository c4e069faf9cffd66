import { expect, test } from "vitest";
import { colorOf, colorsOf, identityColors } from "./identity-colors";

const ids = Array.from({ length: 600 }, (_, k) => `01936c3e-7a00-7000-8000-${k.toString(16).padStart(12, "0")}`);

/** Contrast of two colours, 1 to 21 (WCAG 2.2). */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

function luminance(color: string): number {
  const parts = color.match(/[\da-f]{2}/g)!.map((part) => Number.parseInt(part, 16) / 255);
  const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

test("each colour stands out from white and from JupyterLab's dark ground", () => {
  for (const color of identityColors) expect(Math.min(contrast(color, "#ffffff"), contrast(color, "#212121"))).toBeGreaterThan(3);
});

test("a colour is the id's, whatever stands beside it", () => {
  expect(colorsOf([ids[0]!]).get(ids[0]!)).toBe(colorOf(ids[0]!));
  expect(colorOf(ids[7]!)).toBe(colorOf(ids[7]!));
});

test("ids that follow each other are spread over all colours", () => {
  const counts = identityColors.map((color) => ids.filter((id) => colorOf(id) === color).length);
  expect(Math.min(...counts)).toBeGreaterThan(ids.length / identityColors.length / 2);
});

test("runs of one hue differ in tone, so that three of them are told apart in one figure", () => {
  const same = ids.filter((id) => colorOf(id) === colorOf(ids[0]!)).slice(0, 3);
  const colors = [...colorsOf(same).values()];
  expect(new Set(colors).size).toBe(3);
  expect(colors[0]).toBe(colorOf(ids[0]!));
});

test("an id that is given twice has one colour", () => {
  expect(colorsOf([ids[0]!, ids[0]!]).size).toBe(1);
});
