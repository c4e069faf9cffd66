import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Column, Content, TableCell, TDocumentDefinitions } from "pdfmake/interfaces.js";
import { codePointsOf, inFont } from "./font-coverage.ts";
import type { DrawnFigure, Report, ReportBlock, ReportTable } from "./report.ts";
import { shownInstant } from "./report-html.ts";
import { isFigure, shownCell, shownText } from "./shown-text.ts";

/** Points of an A4 page between its margins, upright and on its side. */
const widths = { upright: 515, wide: 762 } as const;
const ink = "#1b1f24";
const faint = "#5b6570";

/** Writes text in the signs of the font, and counts those that it has not. */
interface Writer {
  /** A drawing's text, as it stands. */
  draw(text: string): string;
  /** Words; one of more signs than `most` may be broken, for a column is as wide as its longest word. */
  write(text: string, most?: number): string;
  replaced: number;
}

/**
 * A report as PDF: figures as vectors, contents, page numbers. Signs that the font (Roboto: Latin, Greek, Cyrillic) has not are
 * written as their code points, and the report says so. Takes about 20 ms a page.
 */
export async function reportPdf(report: Report<DrawnFigure>): Promise<Uint8Array> {
  const { default: pdfmake } = await import("pdfmake");
  const fonts = join(dirname(createRequire(import.meta.url).resolve("pdfmake/package.json")), "fonts/Roboto");
  const file = (face: string): string => join(fonts, `Roboto-${face}.ttf`);
  pdfmake.setFonts({
    Roboto: { normal: file("Regular"), bold: file("Medium"), italics: file("Italic"), bolditalics: file("MediumItalic") },
  });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path.startsWith(fonts));
  const covered = codePointsOf(await readFile(file("Regular")));
  const writer: Writer = {
    replaced: 0,
    draw(text) {
      const written = inFont(text, covered);
      this.replaced += written.replaced;
      return written.text;
    },
    write(text, most = 28) {
      return this.draw(text).replaceAll(new RegExp(`\\S{${most}}(?=\\S)`, "gu"), "$&\u200b");
    },
  };
  return pdfmake.createPdf(pageOf(report, writer)).getBuffer();
}

function pageOf(report: Report<DrawnFigure>, writer: Writer): TDocumentDefinitions {
  const { title, subtitle, madeAt, facts, sections, wide } = report;
  const width = wide ? widths.wide : widths.upright;
  const heading = writer.write(shownText(title));
  const made = shownInstant(madeAt);
  const content: Content[] = [
    { text: heading, fontSize: 20, bold: true },
    { text: writer.write(`${shownText(subtitle)} · made ${made} by Assay`), color: faint, margin: [0, 2, 0, 12] },
    factsOf(facts, writer),
    { toc: { title: { text: "Contents", bold: true, margin: [0, 14, 0, 4] } } },
    ...sections.flatMap(({ title, blocks }): Content[] => {
      const head: Content = {
        text: writer.write(shownText(title)),
        fontSize: 14,
        bold: true,
        margin: [0, 18, 0, 6],
        tocItem: true,
        headlineLevel: 1,
      };
      const [first, ...others] = blocks.flatMap((block) => blockOf(block, width, writer));
      const isWhole = (first as { unbreakable?: boolean }).unbreakable === true;
      return isWhole ? [{ stack: [head, first!], unbreakable: true }, ...others] : [head, first!, ...others];
    }),
  ];
  if (writer.replaced > 0)
    content.push({
      text: `${writer.replaced} characters that the font of this file has not are written as their code points, as \\u{6570}; the HTML report shows them.`,
      color: faint,
      margin: [0, 16, 0, 0],
    });
  return {
    pageSize: "A4",
    pageOrientation: wide ? "landscape" : "portrait",
    pageMargins: [40, 48, 40, 48],
    info: { title: heading, author: "Assay", creationDate: new Date(madeAt) },
    language: "en",
    defaultStyle: { font: "Roboto", fontSize: 9, color: ink, lineHeight: 1.2 },
    header: (page) => (page === 1 ? null : { text: heading.slice(0, 120), color: faint, fontSize: 8, margin: [40, 22, 40, 0] }),
    footer: (page, pages) => ({
      columns: [
        { text: made, color: faint, fontSize: 8 },
        { text: `${page} / ${pages}`, alignment: "right", color: faint, fontSize: 8 },
      ],
      margin: [40, 16, 40, 0],
    }),
    content,
    // a heading does not stand alone at the foot of a page
    pageBreakBefore: ({ headlineLevel, startPosition }) => headlineLevel === 1 && startPosition.verticalRatio > 0.78,
  };
}

