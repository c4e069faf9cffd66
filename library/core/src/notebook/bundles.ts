import type { MimeBundle } from "../base/display.ts";
import type { Figure } from "../plots/figure.ts";
import { figureSvg } from "./figure-svg.ts";
import { type Html, html } from "./html.ts";

/**
 * Text and HTML. Front ends typeset what stands between dollar signs in HTML as mathematics; these classes tell MathJax 3 and 2 to leave
 * "$5 and $6" alone.
 */
export function written(text: string, shown: Html): MimeBundle {
  return { "text/plain": text, "text/html": html`<div class="mathjax_ignore tex2jax_ignore">${shown}</div>`.html };
}

/** One figure as plotly's JSON and as a picture. */
export function one(figure: Figure, text: string): MimeBundle {
  return {
    "application/vnd.plotly.v1+json": { data: figure.data, layout: figure.layout },
    "image/svg+xml": figureSvg(figure),
    "text/plain": text,
  };
}

/** One figure as such, several as pictures side by side. */
export function drawn(text: string, figures: readonly Figure[]): MimeBundle {
  if (figures.length === 1) return one(figures[0]!, text);
  const pictures = figures.map((figure) => html`<div>${{ html: figureSvg(figure) }}</div>`);
  return written(
    text,
    html`<div style="display:flex;flex-wrap:wrap;gap:12px;color:var(--jp-ui-font-color1,#333)">${pictures}</div>`,
  );
}

/** A title, and a line for each name with its value. */
export function lines(title: string, rows: readonly (readonly [string, string])[]): string {
  return [title, ...rows.map(([name, value]) => `${name.slice(0, 40).padEnd(40)} ${value}`)].join("\n");
}
