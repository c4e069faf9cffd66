import { describe, expect, test } from "vitest";
import { type Figure, figure } from "../plots/figure.ts";
import { figureGallery } from "../testing/figure-gallery.ts";
import { figureSvg, figureToSvg } from "./figure-svg.ts";

/** Names of the elements in order; throws where tags do not close each other. */
function elementsOf(svg: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  for (const [, slash, name, attributes, self] of svg.matchAll(/<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    if (slash) expect(open.pop()).toBe(name);
    else {
      names.push(name!);
      expect(attributes).not.toMatch(/NaN|undefined|Infinity|\[object/);
      if (!self) open.push(name!);
    }
  }
  expect(open).toEqual([]);
  expect(svg.replaceAll(/<\/?[a-zA-Z]+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g, "")).not.toMatch(/[<>]/);
  return names;
}

const count = (svg: string, pattern: RegExp): number => [...svg.matchAll(pattern)].length;
const xy = (data: Figure["data"], layout: Figure["layout"] = {}): string => figureToSvg(figure("t", data, layout));

describe.each(Object.entries(figureGallery()))("%s", (_, drawn) => {
  test("is plain SVG 1.1 with finite numbers", () => {
    const kinds = new Set(elementsOf(figureToSvg(drawn, { width: 420, height: 300 })));
    expect([...kinds].filter((kind) => !["svg", "path", "rect", "circle", "text"].includes(kind))).toEqual([]);
    expect(figureToSvg(drawn)).not.toMatch(/ class=| style=|<style|<script|foreignObject|xlink/);
  });
  test("has its title and the size that is asked for", () => {
    const svg = figureToSvg(drawn, { width: 420, height: 300 });
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" version="1\.1" viewBox="0 0 420 300" width="420" height="300"/,
    );
  });
});

test("the legend stands below words that are slanted, capitals too", () => {
  const x = ["BUDGET_BACKPACKER", "FAMILY_EXPLORER", "LUXURY_TRAVELER", "CULTURE_SEEKER", "BEACH_RELAXER"];
  const svg = xy(["train", "test"].map((name) => ({ type: "bar", name, x, y: [1, 2, 3, 4, 5] })));
  const wordsBegin = Number(/translate\([\d.]+ ([\d.]+)\) rotate\(-35\)/.exec(svg)![1]);
  const legendBegins = Number(/y="([\d.]+)" width="10" height="10"/.exec(svg)![1]);
  const signPx = 7.6; // of a capital of 11 px in DejaVu Sans, on average
  expect(legendBegins - wordsBegin).toBeGreaterThan(Math.sin((35 * Math.PI) / 180) * signPx * x[0]!.length);
});

describe("text from data", () => {
  const hostile = '</text><script>alert(1)</script>"onload="x';
  test.each(Object.entries(figureGallery(hostile)))("is escaped in %s", (_, drawn) => {
    const svg = figureToSvg(drawn);
    elementsOf(svg);
    expect(svg).not.toMatch(/<script|"onload=/);
  });
});

describe("marks", () => {
  test("a bar a value, beside each other, stacked or over each other", () => {
    const bars = [
      { type: "bar", name: "a", x: ["p", "q"], y: [1, 2] },
      { type: "bar", name: "b", x: ["p", "q"], y: [3, 4] },
    ];
    const rects = (barmode: string) =>
      [
        ...xy(bars, { barmode, showlegend: false }).matchAll(
          /<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g,
        ),
      ].map((found) => found.slice(1).map(Number) as [number, number, number, number]);
    const [group, stack, overlay] = [rects("group"), rects("stack"), rects("overlay")];
    expect(group.length).toBe(4);
    expect(group[0]![0] + group[0]![2]).toBeCloseTo(group[2]![0], 0);
    expect(stack[2]![1] + stack[2]![3]).toBeCloseTo(stack[0]![1], 0);
    expect(overlay[0]![0]).toBe(overlay[2]![0]);
  });
  test("bars below zero hang from it", () => {
    const rects = [
      ...xy([{ type: "bar", x: ["p", "q"], y: [2, -2] }]).matchAll(
        /<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g,
      ),
    ].map(([, y, h]) => [Number(y), Number(h)] as const);
    expect(rects[0]![0] + rects[0]![1]).toBeCloseTo(rects[1]![0], 0);
  });
  test("a missing value breaks a line", () => {
    const svg = xy([{ type: "scatter", mode: "lines", x: [1, 2, 3, 4], y: [1, null, 2, 3], line: { color: "#123456" } }]);
    expect(/<path d="(M[^"]*)" fill="none" stroke="#123456"/.exec(svg)![1]!.match(/M/g)!.length).toBe(2);
  });
  test("a stepped line goes along the axes only", () => {
    const svg = xy([{ type: "scatter", mode: "lines", x: [1, 2, 3], y: [1, 3, 2], line: { color: "#123456", shape: "hv" } }]);
    expect(/<path d="([^"]*)" fill="none" stroke="#123456"/.exec(svg)![1]).toMatch(/^M[\d. ]+H[\d.]+V[\d.]+H[\d.]+V[\d.]+$/);
  });
  test("a histogram has bars whose counts are its values", () => {
    const svg = xy([{ type: "histogram", x: [1, 1, 2, 3, 3, 3], nbinsx: 3 }]);
    expect(count(svg, /<rect/g)).toBe(3);
  });
  test("points, error bars, boxes and parallel lines are there one each", () => {
    expect(count(xy([{ type: "scatter", mode: "markers", x: [1, 2, 3], y: [1, 2, Number.NaN] }]), /<circle/g)).toBe(2);
    expect(count(xy([{ type: "bar", x: ["a"], y: [1], error_y: { array: [0.2] } }]), /stroke="#777777"/g)).toBe(1);
    expect(count(xy([{ type: "box", y: [1, 2, 3, 4, 100], x: ["a", "a", "a", "a", "a"], name: "a" }]), /<circle/g)).toBe(1);
    expect(
      count(
        xy([
          {
            type: "parcoords",
            dimensions: [
              { label: "a", values: [1, 2, 3] },
              { label: "b", values: [3, 2, 1] },
            ],
          },
        ]),
        /stroke-opacity="0.55"/g,
      ),
    ).toBe(3);
  });
  test("a heatmap's cells have the colours of its scale, a missing one is blank", () => {
    const scale = [
      [0, "#000000"],
      [1, "#ff0000"],
    ];
    const svg = xy([
      { type: "heatmap", x: ["a", "b"], y: ["p"], z: [[1, null]], zmin: 0, zmax: 1, colorscale: scale, showscale: false },
    ]);
    expect(count(svg, /<rect/g)).toBe(1);
    expect(svg).toContain('fill="#ff0000"');
  });
  test("decades of a logarithmic axis are evenly spaced", () => {
    const svg = xy([{ type: "scatter", mode: "markers", x: [0.01, 1, 100], y: [1, 1, 1] }], { xaxis: { type: "log" } });
    const [a, b, c] = [...svg.matchAll(/<circle cx="([\d.]+)"/g)].map(([, cx]) => Number(cx));
    expect(b! - a!).toBeCloseTo(c! - b!, 0);
  });
  test("names that have no room are shortened, and turned on a lying axis", () => {
    const names = Array.from({ length: 20 }, (_, i) => `a rather long name of category ${i}`);
    const svg = xy([{ type: "bar", x: names, y: names.map((_, i) => i) }]);
    expect(svg).toContain("rotate(-35)");
    expect(svg).not.toContain(names[0]);
  });
  test("a colour that is none cannot leave its attribute", () => {
    const svg = xy([{ type: "bar", x: ["a"], y: [1], marker: { color: 'red"/><script>' } }]);
    elementsOf(svg);
    expect(svg).not.toContain("<script");
  });
  test("an empty figure, and a trace that nobody knows, are drawn without marks", () => {
    elementsOf(xy([]));
    elementsOf(xy([{ type: "sunburst", labels: ["a"] }]));
    elementsOf(xy([{ type: "scatter", mode: "lines", x: [], y: [] }]));
  });
  test("in a notebook it has the colour of the text around it", () =>
    expect(figureSvg(figure("t", []))).toContain('fill="currentColor"'));
});
