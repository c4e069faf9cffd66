import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, type Lab } from "../lab.ts";
import { testSession } from "../testing/test-session.ts";
import type { Opened } from "./index.ts";
import { createUser } from "./index.ts";

let opened: Opened;
let lab: Lab;
beforeAll(async () => {
  opened = await testSession();
  lab = await connect();
});
afterAll(async () => {
  await lab.close();
  await opened.close();
});

test("a cell sees who works, in which project", async () => {
  expect(await lab.me()).toMatchObject({ user: { admin: true }, signed_in_by: "machine", project_id: opened.session.projectId });
});

test("a project is made, found by name, opened, and keeps its runs for itself", async () => {
  const { project_id: id } = await lab.projects.create("survey", { description: "Kepler's candidates" });
  expect((await lab.projects.list()).map(({ name }) => name)).toEqual(["default", "survey"]);
  const survey = await lab.projects.open("survey");
  expect((await survey.me()).project_id).toBe(id);
  await survey.experiment("e").run("only here", async () => {});
  expect(await survey.runs()).toMatchObject([{ name: "only here" }]);
  expect(await lab.runs()).toEqual([]);
  await expect(lab.projects.open("no such")).rejects.toThrow('no project "no such"');
});

test("members are put and taken out, an archived project is read only, a deleted one is gone", async () => {
  await createUser(opened.session.db, null, { username: "grace" });
  await lab.projects.create("crew");
  await lab.projects.putMember("crew", "grace", "editor");
  expect((await lab.projects.members("crew")).map(({ username, role }) => [username, role])).toContainEqual(["grace", "editor"]);
  await lab.projects.removeMember("crew", "grace");
  await lab.projects.change("crew", { project_status: "archived" });
  const crew = await lab.projects.open("crew");
  await expect(crew.experiment("e").run("r", async () => {})).rejects.toThrow("archived");
  expect((await lab.projects.activity("crew")).map(({ action }) => action)).toEqual([
    "project.change",
    "member.remove",
    "member.put",
    "project.create",
  ]);
  await lab.projects.delete("crew");
  await expect(lab.projects.get("crew")).rejects.toThrow("no project");
});

test("what a cell shows is a table whose text is escaped", async () => {
  const made = await lab.projects.create("<b>bold</b>");
  const bundle = (made as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();
  expect(bundle["text/html"]).toContain("&lt;b&gt;bold");
});
