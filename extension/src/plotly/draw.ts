import type { PlotlyFigure } from "./plotly-figure";
import { followTheme, readable, themeTemplate } from "./theme";

/** A drawn figure that follows its element's size and the theme. */
export interface Drawing {
  update(figure: PlotlyFigure): Promise<void>;
  dispose(): void;
}

type Traces = readonly Record<string, unknown>[];
/** What plotly makes of the element that it draws into. */
type PlotlyNode = HTMLElement & { data: Traces; on?(event: "plotly_restyle", listener: () => void): void };

/**
 * Draws figures into `node`; plotly is loaded with the first one. A figure without height takes `height` pixels. `onRestyle` is told the
 * traces when the reader has changed them.
 */
export function drawInto(node: HTMLElement, height: number, onRestyle?: (traces: Traces) => void): Drawing {
  let current: PlotlyFigure | null = null;
  let disposed = false;
  let width = 0;
  let isHeard = false;
  const hand = handOn(node);
  let purge = () => {};
  let last: Promise<void> = Promise.resolve();

  // one after another: what is still being drawn cannot be taken away
  const draw = () => {
    last = last.catch(() => undefined).then(redraw);
    return last;
  };
  const redraw = async () => {
    if (disposed || !current) return;
    const { plotly } = await import("./plotly");
    await hand.free();
    if (disposed) return;
    purge = () => plotly.purge(node);
    const { data, layout = {}, config = {} } = current;
    const { width: _, template: __, ...own } = layout;
    await plotly.react(
      node,
      // copies: plotly writes into what it is given
      readable(data, node),
      { height, ...readable(own, node), autosize: true, template: themeTemplate(node) },
      {
        displaylogo: false,
        responsive: false,
        displayModeBar: "hover",
        modeBarButtonsToRemove: ["select2d", "lasso2d"],
        ...config,
      },
    );
    const drawn = node as PlotlyNode;
    if (onRestyle && !isHeard) drawn.on?.("plotly_restyle", () => onRestyle(drawn.data));
    isHeard = true;
  };
  const resize = new ResizeObserver(([entry]) => {
    const now = Math.round(entry?.contentRect.width ?? 0);
    if (now === 0 || now === width) return;
    width = now;
    void draw();
  });
  resize.observe(node);
  const unfollow = followTheme(() => void draw());

  return {
    update(figure) {
      current = figure;
      return draw();
    },
    dispose() {
      disposed = true;
      resize.disconnect();
      unfollow();
      hand.dispose();
      void last.catch(() => undefined).then(() => purge());
    },
  };
}

/** Tells when no pointer is held down on an element: what is dragged there would be taken from under the hand if it were drawn anew. */
function handOn(node: HTMLElement) {
  let held: Promise<void> | null = null;
  const down = ({ button }: PointerEvent) => {
    if (button !== 0) return;
    held ??= new Promise((resolve) => {
      const up = () => {
        for (const type of ["pointerup", "pointercancel"]) window.removeEventListener(type, up, true);
        // after the mouse's own event, which ends the drag
        setTimeout(() => {
          held = null;
          resolve();
        });
      };
      for (const type of ["pointerup", "pointercancel"]) window.addEventListener(type, up, true);
    });
  };
  node.addEventListener("pointerdown", down, true);
  return {
    free: async () => {
      while (held) await held;
    },
    dispose: () => node.removeEventListener("pointerdown", down, true),
  };
}
