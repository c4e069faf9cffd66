import bar from "plotly.js/lib/bar";
import box from "plotly.js/lib/box";
import contour from "plotly.js/lib/contour";
import core from "plotly.js/lib/core";
import heatmap from "plotly.js/lib/heatmap";
import histogram from "plotly.js/lib/histogram";
import parcoords from "plotly.js/lib/parcoords";

core.register([bar, box, contour, heatmap, histogram, parcoords]);

/** Plotly with the traces that Assay draws; scatter is part of its core. Imported lazily: about 1 MB. */
export const plotly = core;