function factsOf(facts: Report["facts"], writer: Writer): Content {
  const body = facts.map(([name, value]): TableCell[] => [
    { text: writer.write(shownText(name)), color: faint },
    { text: writer.write(shownCell(value)) },
  ]);
  return body.length > 0 ? { table: { widths: ["auto", "*"], body }, layout: "noBorders" } : "";
}

function blockOf(block: ReportBlock<DrawnFigure>, width: number, writer: Writer): Content[] {
  switch (block.kind) {
    case "table":
      return columnsApart(block, width > 600 ? 10 : 7).map((part) => tableOf(part, width, writer));
    case "figures":
      return figuresOf(block.figures, block.columns, width, writer);
    case "text":
      return block.lines.map((line) => ({ text: writer.write(shownText(line, 5000)), margin: [0, 0, 0, 6] }));
    case "list":
      return [{ ul: block.lines.map((line) => writer.write(shownText(line))), margin: [0, 0, 0, 8] }];
    case "code":
      return [
        {
          text: writer.write(shownText(block.lines.join("\n"), 20_000)),
          fontSize: 8,
          preserveLeadingSpaces: true,
          color: "#333",
          margin: [0, 0, 0, 8],
        },
      ];
    case "left_out":
      return [
        {
          text: writer.write(`Left out: ${block.lines.map((line) => shownText(line)).join("; ")}.`),
          italics: true,
          color: "#8a5a00",
          margin: [0, 0, 0, 8],
        },
      ];
  }
}

/** A table of more columns than a page holds as several, each with the first column. */
function columnsApart(table: ReportTable, most: number): ReportTable[] {
  if (table.head.length <= most) return [table];
  const parts: ReportTable[] = [];
  for (let at = 1; at < table.head.length; at += most - 1) {
    const taken = <T>(cells: readonly T[]): T[] => [cells[0]!, ...cells.slice(at, at + most - 1)];
    parts.push({ ...table, head: taken(table.head), rows: table.rows.map(taken) });
  }
  return parts;
}

function tableOf({ caption, head, rows }: ReportTable, width: number, writer: Writer): Content {
  const most = Math.max(8, Math.min(40, Math.floor(width / head.length / 5))); // signs of a column, each about 5 points wide
  const body: TableCell[][] = [
    head.map((name) => ({ text: writer.write(shownText(name, 80), most), bold: true, fillColor: "#f0f2f5" })),
    ...rows.map((row) =>
      row.map((cell): TableCell => ({ text: writer.write(shownCell(cell), most), alignment: isFigure(cell) ? "right" : "left" })),
    ),
  ];
  return {
    stack: [
      { text: writer.write(shownText(caption)), color: faint, margin: [0, 4, 0, 2] },
      {
        table: { headerRows: 1, widths: head.map(() => "auto"), body, dontBreakRows: true, keepWithHeaderRows: 1 },
        layout: "lightHorizontalLines",
        fontSize: 8,
      },
    ],
    margin: [0, 0, 0, 10],
  };
}

function figuresOf(figures: readonly DrawnFigure[], columns: number, width: number, writer: Writer): Content[] {
  const gap = 12;
  const most = width === widths.wide ? 420 : 640; // a figure that is higher than a page would leave one empty
  const each = Math.min(columns === 1 ? 520 : width, (width - gap * (columns - 1)) / columns);
  const rows: Content[] = [];
  for (let at = 0; at < figures.length; at += columns) {
    const row = figures.slice(at, at + columns).map(
      ({ title, svg }): Column => ({
        stack: [
          { svg: writer.draw(svg), fit: [each, most] },
          ...(title === "" ? [] : [{ text: writer.write(shownText(title)), color: faint, fontSize: 8 }]),
        ],
        width: each,
        unbreakable: true,
      }),
    );
    rows.push({ columns: row, columnGap: gap, margin: [0, 4, 0, 10], unbreakable: true });
  }
  return rows;
}
