"use strict";
// Where in HTML or SVG the next sign stands: in text, in an attribute's value, or where nothing may be put.

/** Elements whose contents are no text. */
const closedElements = new Set(["script", "style", "iframe", "noscript", "template", "title", "textarea", "xmp", "plaintext"]);
const isSpace = (sign) => /\s/.test(sign);

/** The state before the first sign. */
const atStart = () => ({ place: "text", element: "", attribute: "", apart: false, quote: "", value: "", tail: "" });

/** Moves a state over literal markup. */
function walk(state, markup) {
  for (const sign of markup) Object.assign(state, steps[state.place](state, sign));
}

/** What each sign changes, by the place in which it stands. */
const steps = {
  text: (_, sign) => (sign === "<" ? { place: "opening" } : {}),
  /** Directly behind `<`. */
  opening(_, sign) {
    if (/[a-z/]/i.test(sign)) return { place: "element", element: sign.toLowerCase() };
    if (sign === "!" || sign === "?") return { place: "declaration", tail: "" };
    return { place: sign === "<" ? "opening" : "text" };
  },
  element({ element }, sign) {
    if (sign === ">") return behind(element);
    if (isSpace(sign) || sign === "/")
      return element === "/" && sign === "/" ? {} : { place: "tag", attribute: "", apart: false };
    return { element: element + sign.toLowerCase() };
  },
  /** In a tag, outside the values of its attributes. */
  tag({ element, attribute, apart }, sign) {
    if (sign === ">") return behind(element);
    if (sign === "=" && attribute !== "") return { place: "beforeValue" };
    if (isSpace(sign) || sign === "/") return { apart: true };
    return { attribute: (apart ? "" : attribute) + sign.toLowerCase(), apart: false };
  },
  beforeValue({ element }, sign) {
    if (isSpace(sign)) return {};
    if (sign === ">") return behind(element);
    return sign === '"' || sign === "'" ? { place: "value", quote: sign, value: "" } : { place: "value", quote: "", value: sign };
  },
  value({ element, quote, value }, sign) {
    if (quote === "" && sign === ">") return behind(element);
    if (quote === "" ? isSpace(sign) : sign === quote) return { place: "tag", attribute: "", apart: false };
    return { value: value + sign };
  },
  /** A comment, a document type, a processing instruction. */
  declaration({ tail }, sign) {
    const now = tail + sign;
    const ends = now.startsWith("--") ? now.length > 4 && now.endsWith("-->") : sign === ">";
    return ends ? { place: "text" } : { tail: now };
  },
  /** In an element whose contents are no text, to its closing tag. */
  closed({ element, tail }, sign) {
    const now = (tail + sign).slice(-element.length - 2).toLowerCase();
    return now === `</${element}` ? { place: "element", element: `/${element}` } : { tail: now };
  },
};

function behind(element) {
  return closedElements.has(element) ? { place: "closed", tail: "" } : { place: "text" };
}

module.exports = { atStart, walk };
