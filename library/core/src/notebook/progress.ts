import type { Observer, Progress, Spec } from "../base/contract.ts";
import { type MimeBundle, setDefaultObserver, setDefaultSignal } from "../base/display.ts";
import { written } from "./bundles.ts";
import { html } from "./html.ts";

/** What our kernel offers to libraries; see kernel/README.md. */
interface Kernel {
  display(bundle: MimeBundle, options?: { readonly displayId?: string; readonly update?: boolean }): void;
  readonly signal: AbortSignal | undefined;
}

const patienceMs = 1000;
const betweenMs = 200;
let bars = 0;

function kernelHere(): Kernel | undefined {
  return (globalThis as Record<symbol, unknown>)[Symbol.for("assay.kernel")] as Kernel | undefined;
}

/** In our kernel, a fit that takes longer than a second shows one line of progress, and an interrupt of the cell ends it. */
export function watchFits(): void {
  setDefaultSignal(() => kernelHere()?.signal);
  setDefaultObserver((spec) => {
    const kernel = kernelHere();
    return kernel?.signal ? progressBar(kernel, spec) : undefined;
  });
}

function progressBar(kernel: Kernel, { name }: Spec): Observer {
  const displayId = `assay-progress-${process.pid}-${bars++}`;
  const begin = performance.now();
  const curve: number[] = [];
  let shown = false;
  let last = 0;
  let heard: Progress | undefined;
  return {
    done() {
      if (!shown || !heard || heard.step >= heard.steps) return;
      kernel.display(progressBundle(name, heard, performance.now() - begin, curve, true), { displayId, update: true });
    },
    progress(event) {
      heard = event;
      const loss = event.metrics["loss"];
      if (loss !== undefined && Number.isFinite(loss)) curve.push(loss);
      const now = performance.now();
      const done = event.step >= event.steps;
      if (now - begin < patienceMs || (!shown && done) || (now - last < betweenMs && !done)) return;
      last = now;
      kernel.display(progressBundle(name, event, now - begin, curve), { displayId, update: shown });
      shown = true;
    },
  };
}

/** One line: bar, step, elapsed, remaining, rate, and the last metrics; under it the loss where there is one. What has ended early has nothing left. */
function progressBundle(
  name: string,
  { step, steps, metrics }: Progress,
  elapsedMs: number,
  curve: readonly number[],
  ended = false,
): MimeBundle {
  const share = ended ? 1 : steps > 0 ? Math.min(1, step / steps) : 0;
  const remaining = share > 0 && share < 1 ? `${seconds((elapsedMs * (1 - share)) / share)} left` : "";
  const rate = `${(step / (elapsedMs / 1000)).toPrecision(3)}/s`;
  const values = Object.entries(metrics).map(([key, value]) => `${key} ${Number(value.toPrecision(4))}`);
  const facts = [
    ended ? `ended after ${step} of at most ${steps}` : `${step}/${steps}`,
    seconds(elapsedMs),
    remaining,
    rate,
    ...values,
  ]
    .filter(Boolean)
    .join(" · ");
  const bar = html`<div style="display:flex;align-items:center;gap:8px;font-size:12px"><span>${name}</span><div style="flex:0 0 160px;height:8px;background:var(--jp-layout-color3,#ddd);border-radius:4px"><div style="width:${(100 * share).toFixed(1)}%;height:8px;background:var(--jp-brand-color1,#0072B2);border-radius:4px"></div></div><span style="color:var(--jp-ui-font-color2,#666)">${facts}</span></div>${curve.length > 2 ? { html: sparkline(curve) } : ""}`;
  return written(`${name} ${facts}`, bar);
}

function sparkline(values: readonly number[]): string {
  const stride = Math.max(1, Math.ceil(values.length / 200));
  const kept = values.filter((_, k) => k % stride === 0 || k === values.length - 1);
  const [low, high] = [Math.min(...kept), Math.max(...kept)];
  const points = kept.map(
    (value, k) => `${((240 * k) / (kept.length - 1)).toFixed(1)},${(38 - (36 * (value - low)) / (high - low || 1)).toFixed(1)}`,
  );
  return html`<svg width="240" height="40" role="img" aria-label="loss" style="color:var(--jp-brand-color1,#0072B2)"><polyline points="${points.join(" ")}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>`
    .html;
}

function seconds(ms: number): string {
  const total = Math.round(ms / 1000);
  return total < 60 ? `${total} s` : `${Math.floor(total / 60)} min ${total % 60} s`;
}
