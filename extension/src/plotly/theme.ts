import { numberMarks } from "../elements/format";

/** A plotly template made from the theme's variables, read where `node` stands. */
export function themeTemplate(node: HTMLElement): Record<string, unknown> {
  const style = getComputedStyle(node);
  const color = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  const text = color("--jp-ui-font-color1", "#222");
  const faint = color("--jp-ui-font-color2", "#666");
  const ground = color("--jp-layout-color1", "#fff");
  const grid = color("--jp-border-color2", "#ddd");
  const axis = { gridcolor: grid, linecolor: grid, zerolinecolor: grid, tickfont: { color: faint }, automargin: true };
  return {
    layout: {
      separators: numberMarks(),
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: color("--jp-ui-font-family", "sans-serif"), size: 12, color: text },
      title: { font: { size: 13 } },
      colorway: colorway(isDark(ground)),
      xaxis: axis,
      yaxis: axis,
      legend: { bgcolor: "rgba(0,0,0,0)" },
      modebar: { bgcolor: ground, color: faint, activecolor: text },
      hoverlabel: { bgcolor: color("--jp-layout-color2", ground), bordercolor: grid, font: { color: text } },
      margin: { l: 56, r: 16, t: 36, b: 44 },
    },
  };
}

/** A copy of a part of a figure; on dark ground its dark colours are lightened. */
export function readable<T>(part: T, node: HTMLElement): T {
  const copy = structuredClone(part);
  const ground = getComputedStyle(node).getPropertyValue("--jp-layout-color1").trim();
  return isDark(ground) ? (lightened(copy) as T) : copy;
}

const lighter: Readonly<Record<string, string>> = { "#0072b2": "#5aa9e6", "#009e73": "#2fc79a", "#d55e00": "#f08a3c" };

function lightened(value: unknown): unknown {
  if (typeof value === "string") return lighter[value.toLowerCase()] ?? value;
  if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map(lightened);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, lightened(each)]));
}

/** Calls `changed` when JupyterLab's theme changes, until the returned function is called. */
export function followTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-name", "data-jp-theme-light"] });
  return () => observer.disconnect();
}

/** Okabe and Ito's colours, told apart by colour-blind eyes; black is left out, blue lightened on dark ground. */
function colorway(dark: boolean): string[] {
  return [dark ? "#5aa9e6" : "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", dark ? "#f0e442" : "#b8a900"];
}

function isDark(color: string): boolean {
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(color)?.[1];
  if (!hex) return document.body.dataset["jpThemeLight"] === "false";
  const [r, g, b] = (hex.length === 3 ? [...hex].map((digit) => digit + digit) : (hex.match(/../g) ?? [])).map((each) =>
    Number.parseInt(each, 16),
  );
  return 0.299 * (r ?? 0) + 0.587 * (g ?? 0) + 0.114 * (b ?? 0) < 128;
}
