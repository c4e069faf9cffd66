// The shape of a panel: its headings, controls, tables and figures in order, each with its left edge (`in` where it is no margin), height and colours. Fonts of another
// machine change the widths of words and so the pixels of a picture; the shape stays.
import { strict as assert } from "node:assert";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const fileOf = (name) => fileURLToPath(new URL(`snapshots/${name}.txt`, import.meta.url));

/** Whether snapshots are written in place of being compared: `ASSAY_SNAPSHOTS=write npm test browser`. */
const isWriting = process.env.ASSAY_SNAPSHOTS === "write";

/** Compares a panel's shape in the light and the dark theme with what was kept; or keeps it. */
export async function sameShape(page, lab, name, selector, { items = true } = {}) {
  const themes = {};
  for (const theme of ["JupyterLab Dark", "JupyterLab Light"]) {
    await lab.theme(theme);
    themes[theme] = await page.locator(selector).first().evaluate(shapeOf, items);
  }
  const dark = themes["JupyterLab Dark"];
  const lines = themes["JupyterLab Light"].map(({ what, place, colours }, k) =>
    [what, place, colours, dark[k]?.what === what ? dark[k].colours : `in the dark: ${dark[k]?.what}`].join(" | "),
  );
  const text = `what | left edge, height | text on ground | in the dark\n${lines.join("\n")}\n`;
  if (isWriting || !existsSync(fileOf(name))) {
    assert.ok(isWriting, `there is no snapshot ${name}: write it with ASSAY_SNAPSHOTS=write`);
    writeFileSync(fileOf(name), text);
  }
  assert.deepEqual(text.split("\n"), readFileSync(fileOf(name), "utf8").split("\n"), `${name} has another shape`);
}

/** What is wrong in a panel to the eye: words that are cut without a title, controls over each other, controls off their line. */
export function flaws(page, selector) {
  return page.locator(selector).first().evaluate(flawsOf);
}

/** Runs in the page: what is drawn, in order; of lists and tables the first item. */
function shapeOf(panel, withItems) {
  const chosen =
    "h1, h2, h3, h4, button, input, select, textarea, summary, legend, table, th, figure, figcaption, [role=tab], [role=figure], .jp-Assay-status, .jp-Assay-empty, .jp-Assay-failure";
  const left = panel.getBoundingClientRect().left;
  const masked = (text) =>
    text
      .replaceAll(/[\d.,:−+-]*\d[\d.,:%]*/g, "#")
      .replaceAll(/\s+/g, " ")
      .trim()
      .slice(0, 60);
  const isFirst = (node) => {
    for (let at = node; at !== panel; at = at.parentElement)
      if (/^(LI|TR|OPTION)$/.test(at.tagName) && at.closest("tbody, ul, ol") && (at.previousElementSibling || !withItems))
        return false;
    return true;
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/^rgba\(.*, 0\)$|transparent/.test(colour)) return colour;
    }
    return "none";
  };
  const isData = (node) => node.closest("tbody, li, .main-svg") !== null;
  const wordsOf = (node) => {
    if (isData(node)) return "…";
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(node.tagName))
      return masked(node.getAttribute("aria-label") ?? node.labels?.[0]?.textContent ?? node.name);
    if (/^(TABLE|FIGURE|DIV)$/.test(node.tagName)) return masked(node.getAttribute("aria-label") ?? "");
    return masked(node.getAttribute("aria-label") ?? node.textContent);
  };
  return [...panel.querySelectorAll(chosen)]
    .filter((node) => node.checkVisibility() && node.offsetWidth > 1 && node.offsetHeight > 1)
    .filter((node) => !node.closest(".js-plotly-plot *") && isFirst(node))
    .map((node) => {
      const box = node.getBoundingClientRect();
      const style = getComputedStyle(node);
      const classes = [...node.classList].filter((name) => /^jp-(Assay|mod)/.test(name)).join(".");
      const isBlock = /^(H\d|TABLE|FIGURE)$/.test(node.tagName);
      const edge = Math.round(box.left - left);
      const isTall = /^(TABLE|FIGURE|FIGCAPTION|SUMMARY|LEGEND|TH|DIV)$/.test(node.tagName);
      return {
        what: `${node.tagName.toLowerCase()}${classes && `.${classes}`} ${wordsOf(node)}`.trim(),
        place: `${isBlock ? (edge < 40 ? edge : "in") : "·"}, ${isTall ? "·" : Math.round(box.height)}`,
        colours: `${style.color} on ${ground(node)}`,
      };
    });
}

/** Runs in the page. */
function flawsOf(panel) {
  const seen = (node) =>
    node.checkVisibility() &&
    node.offsetWidth > 1 &&
    node.offsetHeight > 1 &&
    !node.closest(".js-plotly-plot, .jp-Assay-hidden, [hidden]");
  const named = (node) =>
    `${node.tagName.toLowerCase()}.${[...node.classList].join(".")} "${node.textContent.trim().slice(0, 60)}"`;
  const found = [];
  for (const node of panel.querySelectorAll("*")) {
    if (!(node instanceof HTMLElement) || !seen(node)) continue;
    const style = getComputedStyle(node);
    const isCut = style.overflowX === "hidden" && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0;
    const isText = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim() !== "");
    if (isCut && isText && !node.closest("[title], [aria-label]:not(section, ul, table, div)"))
      found.push(`cut without a title: ${named(node)}`);
  }
  const controls = [...panel.querySelectorAll("button, input:not([type=range]), select, textarea")].filter(
    (node) => seen(node) && !node.closest(".jp-Assay-pickerList, .jp-AssayExperiments-grid"),
  );
  const boxes = controls.map((node) => [node, node.getBoundingClientRect()]);
  for (const [k, [node, a]] of boxes.entries())
    for (const [other, b] of boxes.slice(k + 1)) {
      if (node.contains(other) || other.contains(node)) continue;
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (width > 2 && height > 2) found.push(`over each other: ${named(node)} and ${named(other)}`);
    }
  for (const bar of panel.querySelectorAll(".jp-Assay-bar")) {
    const row = boxes.filter(([node]) => node.parentElement === bar).map(([node, box]) => [node, (box.top + box.bottom) / 2]);
    for (const [k, [node, middle]] of row.entries()) {
      const [, before] = row[k - 1] ?? [null, middle];
      const gap = Math.abs(middle - before);
      if (gap > 1.5 && gap < 14) found.push(`off its line by ${gap.toFixed(1)} px: ${named(node)}`);
    }
  }
  return [...new Set(found)];
}
