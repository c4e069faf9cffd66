import { randomUUID } from "node:crypto";

/** A form with fields before one file, as bytes on the wire. */
export function multipart(
  fields: Readonly<Record<string, unknown>>,
  file: { readonly name: string; readonly text: string; readonly type?: string },
): { readonly payload: string; readonly type: string } {
  const boundary = `form-${randomUUID()}`;
  const parts = Object.entries(fields).map(([name, value]) => part(boundary, `name="${name}"`, String(value)));
  const last = part(boundary, `name="file"; filename="${file.name}"`, file.text, file.type ?? "text/csv");
  return { payload: `${parts.join("")}${last}--${boundary}--\r\n`, type: `multipart/form-data; boundary=${boundary}` };
}

function part(boundary: string, disposition: string, text: string, type?: string): string {
  const head = `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n`;
  return `${head}${type === undefined ? "" : `content-type: ${type}\r\n`}\r\n${text}\r\n`;
}
