import type { TranslationBundle } from "@jupyterlab/translation";
import { type Sentence, sentences } from "assay-lab/contract";
import { formatCount } from "./format";

/** Sentences of the service in the reader's language, behind each other; `text`, which is the service's own, where it has said none that this page knows. */
export function sentenceText(trans: TranslationBundle, said: readonly Sentence[] | undefined, text: string): string {
  const known: Readonly<Record<string, string>> = sentences;
  if (!said || said.length === 0 || said.some(({ code }) => !Object.hasOwn(known, code))) return text;
  const inWords = ({ code, values }: Sentence): string =>
    trans.gettext(known[code]!, ...values.map((value) => (typeof value === "number" ? formatCount(value) : value)));
  return said.map(inWords).join("; ");
}
