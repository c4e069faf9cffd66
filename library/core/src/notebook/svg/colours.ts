import { palette, type Trace } from "../../plots/figure.ts";

/** A colour as SVG 1.1 has it: opacity apart. */
interface Paint {
  readonly colour: string;
  readonly opacity: number;
}

/** A CSS colour as paint: `rgba(…)` is taken apart, all else stays. Whatever is no plain colour becomes grey. */
export function paintOf(css: unknown, otherwise = "#8c8c8c"): Paint {
  if (typeof css !== "string") return { colour: otherwise, opacity: 1 };
  const parts = /^rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,\s*([\d.]+)\s*)?\)$/.exec(css);
  if (parts) return { colour: hex(parts.slice(1, 4).map(Number)), opacity: parts[4] === undefined ? 1 : Number(parts[4]) };
  return { colour: /^#[\da-f]{3,8}$|^[a-z]+$/i.test(css) ? css : otherwise, opacity: 1 };
}

/** A colour scale as plotly has it: shares of 0 … 1 with colours. */
type ColourScale = readonly (readonly [number, string])[];

/** The colour at a share of a scale, between its neighbours in proportion. */
export function colourAt(scale: ColourScale, share: number): string {
  const at = Math.min(1, Math.max(0, share));
  const above = Math.max(
    1,
    scale.findIndex(([place]) => place >= at),
  );
  const [[low, first], [high, second]] = [scale[above - 1]!, scale[above] ?? scale.at(-1)!];
  const part = high > low ? (at - low) / (high - low) : 0;
  const [a, b] = [channels(first), channels(second)];
  return hex(a.map((value, k) => value + part * (b[k]! - value)));
}

/** A trace's scale, turned round where it says so; blue where it names one of plotly's own. */
export function scaleOf(holder: Readonly<Record<string, unknown>>): ColourScale {
  const given = holder["colorscale"];
  const scale = Array.isArray(given)
    ? (given as unknown as ColourScale)
    : ([
        [0, "#eef3f9"],
        [1, "#08519c"],
      ] as const);
  return holder["reversescale"] ? scale.map(([place, colour]) => [1 - place, colour] as const).toReversed() : scale;
}

/** The colour of the k-th trace's line or marker. */
export function colourOf(trace: Trace, k: number): string {
  const found = [trace["line"], trace["marker"]]
    .map((part) => (part as { color?: unknown } | undefined)?.color)
    .find((colour) => typeof colour === "string");
  return (found as string | undefined) ?? palette[k % palette.length]!;
}

/** Whether dark text is read on a colour. */
export function isPale(colour: string): boolean {
  const [r, g, b] = channels(colour);
  return 0.299 * r! + 0.587 * g! + 0.114 * b! > 140;
}

function channels(colour: string): number[] {
  const { colour: plain } = paintOf(colour);
  if (!plain.startsWith("#")) return [140, 140, 140];
  const digits = plain.length === 4 ? [...plain.slice(1)].map((digit) => digit + digit).join("") : plain.slice(1, 7);
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16));
}

function hex(parts: readonly number[]): string {
  return `#${parts
    .map((part) =>
      Math.round(Math.min(255, Math.max(0, part)))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}
