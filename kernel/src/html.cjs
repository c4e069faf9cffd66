"use strict";
// Tags of cells for rich text: html`…`, svg`…`, md`…`. The markup is the cell's; what is put into it is data and stays text, wherever it
// stands: it can end no tag, begin no attribute, be no program, and so start no command of the front end.
const { atStart, walk } = require("./markup.cjs");

const displaySymbol = Symbol.for("Jupyter.display");
/** Attributes that hold an address. */
const addresses = new Set([
  "href",
  "src",
  "action",
  "formaction",
  "xlink:href",
  "data",
  "poster",
  "background",
  "ping",
  "cite",
  "to",
  "from",
  "values",
]);
/** Addresses that run nothing: of known schemes, or without any. */
const goodAddress = /^(https?:|mailto:|data:image\/(png|jpeg|gif|webp)[;,]|attachment:|[^:]*$)/i;
/** Attributes whose value is run, or read as markup. */
const programs = /^(on|data-commandlinker|srcdoc$|srcset$)/;
/** What a style may be given: sizes, colours, names; no further property and no address. */
const goodStyle = /^(?!.*url)[-\w\s.,%#()+*/]*$/i;

const entity = (sign) => `&#${sign.codePointAt(0)};`;
const inText = (text) => text.replace(/[&<>"'`]/g, entity);
/** Front ends typeset what stands between these signs in HTML; a sign in an element of its own begins nothing. */
const apartFromMath = (text, sign) => text.replace(/[$\\]/g, (each) => `<span>${sign(each)}</span>`);
const inValue = (text, quote) => text.replace(quote === "" ? /[&<>"'`=\s]/g : /[&<>"'`]/g, entity);
/** Punctuation is what Markdown reads; written as entities it is text. */
const inMarkdown = (text) =>
  text.replace(/[!-/:-@[-`{-~]/g, (sign) => (/[$\\]/.test(sign) ? apartFromMath(sign, entity) : entity(sign)));

/** What a tag made: shown as its kind of rich text, and put as it is into what another tag makes. */
class Markup {
  #mime;
  #text;
  constructor(mime, text) {
    this.#mime = mime;
    this.#text = text;
  }
  [displaySymbol]() {
    return { [this.#mime]: this.#text, "text/plain": this.#text };
  }
  toString() {
    return this.#text;
  }
  /** The text of what a tag made of one of these kinds; undefined for anything else. */
  static textOf(value, mimes) {
    return typeof value === "object" && value !== null && #text in value && mimes.includes(value.#mime) ? value.#text : undefined;
  }
}

/** A value as text: nothing for null, undefined and false; lists one after another. */
function textOf(value, write) {
  if (value === null || value === undefined || value === false) return "";
  if (Array.isArray(value)) return Array.from(value, (each) => textOf(each, write)).join("");
  return write(value);
}

/** html`…` and svg`…`. */
function markupTag(name, mime) {
  return (texts, ...values) => {
    const state = atStart();
    let made = "";
    for (const [k, literal] of texts.entries()) {
      walk(state, literal);
      made += literal;
      if (k < values.length) made += textOf(values[k], (value) => put(name, state, value));
    }
    return new Markup(mime, made);
  };
}

/** A value in text, by the tag's name. */
const textIn = { html: (text) => apartFromMath(inText(text), (sign) => sign), svg: inText };

/** A value as it may stand here. */
function put(name, state, value) {
  if (state.place === "text") return Markup.textOf(value, ["text/html", "image/svg+xml"]) ?? textIn[name](String(value));
  if (state.place === "beforeValue") Object.assign(state, { place: "value", quote: "", value: "" });
  if (state.place !== "value")
    throw new TypeError(`${name}: a value must stand in text or in an attribute's value, got one in ${placeOf(state)}`);
  const { attribute, quote } = state;
  const text = String(value);
  state.value += text;
  const must = (holds, what) => {
    if (!holds) throw new TypeError(`${name}: ${attribute} must ${what}, got ${JSON.stringify(state.value.slice(0, 80))}`);
  };
  must(!programs.test(attribute), "be written out, it is run");
  if (attribute === "style") must(goodStyle.test(text), "be given sizes, colours and names");
  if (addresses.has(attribute)) must(goodAddress.test(state.value.trim()), "be an address of https, http, mailto or a picture");
  return inValue(text, quote);
}

function placeOf({ place, element }) {
  if (place === "closed") return `<${element}>`;
  return place === "declaration" ? "a comment" : "a tag";
}

/** md`…`. */
function md(texts, ...values) {
  const mimes = ["text/markdown", "text/html", "image/svg+xml"];
  const put = (value) => Markup.textOf(value, mimes) ?? inMarkdown(String(value));
  return new Markup(
    "text/markdown",
    texts.map((literal, k) => literal + (k < values.length ? textOf(values[k], put) : "")).join(""),
  );
}

module.exports = { html: markupTag("html", "text/html"), svg: markupTag("svg", "image/svg+xml"), md };
