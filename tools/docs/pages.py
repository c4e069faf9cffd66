"""Runs the cells of Markdown pages as a notebook would, each page from top to bottom in a kernel and a home of its own, and compares what comes out.

A block ```ts is a cell; a block without a language right behind it is what the cell shows. `…` there stands for any text: ids, times. With
`--write` the pages get what came out, where they show something. They find the tables that are shipped and no others, but with `--data FOLDER` those that lie there.
A block ```typescript is a program, which is not run here.
"""

import argparse
import asyncio
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from notebooks import end_all, patient  # noqa: E402

root = Path(__file__).resolve().parents[2]
cells = re.compile(r"^```ts\n(.*?)^```\n(?:```\n(.*?)^```$)?", re.M | re.S)
side_by_side = 3


def shown(cell):
    """What a cell shows as text: what it prints, and its value; not how far it has come meanwhile."""
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            parts.append(output.text.rstrip("\n"))
        elif output.output_type == "execute_result" and "text/plain" in output.data:
            parts.append(output.data["text/plain"].rstrip("\n"))
    return uncoloured("\n".join(parts))


def uncoloured(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def trimmed(text):
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


def agrees(expected, got):
    pattern = ".*?".join(re.escape(part) for part in trimmed(expected).split("…"))
    return re.fullmatch(pattern, trimmed(got), re.S) is not None


async def executed(path, home):
    """The page's cells with their outputs, which hold what failed."""
    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_code_cell(source.rstrip("\n")) for source, _ in cells.findall(path.read_text())]
    folder = home / path.stem
    folder.mkdir()
    for table in (root / "notebooks").glob("*.csv"):
        shutil.copy(table, folder)
    place = {"metadata": {"path": str(folder)}}
    client = NotebookClient(book, timeout=300, kernel_name="assay", allow_errors=True, resources=place, **patient())
    await client.async_execute(env={**os.environ, "ASSAY_HOME": str(folder / "home")})
    return book.cells


async def check(path, home, write, places):
    """Whether a page shows what its cells give; says what differs."""
    async with places:
        begin = time.perf_counter()
        name = path.relative_to(root)
        try:
            done = await executed(path, home)
        except (TimeoutError, RuntimeError) as error:
            return told(name, begin, [str(error)])
        errors = [f"cell {k + 1}: {uncoloured(output.evalue)[:1500]}" for k, cell in enumerate(done) for output in cell.outputs if output.output_type == "error"]
        if errors:
            return told(name, begin, errors)
    given = [shown(cell) for cell in done]
    blocks = list(cells.finditer(path.read_text()))
    differs = [k for k, block in enumerate(blocks) if block[2] is not None and not agrees(block[2], given[k])]
    silent = [k for k, block in enumerate(blocks) if block[2] is None and given[k]]
    if write and (differs or silent):
        text, at = "", 0
        for k, block in enumerate(blocks):
            text += path.read_text()[at : block.start()] + f"```ts\n{block[1]}```\n"
            kept = block[2] if k not in differs and k not in silent else trimmed(given[k]) + "\n"
            text += f"```\n{kept}```" if kept else ""
            text += "\n" if kept and block[2] is None else ""
            at = block.end()
        path.write_text(text + path.read_text()[at:])
        differs, silent = [], []
    return told(name, begin, [difference(blocks[k], k, given[k]) for k in [*differs, *silent]])


def difference(block, k, given):
    says = f"it says\n{trimmed(block[2])}" if block[2] is not None else "it shows nothing"
    return f"cell {k + 1}: {block[1].strip()}\n{says}\nbut it gives\n{trimmed(given)}"


def told(name, begin, problems):
    """Prints how a page did, below it what is wrong, and answers whether nothing is."""
    text = "\n".join(problems).replace("\n", "\n  ")
    print(f"{'FAIL' if problems else 'ok  '} {name} {time.perf_counter() - begin:.1f} s" + (f"\n  {text}" if problems else ""), flush=True)
    return not problems


async def main(arguments):
    paths = [Path(name).resolve() for name in arguments.pages] or sorted((root / "docs/guide").glob("*.md"))
    paths = [path for path in paths if cells.search(path.read_text())]
    os.environ.setdefault("ASSAY_FAST", "1")
    os.environ["ASSAY_DATA"] = str(Path(arguments.data).resolve())
    os.environ.setdefault("ETL_MIN_TRAIN_MB", "0.1")
    os.environ.setdefault("ETL_MIN_TEST_MB", "0.02")
    with tempfile.TemporaryDirectory(prefix="assay-pages-", ignore_cleanup_errors=True) as home:
        os.chmod(home, 0o755)  # as root, PostgreSQL runs as another user, who must pass
        places = asyncio.Semaphore(side_by_side)
        good = await asyncio.gather(*(check(path, Path(home), arguments.write, places) for path in paths))
        for path in paths:
            end_all(f"{home}/{path.stem}/home")
    print(f"{sum(good)} passed, {len(good) - sum(good)} failed")
    return 0 if all(good) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--data", default=root / "notebooks")  # none from the network
    sys.exit(asyncio.run(main(parser.parse_args())))
