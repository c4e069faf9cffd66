import { writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import type { CompareRequest } from "../contract/compare.ts";
import { type ReportDocument, reportFrame } from "../reports/index.ts";
import type { Service } from "./service.ts";

/** What a report is of. */
export type ReportSubject = string | { readonly id: string } | CompareRequest | { readonly dataset: string };

/** A report that the service writes: its HTML now, its PDF when it is asked for. */
export async function remoteReport(service: Service, of: ReportSubject): Promise<ReportDocument> {
  const ask = (format: "html" | "pdf"): Promise<Blob> => askFor(service, of, format);
  const html = await (await ask("html")).text();
  const pdf = async (): Promise<Uint8Array> => new Uint8Array(await (await ask("pdf")).arrayBuffer());
  const title = titleOf(html);
  const document: ReportDocument = {
    title,
    html: () => html,
    pdf,
    save: async (path) => writeFile(path, /\.pdf$/i.test(path) ? await pdf() : html),
  };
  const bundle = () => ({ "text/plain": inspect({ title }), "text/html": reportFrame(html) });
  return Object.defineProperty(document, Symbol.for("Jupyter.display"), { value: bundle, enumerable: false });
}

function askFor({ client }: Service, of: ReportSubject, format: "html" | "pdf"): Promise<Blob> {
  if (typeof of === "string") return client.reports.run({ id: of, format });
  if ("dataset" in of) return client.reports.dataset({ id: of.dataset, format });
  return "id" in of ? client.reports.run({ id: of.id, format }) : client.reports.comparison({ ...of, format });
}

const signs: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" };

function titleOf(html: string): string {
  const title = /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? "report";
  return title.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (sign) => signs[sign]!);
}
