import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import { type Drawing, drawInto } from "./draw";
import type { PlotlyFigure } from "./plotly-figure";

/** The MIME type of plotly figures. */
const plotlyType = "application/vnd.plotly.v1+json";

class PlotlyOutput extends Widget implements IRenderMime.IRenderer {
  private readonly mimeType: string;
  private drawing: Drawing | null = null;

  constructor(options: IRenderMime.IRendererOptions) {
    super();
    this.mimeType = options.mimeType;
    this.addClass("jp-AssayPlotly");
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const figure = model.data[this.mimeType] as unknown as PlotlyFigure;
    if (!Array.isArray(figure?.data)) throw new Error(`plotly: data must be an array of traces, got ${typeof figure?.data}`);
    this.drawing ??= drawInto(this.node, 360);
    await this.drawing.update(figure);
  }

  override dispose(): void {
    this.drawing?.dispose();
    this.drawing = null;
    super.dispose();
  }
}

/** Draws plotly figures in notebooks; loads plotly with the first figure. */
export const plotlyFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: [plotlyType],
  defaultRank: 50,
  createRenderer: (options) => new PlotlyOutput(options),
};
