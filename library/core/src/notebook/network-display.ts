import type { Fitted } from "../base/contract.ts";
import type { NetworkState } from "../neural/index.ts";
import { plotLoss } from "../plots/model-plots.ts";
import { figureSvg } from "./figure-svg.ts";
import { digits, type Html, html, note, table } from "./html.ts";

/** Whether a model is a network of layers. */
export function isNetwork(model: Fitted): model is Fitted<NetworkState> {
  return model.name === "network";
}

/** A network's layers with their weights, how its losses went, and what its outputs came to. */
export function networkHtml({ state }: Fitted<NetworkState>): Html {
  const { weights, history, bestEpoch, backend, stopped, outputs, inputs } = state;
  const layers = Map.groupBy(weights, ({ name }) => name.slice(0, name.lastIndexOf("/")));
  const rows = Array.from(layers, ([layer, arrays]) => [
    layer,
    arrays.map(({ shape }) => shape.join(" × ")).join(", "),
    digits(arrays.reduce((sum, { values }) => sum + values.length, 0)),
  ]);
  const total = weights.reduce((sum, { values }) => sum + values.length, 0);
  const best = history[bestEpoch - 1] ?? {};
  const figures = Object.entries(best).map(([name, value]) => [name.replaceAll("_", " "), digits(value)]);
  const steps = history.map((_, epoch) => epoch + 1);
  const curves = ["loss", "val_loss"].flatMap((name) =>
    history[0]?.[name] === undefined ? [] : [{ name: name.replace("_", " "), steps, values: history.map((each) => each[name]!) }],
  );
  const ends = stopped === "early" ? `stopped after ${history.length} epochs without gain` : `${history.length} epochs`;
  const shapes = inputs.map(({ name, shape }) => `${name} (${shape.join(" × ")})`).join(", ");
  return html`${note(`${shapes} → ${outputs.map(({ name }) => name).join(", ")} · ${total} weights · ${ends}, the weights of epoch ${bestEpoch} · on ${backend}`)}
    <div style="display:flex;flex-wrap:wrap;gap:24px">${table(["layer", "weights", "count"], rows)}${table(["figure", ""], figures)}</div>
    ${steps.length > 1 ? { html: figureSvg(plotLoss(curves, "Loss by epoch")) } : ""}`;
}
