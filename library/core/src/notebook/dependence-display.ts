import type { MimeBundle } from "../base/display.ts";
import type { InteractionStrength } from "../inspection/interaction-strength.ts";
import type { PartialDependence } from "../inspection/partial-dependence.ts";
import { plotPartialDependence, plotPartialDependence2d } from "../plots/dependence-plots.ts";
import type { Figure } from "../plots/figure.ts";
import { drawn, lines, written } from "./bundles.ts";
import { digits, type Html, html, note, table } from "./html.ts";

/** Outputs drawn at most. */
const mostOutputs = 6;

/** A figure for each output. */
export function dependenceBundle(value: PartialDependence): MimeBundle {
  return drawn(dependenceText(value), dependenceFigures(value));
}

/** Pairs of columns with bars. */
export function interactionBundle(value: InteractionStrength): MimeBundle {
  return written(interactionText(value), interactionHtml(value));
}

function dependenceText({ features, outputs, grid, average, rows }: PartialDependence): string {
  const title = `Partial dependence of ${outputs.slice(0, mostOutputs).join(", ")} on ${features.join(" and ")}, ${rows.length} rows`;
  if (features.length > 1 || average.length === 0) return title;
  const step = Math.max(1, Math.ceil(grid[0]!.length / 12));
  const places = grid[0]!.map((_, k) => k).filter((k) => k % step === 0);
  const at = (value: number | string): string => (typeof value === "number" ? digits(value) : value);
  return lines(
    title,
    places.map((k) => [
      at(grid[0]![k]!),
      average
        .slice(0, mostOutputs)
        .map((means) => digits(means[k]))
        .join("  "),
    ]),
  );
}

function dependenceFigures({ features, outputs, unit, grid, average, individual }: PartialDependence): Figure[] {
  return outputs.slice(0, mostOutputs).map((name, k) => {
    const output = unit === "probability" ? `probability of ${name}` : name;
    if (features.length === 2) {
      const means = average[k] ?? pointMeans(individual[k]!);
      return plotPartialDependence2d({
        features: [features[0]!, features[1]!],
        grid: [grid[0]!, grid[1]!],
        average: means,
        output,
      });
    }
    const curves = individual[k];
    return plotPartialDependence({
      feature: features[0]!,
      grid: grid[0]!,
      average: average[k] ?? pointMeans(curves!),
      ...(curves && { individual: curves }),
      output,
    });
  });
}

function pointMeans(curves: readonly (readonly number[])[]): number[] {
  return curves[0]!.map((_, p) => curves.reduce((sum, curve) => sum + curve[p]!, 0) / curves.length);
}

function interactionText({ rows, pairs }: InteractionStrength): string {
  return lines(
    `Interactions (Friedman's H) over ${rows} rows`,
    pairs.slice(0, 20).map(({ features, strength }) => [features.join(" and "), digits(strength)]),
  );
}

function interactionHtml({ rows, pairs }: InteractionStrength): Html {
  const body = pairs
    .slice(0, 30)
    .map(({ features, strength }) => [
      features.join(" and "),
      html`<div style="background:var(--jp-brand-color1,#0072B2);height:8px;width:${(200 * strength).toFixed(0)}px"></div>`,
      digits(strength),
    ]);
  return html`${table(["columns", "interaction", ""], body)}${note(`Friedman's H over ${rows} rows: 0 where effects add up, 1 where there is nothing but the interaction`)}`;
}
