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

/** How a field is compared. */
export type FilterOperator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "like" | "in" | "is null" | "is not null";
export type FilterValue = string | number | boolean;

/** A filter text that cannot be read; says where. */
export class FilterError extends Error {
  override readonly name: string = "FilterError";
}

interface Token {
  readonly kind: "word" | "text" | "number" | "sign" | "end";
  readonly text: string;
  readonly at: number;
}

const token =
  /\s*(?:(?<text>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*")|(?<number>-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w.])|(?<word>[A-Za-z_][\w.]*)|(?<sign><=|>=|!=|<>|[=<>(),]))/iy;

/**
 * Reads a filter as `status = 'completed' and (metrics.test.accuracy > 0.7 or tags.team in ('a', 'b')) and name like '%tree%'`.
 * Field names with other signs stand in double quotes. Throws FilterError naming the place.
 */
export function parseFilter(text: string): Filter {
  const tokens = tokenise(text);
  let next = 0;
  const peek = (): Token => tokens[next]!;
  const isWord = (word: string): boolean => peek().kind === "word" && peek().text.toLowerCase() === word;
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
    if (take("not")) return { kind: "not", part: single() };
    if (!take("(")) return comparison();
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
    if (take("like")) return negate(negated, { kind: "compare", field, operator: "like", value: value() });
    const sign = peek();
    if (negated || sign.kind !== "sign" || "(),".includes(sign.text)) expect("a comparison (= != < <= > >= like in is)");
    next++;
    return { kind: "compare", field, operator: (sign.text === "<>" ? "!=" : sign.text) as FilterOperator, value: value() };
  };
  const value = (): FilterValue => {
    const { kind, text } = peek();
    next++;
    if (kind === "number") return Number(text);
    if (kind === "text") return text;
    if (kind === "word" && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
    next--;
    return expect("a value: a number, true, false, or text in single quotes");
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
    const { text: string, quoted, number, word, sign } = groups;
    if (string !== undefined) tokens.push({ kind: "text", text: string.slice(1, -1).replaceAll("''", "'"), at });
    else if (quoted !== undefined) tokens.push({ kind: "word", text: quoted.slice(1, -1).replaceAll('""', '"'), at });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, at });
    else tokens.push({ kind: "sign", text: sign!, at });
    token.lastIndex = place;
  }
  return [...tokens, { kind: "end", text: "", at: text.length }];
}
