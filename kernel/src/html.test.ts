import { describe, expect, test } from "vitest";
import { html, md, svg } from "./html.cjs";

const bundle = (made: object) => (made as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();
/** What a browser makes of character references. */
const read = (text: string) => text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
const hostile = `<img src=x onerror=alert(1)>"'\`=&`;

describe("html", () => {
  test("the markup is kept, and is shown as HTML", () => {
    expect(bundle(html`<b class="a">1</b>`)).toEqual({ "text/html": '<b class="a">1</b>', "text/plain": '<b class="a">1</b>' });
  });

  test("a value in text begins no tag", () => {
    const made = String(html`<p>${hostile}</p>`);
    expect(made.slice(3, -4)).not.toMatch(/[<>"'`]/);
    expect(read(made.slice(3, -4))).toBe(hostile);
  });

  test("a value in an attribute stays in it", () => {
    const quoted = [html`<p title="${hostile}">`, html`<p title='${hostile}'>`].map((made) => String(made).slice(10, -2));
    for (const value of quoted) expect(value).not.toMatch(/[<>"'`]/);
    expect(quoted.map(read)).toEqual([hostile, hostile]);
  });

  test("also without quotation marks, where white space would end it", () => {
    const value = String(html`<p title=${hostile}>`).slice(9, -1);
    expect(value).not.toMatch(/[<>"'`=\s]/);
    expect(read(value)).toBe(hostile);
    expect(String(html`<p title= ${"a b"} id=${1}>`)).toBe("<p title= a&#32;b id=1>");
  });

  test("a value in text is not typeset as mathematics", () => {
    expect(String(html`${"$5 to $6, \\(x\\)"}`)).toBe("<span>$</span>5 to <span>$</span>6, <span>\\</span>(x<span>\\</span>)");
    expect(String(html`<p title="${"$x$"}">`)).toBe('<p title="$x$">');
    expect(String(svg`<text>${"$x$"}</text>`)).toBe("<text>$x$</text>");
    expect(String(md`${"a$"}`)).toBe("a<span>&#36;</span>");
  });

  test("what a tag made is put as it is, and lists one after another", () => {
    expect(String(html`<ul>${["a<", "b"].map((text) => html`<li>${text}</li>`)}</ul>`)).toBe(
      "<ul><li>a&#60;</li><li>b</li></ul>",
    );
    expect(String(html`<p>${svg`<svg/>`}</p>`)).toBe("<p><svg/></p>");
  });

  test("null, undefined and false are nothing, 0 is a number", () => {
    expect(String(html`${null}${undefined}${false}${0}`)).toBe("0");
  });

  test("something that only looks like what a tag made is text", () => {
    const forged = { ...html`<b>`, toString: () => "<script>", html: "<script>" };
    expect(String(html`${forged}`)).toBe("&#60;script&#62;");
  });

  test("no value stands where it would be run or read as markup", () => {
    const value = "x";
    const places: [() => unknown, string][] = [
      [() => html`<script>${value}</script>`, "<script>"],
      [() => html`<SCRIPT >${value}`, "<script>"],
      [() => html`<style>${value}</style>`, "<style>"],
      [() => html`<!-- ${value} -->`, "a comment"],
      [() => html`<${value}>`, "a tag"],
      [() => html`</${value}>`, "a tag"],
      [() => html`<b${value}>`, "a tag"],
      [() => html`<b ${value}>`, "a tag"],
      [() => html`<b title="a"${value}>`, "a tag"],
      [() => html`<b a${value}="1">`, "a tag"],
    ];
    for (const [make, place] of places)
      expect(make).toThrow(`html: a value must stand in text or in an attribute's value, got one in ${place}`);
    expect(() => html`<b onclick="${value}">`).toThrow("html: onclick must be written out, it is run");
    expect(() => html`<b data-commandlinker-command="${value}">`).toThrow("it is run");
    expect(() => html`<iframe srcdoc='${value}'>`).toThrow("it is run");
  });

  test("behind a script and a comment text is text again", () => {
    expect(String(html`<script>if (a < b) "</b>"</script><!-- > --><p>${"<"}</p>`)).toContain("<p>&#60;</p>");
  });

  test("an address that is a program is refused, however it is put together", () => {
    for (const address of [
      "javascript:alert(1)",
      " JavaScript:alert(1)",
      "java\tscript:alert(1)",
      "vbscript:x",
      "data:text/html,<script>",
    ])
      expect(() => html`<a href="${address}">`).toThrow("html: href must be an address");
    expect(() => html`<a href="${"java"}${"script:alert(1)"}">`).toThrow("href must be");
    expect(() => html`<a href=${"javascript:alert(1)"}>`).toThrow("href must be");
    expect(String(html`<a href="${"https://example.org/?a=1&b=2"}">`)).toBe('<a href="https://example.org/?a=1&#38;b=2">');
    expect(String(html`<a href="#${"row 3"}">`)).toBe('<a href="#row 3">');
    expect(String(html`<img src="data:image/png;base64,${"aGk="}">`)).toContain("aGk=");
  });

  test("a style takes sizes and colours, no further property", () => {
    expect(String(html`<i style="width:${12.5}%;color:${"rgb(1, 2, 3)"}">`)).toBe('<i style="width:12.5%;color:rgb(1, 2, 3)">');
    for (const style of ["red;position:fixed", "url(https://example.org)", "</style>"])
      expect(() => html`<i style="color:${style}">`).toThrow("style must be given sizes, colours and names");
  });
});

describe("svg", () => {
  test("is shown as a picture, and its values are text", () => {
    expect(bundle(svg`<svg><text>${"<a>"}</text></svg>`)["image/svg+xml"]).toBe("<svg><text>&#60;a&#62;</text></svg>");
    expect(() => svg`<svg><a xlink:href="${"javascript:alert(1)"}">`).toThrow("svg: xlink:href must be an address");
  });
});

describe("md", () => {
  test("is shown as Markdown, and its values are text", () => {
    const value = "[a](javascript:alert(1)) <b> *c* `e`\n# f";
    const made = bundle(md`**${value}**`)["text/markdown"]!;
    expect(made.slice(2, -2)).not.toMatch(/[^\w\s&#;]/);
    expect(read(made)).toBe(`**${value}**`);
  });

  test("Markdown and HTML that tags made are put as they are", () => {
    expect(String(md`- ${md`*a*`}\n- ${html`<b>1</b>`}`)).toBe("- *a*\n- <b>1</b>");
  });
});
