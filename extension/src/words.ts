import type { TranslationBundle } from "@jupyterlab/translation";

/** The same value with every title and description that the library wrote in the reader's language; as they are where the catalogue lacks them. */
export function served<T>(trans: TranslationBundle, value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => served(trans, each)) as T;
  const entries = Object.entries(value).map(([key, each]) => {
    const isWritten = typeof each === "string" && each !== "" && (key === "title" || key === "description");
    return [key, isWritten ? trans.gettext(each) : served(trans, each)];
  });
  return Object.fromEntries(entries) as T;
}

/** A word of the contract (a status, a kind of column, of job, of split) in the reader's language; any other as it is. */
export function wordOf(trans: TranslationBundle, word: string): string {
  let words = wordsOf.get(trans);
  if (!words) wordsOf.set(trans, (words = contractWords(trans)));
  return words[word] ?? word;
}

/** Looked up once for each catalogue: tables draw a word a row. */
const wordsOf = new WeakMap<TranslationBundle, Readonly<Record<string, string>>>();

/** The words of the contract that panels draw as they are. */
function contractWords(trans: TranslationBundle): Readonly<Record<string, string>> {
  return {
    pending: trans.__("pending"),
    queued: trans.__("queued"),
    training: trans.__("training"),
    running: trans.__("running"),
    processing: trans.__("processing"),
    completed: trans.__("completed"),
    ready: trans.__("ready"),
    failed: trans.__("failed"),
    cancelled: trans.__("cancelled"),
    staged: trans.__("staged"),
    production: trans.__("production"),
    archived: trans.__("archived"),
    draft: trans.__("draft"),
    stopped: trans.__("stopped"),
    active: trans.__("active"),
    paused: trans.__("paused"),
    idle: trans.__("idle"),
    waiting: trans.__("waiting"),
    pruned: trans.__("pruned"),
    open: trans.__("open"),
    acknowledged: trans.__("acknowledged"),
    resolved: trans.__("resolved"),
    number: trans.__("number"),
    category: trans.__("category"),
    boolean: trans.__("boolean"),
    datetime: trans.__("date and time"),
    text: trans.__("text"),
    classification: trans.__("classification"),
    regression: trans.__("regression"),
    added: trans.__("added"),
    removed: trans.__("removed"),
    changed: trans.__("changed"),
    same: trans.__("same"),
    train: trans.__("train"),
    validation: trans.__("validation"),
    test: trans.__("test"),
  };
}
