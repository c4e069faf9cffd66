import { appendFileSync } from "node:fs";

/** Hands a figure that a suite measured to `docs/reliability.md`; kept only where `npm run reliability` asks for it. */
export function keepFigure(what: string, measured: string): void {
  const file = process.env["ASSAY_FIGURES"];
  if (file) appendFileSync(file, `${JSON.stringify({ what, measured })}\n`);
}
