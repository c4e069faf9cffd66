const secretName =
  /(^|[_.-])(token|password|passwd|pwd|secret|credentials?|authorization|api[_-]?key|access[_-]?key|private[_-]?key|dsn)$/i;
const hidden = "[redacted]";

/** Secrets that are known by how they begin: ours, Hugging Face's, GitHub's, GitLab's, Slack's, AWS's keys. */
const knownSecret =
  /\b(?:assay_(?:[si]_)?[\w-]{43}|hf_[A-Za-z]{30,}|gh[oprsu]_\w{36,}|github_pat_\w{50,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}|AKIA[A-Z\d]{16})(?![\w-])/g;

/** Text without the user and password of its addresses (`postgres://user:password@host`), without bearer tokens, and without secrets of known kinds. */
export function redactText(text: string): string {
  return text
    .replaceAll(/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@'"`]+@/gi, `$1${hidden}@`)
    .replaceAll(/\b(bearer\s+)[\w.~+/-]{8,}=*/gi, `$1${hidden}`)
    .replaceAll(/\b(\w*(?:TOKEN|PASSWORD|SECRET|API_KEY)\s*=\s*)(['"]?)[^\s'"]+\2/g, `$1$2${hidden}$2`)
    .replaceAll(knownSecret, hidden);
}

/**
 * Plain data as a run keeps it: text under a name that says secret (`HF_TOKEN`, `dbPassword`) is hidden, and passwords within addresses
 * are taken out, at any depth. Numbers and booleans stay: `max_tokens: 512` is no secret.
 */
export function redact<T>(value: T): T {
  if (typeof value === "string") return redactText(value) as T;
  if (Array.isArray(value)) return value.map(redact) as T;
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => [
    name,
    typeof each === "string" && isSecretName(name) ? hidden : redact(each),
  ]);
  return Object.fromEntries(entries) as T;
}

function isSecretName(name: string): boolean {
  return secretName.test(name.replaceAll(/([a-z])([A-Z])/g, "$1_$2"));
}
