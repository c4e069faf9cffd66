/** A figure as plain plotly JSON. */
export interface PlotlyFigure {
  data: Record<string, unknown>[];
  layout?: Record<string, unknown>;
  config?: Record<string, unknown>;
}

/** A figure with the words above it. */
export interface NamedFigure {
  name: string;
  title: string;
  figure: PlotlyFigure;
}

/** The figures that an evaluation carries; anything else in it is left alone. */
export function figuresOf(evaluation: unknown): NamedFigure[] {
  const figures = (evaluation as { figures?: unknown } | null | undefined)?.figures;
  return Array.isArray(figures) ? figures.filter(isNamedFigure).map(untitled) : [];
}

const legend = { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" };

/** The panel writes the title above the figure, and gives all figures one height. */
function untitled({ name, title, figure }: NamedFigure): NamedFigure {
  const { title: _, margin: __, height: ___, legend: ____, ...layout } = figure.layout ?? {};
  return { name, title, figure: { ...figure, layout: { ...layout, legend, margin: { t: 16, r: 16, b: 48, l: 60 } } } };
}

/** A figure without its own title and colours of ground; its height stays. */
export function untitledFigure({ data, layout = {} }: { data: object[]; layout?: Record<string, unknown> }): PlotlyFigure {
  const { title: _, margin: __, legend: ___, ...rest } = layout;
  return {
    data: data as Record<string, unknown>[],
    layout: { ...rest, ...shortTicks(data, rest), legend, margin: { t: 24, r: 16, b: 48, l: 60 } },
  };
}

/** Signs of a tick's name, and ticks of an axis, at most. */
const [signsMost, ticksMost] = [24, 40];

/** Axes whose ticks have long names, with the names cut: plotly would give them the room of the figure. */
function shortTicks(data: readonly object[], layout: Record<string, unknown>): Record<string, unknown> {
  const first = (data[0] ?? {}) as { x?: unknown; y?: unknown };
  return Object.fromEntries(
    (["x", "y"] as const).flatMap((side) => {
      const names = first[side];
      if (!Array.isArray(names) || !names.some((name) => typeof name === "string" && name.length > signsMost)) return [];
      const every = Math.ceil(names.length / ticksMost);
      const tickvals = names.filter((_, k) => k % every === 0).map(String);
      const ticktext = tickvals.map((name) => (name.length > signsMost ? `${name.slice(0, signsMost - 1)}…` : name));
      return [[`${side}axis`, { ...(layout[`${side}axis`] as object), tickmode: "array", tickvals, ticktext }]];
    }),
  );
}

function isNamedFigure(value: unknown): value is NamedFigure {
  const { name, title, figure } = (value ?? {}) as Partial<NamedFigure>;
  return typeof name === "string" && typeof title === "string" && Array.isArray(figure?.data);
}
