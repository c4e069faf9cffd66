import { DataError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";

/** Functions that an expression may call: of one row, of its arguments only, with bounded results. */
const functions = new Set(
  `+ - * / // % ** ^ || ! ~ & | << >> ~~ !~~ ~~* !~~* ~~~ @ abs acos asin atan atan2 cbrt ceil ceiling cos cot degrees even exp floor
  fdiv fmod gcd greatest isfinite isinf isnan lcm least ln log log10 log2 mod nullif pi pow power radians round sign sin sqrt tan trunc
  add subtract multiply divide ascii char_length chr concat concat_ws contains ends_with instr lcase left length len lower ltrim md5
  position prefix regexp_extract regexp_full_match regexp_matches regexp_replace replace reverse right rtrim split_part starts_with
  strip_accents substr substring suffix translate trim ucase upper levenshtein damerau_levenshtein hamming jaccard jaro_similarity
  jaro_winkler_similarity like_escape ilike_escape not_like_escape not_ilike_escape century date_add date_diff date_part date_sub
  date_trunc datediff datepart datesub datetrunc day dayname dayofmonth dayofweek dayofyear decade epoch epoch_ms epoch_us era hour
  isodow isoyear last_day make_date make_time make_timestamp microsecond millisecond minute month monthname quarter second strftime
  strptime try_strptime week weekday weekofyear year yearweek to_timestamp to_years to_months to_weeks to_days to_hours to_minutes
  to_seconds to_milliseconds to_microseconds to_quarters coalesce if ifnull hash isodow xor cosh sinh tanh asinh acosh atanh
  sha256`
    .split(/\s+/)
    .filter(Boolean),
);

const named = [...functions].filter((name) => /^[a-z]/.test(name)).sort();

/** Kinds of nodes whose parts are looked at; a lambda, subquery, window or star is none. */
const classes = new Set([
  "FUNCTION",
  "CASE",
  "COMPARISON",
  "CONJUNCTION",
  "OPERATOR",
  "BETWEEN",
  "CAST",
  "CONSTANT",
  "COLUMN_REF",
]);

/** Types that a cast may name. */
const types =
  /^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL|VARCHAR|DATE|TIME|TIMESTAMP( WITH TIME ZONE|_MS|_S|_NS)?|INTERVAL)$/;

type Node = Readonly<Record<string, unknown>>;

/**
 * Names of the columns that an expression reads, from the tree that DuckDB's parser gives for `select (expression) as v from rows`.
 * Throws DataError for anything but one expression over a row: statements, subqueries, aggregates, windows, functions that see more than
 * their arguments.
 */
export function columnsOfExpression(who: string, tree: unknown): Set<string> {
  const { error, error_message, statements } = tree as {
    readonly error?: boolean;
    readonly error_message?: string;
    readonly statements?: readonly { readonly node: Node }[];
  };
  if (error) throw new DataError(`${who}: ${String(error_message).split("\n")[0]}`);
  const node = statements?.length === 1 ? statements[0]!.node : undefined;
  const list = node?.["select_list"] as readonly Node[] | undefined;
  if (!node || list?.length !== 1 || !isBare(node)) throw new DataError(`${who}: must be one expression over a row's columns`);
  const found = new Set<string>();
  walk(who, list[0]!, found, 0);
  return found;
}

/** Whether a select has neither conditions, groups, orders, tables of its own nor common tables. */
function isBare(node: Node): boolean {
  const from = node["from_table"] as Node | null;
  return (
    node["type"] === "SELECT_NODE" &&
    from?.["type"] === "BASE_TABLE" &&
    from["table_name"] === "rows" &&
    ["where_clause", "having", "sample", "qualify"].every((part) => node[part] === null) &&
    ["modifiers", "group_expressions", "group_sets"].every((part) => (node[part] as unknown[]).length === 0) &&
    (node["cte_map"] as { readonly map: unknown[] }).map.length === 0
  );
}

function walk(who: string, node: Node, found: Set<string>, depth: number): void {
  if (depth > 200) throw new DataError(`${who}: is nested more than 200 deep`);
  const kind = String(node["class"]);
  if (!classes.has(kind)) throw new DataError(`${who}: ${wordFor(kind)} cannot stand in an expression over one row`);
  if (kind === "COLUMN_REF") {
    const names = node["column_names"] as readonly string[];
    if (names.length !== 1) throw new DataError(`${who}: a column is one name, got ${names.join(".")}`);
    found.add(names[0]!);
    return;
  }
  if (kind === "FUNCTION") checkFunction(who, node);
  if (kind === "CAST") {
    const type = String((node["cast_type"] as Node)["id"]);
    if (!types.test(type)) throw new DataError(`${who}: cannot cast to ${type}`);
  }
  if (kind === "CONSTANT") return;
  for (const part of partsOf(node)) walk(who, part, found, depth + 1);
}

/** The expressions below a node. */
function partsOf(node: Node): Node[] {
  const below: Node[] = [];
  for (const value of Object.values(node))
    for (const part of Array.isArray(value) ? value : [value]) {
      if (typeof part !== "object" || part === null) continue;
      if ("class" in part) below.push(part as Node);
      else if ("when_expr" in part) below.push((part as Node)["when_expr"] as Node, (part as Node)["then_expr"] as Node);
    }
  return below;
}

function checkFunction(who: string, node: Node): void {
  const name = String(node["function_name"]).toLowerCase();
  if (!functions.has(name)) throw new DataError(`${who}: no function ${name} for one row${suggest(name, named)}`);
  const orders = (node["order_bys"] as { readonly orders?: unknown[] } | null)?.orders ?? [];
  if (
    node["filter"] ||
    node["distinct"] ||
    orders.length > 0 ||
    node["catalog"] ||
    !["", "main"].includes(String(node["schema"]))
  )
    throw new DataError(`${who}: ${name} must be called with plain arguments`);
}

function wordFor(kind: string): string {
  return { STAR: "*", SUBQUERY: "a subquery", WINDOW: "a window", LAMBDA: "a lambda", PARAMETER: "a parameter" }[kind] ?? kind;
}
