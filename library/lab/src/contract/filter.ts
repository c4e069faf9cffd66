/** A comparison, or comparisons joined by and / or. */
export type Filter =
  | { readonly kind: "and" | "or"; readonly parts: readonly Filter[] }
  | { readonly kind: "not"; readonly part: Filter }
  | {
      readonly kind: "compare";
      readonly field: string;
      readonly operator: FilterOperator;
      readonly value: FilterValue | readonly FilterValue[] | null;
    };

/** How a field is compared; `between` takes both ends in. */
export type FilterOperator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "like" | "in" | "between" | "is null" | "is not null";

/** An instant told from the present one, as `now - 7d`. */
export interface RelativeTime {
  readonly offsetMs: number;
}
export type FilterValue = string | number | boolean | RelativeTime;

/** Whether a value is `now`, or so much before or after it. */
export function isRelativeTime(value: unknown): value is RelativeTime {
  return typeof value === "object" && value !== null && "offsetMs" in value;
}

/** A filter text that cannot be read; says where. */
export class FilterError extends Error {
  override readonly name: string = "FilterError";
}

interface Token {
  readonly kind: "word" | "text" | "number" | "duration" | "sign" | "end";
  readonly text: string;
  readonly at: number;
  /** In double quotes: a field where a field is asked for, a text where a value is. */
  readonly quoted?: boolean;
}

const token =
  /\s*(?:(?<text>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*")|(?<number>-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w.])|(?<duration>\d+(?:\.\d+)?(?:ms|[smhdw]))(?![\w.])|(?<word>[A-Za-z_][\w.]*)|(?<sign><=|>=|!=|<>|[=<>(),+-]))/iy;
const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Bounds of a filter: what nobody writes by hand is no question but an attack. */
const depthMost = 50;
const valuesMost = 1000;

/**
 * Reads a filter as `status = 'completed' and (metrics.test.accuracy > 0.7 or tags.team in ('a', 'b')) and name like '%tree%'`.
 * Field names with other signs stand in double quotes, as a text may too; `between 1 and 2` takes both ends in; `created_at > now - 7d` counts from now in ms, s, m, h, d,
 * w. At most 1,000 values, 50 parentheses deep. Throws FilterError naming the place.
 */
export function parseFilter(text: string): Filter {
  const tokens = tokenise(text);
  let next = 0;
  let depth = 0;
  let count = 0;
  const peek = (): Token => tokens[next]!;
  const isWord = (word: string): boolean => peek().kind === "word" && !peek().quoted && peek().text.toLowerCase() === word;
  const take = (word: string): boolean =>
    isWord(word) || (peek().kind === "sign" && peek().text === word) ? Boolean(++next) : false;
  const expect = (what: string): never => {
    throw new FilterError(
      `filter: expected ${what} at ${peek().at + 1}, got ${peek().kind === "end" ? "the end" : JSON.stringify(peek().text)}`,
    );
  };
  const either = (): Filter => {
    const parts = [both()];
    while (take("or")) parts.push(both());
    return parts.length === 1 ? parts[0]! : { kind: "or", parts };
  };
  const both = (): Filter => {
    const parts = [single()];
    while (take("and")) parts.push(single());
    return parts.length === 1 ? parts[0]! : { kind: "and", parts };
  };
  const single = (): Filter => {
    if (++depth > depthMost) throw new FilterError(`filter: is nested more than ${depthMost} deep at ${peek().at + 1}`);
    const inner = take("not") ? ({ kind: "not", part: single() } as const) : take("(") ? parenthesis() : comparison();
    depth--;
    return inner;
  };
  const parenthesis = (): Filter => {
    const inner = either();
    if (!take(")")) expect(")");
    return inner;
  };
  const comparison = (): Filter => {
    if (peek().kind !== "word") expect("a field");
    const field = tokens[next++]!.text;
    if (take("is")) {
      const operator = take("not") ? "is not null" : "is null";
      if (!take("null")) expect("null");
      return { kind: "compare", field, operator, value: null };
    }
    const negated = take("not");
    if (take("in")) {
      if (!take("(")) expect("(");
      const values = [value()];
      while (take(",")) values.push(value());
      if (!take(")")) expect(")");
      return negate(negated, { kind: "compare", field, operator: "in", value: values });
    }
    if (take("between")) {
      const low = value();
      if (!take("and")) expect("and");
      return negate(negated, { kind: "compare", field, operator: "between", value: [low, value()] });
    }
    if (take("like")) return negate(negated, { kind: "compare", field, operator: "like", value: value() });
    const sign = peek();
    if (negated || sign.kind !== "sign" || "(),+-".includes(sign.text))
      expect("a comparison (= != < <= > >= like in between is)");
    next++;
    return { kind: "compare", field, operator: (sign.text === "<>" ? "!=" : sign.text) as FilterOperator, value: value() };
  };
  const value = (): FilterValue => {
    const { kind, text, quoted } = peek();
    if (++count > valuesMost) throw new FilterError(`filter: has more than ${valuesMost} values`);
    if (take("now")) return relative();
    next++;
    if (kind === "number") return Number(text);
    if (kind === "text" || quoted) return text;
    if (kind === "word" && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
    next--;
    return expect("a value: a number, true, false, now, or text in quotes");
  };
  const relative = (): RelativeTime => {
    const direction = take("-") ? -1 : take("+") ? 1 : 0;
    if (direction === 0) return { offsetMs: 0 };
    const { kind, text } = peek();
    if (kind !== "duration") expect("a time as 30m, 12h, 7d, 2w");
    next++;
    const [, amount, unit] = /^([\d.]+)(\w+)$/.exec(text)!;
    return { offsetMs: direction * Number(amount) * units[unit!.toLowerCase()]! };
  };
  const filter = either();
  if (peek().kind !== "end") expect("and, or, or the end");
  return filter;
}

function negate(negated: boolean, part: Filter): Filter {
  return negated ? { kind: "not", part } : part;
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  for (let at = 0; at < text.length; at = token.lastIndex) {
    if (text.slice(at).trim() === "") break;
    token.lastIndex = at;
    const groups = token.exec(text)?.groups;
    if (!groups) throw new FilterError(`filter: cannot read ${JSON.stringify(text.slice(at).trim().slice(0, 20))} at ${at + 1}`);
    const place = token.lastIndex;
    const { text: string, quoted, number, duration, word, sign } = groups;
    if (string !== undefined) tokens.push({ kind: "text", text: string.slice(1, -1).replaceAll("''", "'"), at });
    else if (quoted !== undefined)
      tokens.push({ kind: "word", text: quoted.slice(1, -1).replaceAll('""', '"'), at, quoted: true });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (duration !== undefined) tokens.push({ kind: "duration", text: duration, at });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, at });
    else tokens.push({ kind: "sign", text: sign!, at });
    token.lastIndex = place;
  }
  return [...tokens, { kind: "end", text: "", at: text.length }];
}
