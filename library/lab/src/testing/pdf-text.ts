import { inflateSync } from "node:zlib";

/**
 * The text of a PDF as pdfmake writes one, without the spaces between its pieces: glyphs are read by the table of each font in turn, for which
 * font is used where is not followed.
 */
export function pdfText(pdf: Uint8Array): string {
  const streams = streamsOf(Buffer.from(pdf).toString("latin1"));
  const tables = streams.filter((text) => text.includes("beginbfrange")).map(unicodeOf);
  const pieces = streams.flatMap((text) => [...text.matchAll(/\[([^\]]*)\] TJ/g)].map(([, piece]) => glyphsOf(piece!)));
  return tables
    .map((table) => pieces.map((glyphs) => glyphs.map((glyph) => table.get(glyph) ?? "").join("")).join(""))
    .join("\n");
}

function streamsOf(pdf: string): string[] {
  return [...pdf.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].flatMap(([, bytes]) => {
    try {
      return [inflateSync(Buffer.from(bytes!, "latin1")).toString("latin1")];
    } catch {
      return []; // a font
    }
  });
}

/** Code points by glyph, of ranges as `<0000> <00ff> [<0041> <0042> …]`. */
function unicodeOf(table: string): Map<number, string> {
  const signs = new Map<number, string>();
  for (const [, first, list] of table.matchAll(/<(\w{4})> <\w{4}> \[([^\]]*)\]/g))
    for (const [k, [, code]] of [...list!.matchAll(/<(\w+)>/g)].entries())
      signs.set(Number.parseInt(first!, 16) + k, Buffer.from(code!, "hex").swap16().toString("utf16le"));
  return signs;
}

function glyphsOf(piece: string): number[] {
  return [...piece.matchAll(/<(\w*)>/g)].flatMap(([, hex]) =>
    (hex!.match(/.{4}/g) ?? []).map((glyph) => Number.parseInt(glyph, 16)),
  );
}
