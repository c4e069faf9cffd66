import { type Figure, figureToSvg } from "assay";
import { visible } from "./shown-text.ts";

/** What stands in a cell; numbers are shown to four digits. */
export type ReportCell = string | number | null;

/** Rows under a head; the first cell of a row names it. */
export interface ReportTable {
  readonly kind: "table";
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly ReportCell[])[];
}

/** Figures beside each other. */
interface ReportFigures<F> {
  readonly kind: "figures";
  readonly columns: 1 | 2 | 3;
  readonly figures: readonly F[];
}

/** Words: a paragraph, a list of remarks, text as it was typed, or what was left out. */
interface ReportWords {
  readonly kind: "text" | "list" | "code" | "left_out";
  readonly lines: readonly string[];
}

/** A piece of a section. */
export type ReportBlock<F> = ReportTable | ReportFigures<F> | ReportWords;

/** A part of a report with a heading of its own. */
export interface ReportSection<F> {
  readonly title: string;
  readonly blocks: readonly ReportBlock<F>[];
}

/** A figure that is still to be drawn. */
export interface PlainFigure {
  readonly title: string;
  readonly figure: Figure;
}

/** A figure as SVG; its title is empty where it is drawn in it. */
export interface DrawnFigure {
  readonly title: string;
  readonly svg: string;
}

/** A report before it is written as HTML or PDF: plain data. */
export interface Report<F = PlainFigure> {
  readonly title: string;
  readonly subtitle: string;
  /** ISO 8601 in UTC. */
  readonly madeAt: string;
  /** The page of a PDF lies on its side. */
  readonly wide: boolean;
  readonly facts: readonly (readonly [name: string, value: ReportCell])[];
  readonly sections: readonly ReportSection<F>[];
}

/** Width and height of a figure by how many stand in a row. */
const sizes = { 1: { width: 720, height: 380 }, 2: { width: 480, height: 320 }, 3: { width: 340, height: 230 } } as const;

/** Height of a figure that asks for no other. */
const usualHeight = 380;

/** Draws the figures of a report; one that cannot be drawn is said, and empty sections fall away. */
export function drawReport(report: Report): Report<DrawnFigure> {
  const sections = report.sections.map(({ title, blocks }) => ({ title, blocks: blocks.flatMap((block) => drawBlock(block)) }));
  return { ...report, sections: sections.filter(({ blocks }) => blocks.length > 0) };
}

function drawBlock(block: ReportBlock<PlainFigure>): ReportBlock<DrawnFigure>[] {
  if (block.kind === "table") return block.rows.length > 0 ? [block] : [];
  if (block.kind !== "figures") return block.lines.length > 0 ? [block] : [];
  const drawn: DrawnFigure[] = [];
  const failed: string[] = [];
  for (const { title, figure } of block.figures)
    try {
      const { height = 0, title: own } = figure.layout as { height?: number; title?: { text?: string } };
      const size = sizes[block.columns];
      const room = height > usualHeight ? Math.min(1400, height) : size.height;
      const svg = visible(figureToSvg(figure, { width: size.width, height: room, ink: "currentColor" }));
      drawn.push({ title: own?.text === title ? "" : title, svg });
    } catch (error) {
      failed.push(`${title}: could not be drawn (${(error as Error).message})`); // a figure out of the database may hold anything
    }
  return [
    ...(drawn.length > 0 ? [{ ...block, figures: drawn }] : []),
    ...(failed.length > 0 ? [{ kind: "left_out" as const, lines: failed }] : []),
  ];
}

/** A table of at most so many rows, and behind it how many were left out. */
export function boundedTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly ReportCell[])[],
  most = 200,
): ReportBlock<never>[] {
  const table = { kind: "table" as const, caption, head, rows: rows.slice(0, most) };
  return rows.length > most ? [table, leftOut(`${rows.length - most} of ${rows.length} rows of “${caption}”`)] : [table];
}

/** Says what was left out. */
export function leftOut(...lines: readonly string[]): ReportWords {
  return { kind: "left_out", lines };
}
