import { expect, test } from "vitest";
import { run } from "./setup.mjs";

/** What is told of a program that says a line and a sign of it in pieces, and warns of something between them. */
const said = async () => {
  const program = `
    const pause = () => new Promise((done) => setTimeout(done, 20));
    process.stdout.write("3 pas");
    await pause();
    process.stderr.write("a warning\\n");
    await pause();
    process.stdout.write(Buffer.from("sed é").subarray(0, -1));
    await pause();
    process.stdout.write(Buffer.from("é\\n").subarray(1));`;
  return (await run(process.execPath, ["--input-type=module", "-e", program])).out;
};

test("a line that comes in pieces is whole, whatever another stream says meanwhile", async () => {
  expect((await said()).split("\n").toSorted()).toEqual(["", "3 passed é", "a warning"]);
});
