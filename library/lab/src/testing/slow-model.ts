import { existsSync } from "node:fs";
import * as ml from "assay";
import { z } from "zod";

/** A model that waits for a file, throws, or ends its thread, when it is asked: what a shadow may do. Loaded by the threads of a test too. */
export const slowModel = ml.classifier({
  name: "slow_model",
  missing: true,
  params: z.strictObject({
    does: z.enum(["waiting", "throwing", "ending"]).default("waiting").meta({ title: "What it does" }),
    file: z.string().default("").meta({ title: "File that it waits for" }),
  }),
  fit: (_x, y): { readonly classes: number } => ({ classes: new Set(y).size }),
  predictProba(x, { classes }: { readonly classes: number }, { does, file }) {
    if (does === "throwing") throw new Error("the model throws");
    if (does === "ending") process.exit(3);
    while (!existsSync(file)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    const data = new Float64Array(x.rows * classes).fill(1 / classes);
    return { rows: x.rows, columns: classes, data };
  },
});
