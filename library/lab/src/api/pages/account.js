// The page of the service with sign-in: sign in, register, tokens, projects. Text of others is only ever text.

const byId = (id) => document.getElementById(id);

/** Asks the service; throws an Error with its sentence. */
async function ask(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: { "x-assay": "1", ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const said = text === "" ? {} : JSON.parse(text);
  if (!answer.ok)
    throw Object.assign(new Error(said.detail ?? `the service answered ${answer.status}`), { status: answer.status });
  return said;
}

function show(error) {
  byId("problem").textContent = error?.message ?? "";
  byId("problem").hidden = !error;
}

/** What a form or button does; what goes wrong is told. */
async function doing(work) {
  show(undefined);
  try {
    await work();
  } catch (error) {
    show(error);
  }
}

function onSubmit(id, work) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value !== ""));
    doing(() => work(fields, event.target));
  });
}

function element(tag, text, ...children) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

const day = (instant) => (instant === null ? "never" : instant.slice(0, 10));

/** Draws the page as the caller is known now. */
async function draw() {
  const me = await ask("GET", "/api/auth/me").catch((error) => {
    if (error.status !== 401) throw error;
  });
  byId("signed-out").hidden = me !== undefined;
  byId("signed-in").hidden = me === undefined;
  byId("made").hidden = true;
  byId("secret").textContent = "";
  if (!me) return;
  const { username, full_name: fullName, admin } = me.user;
  byId("who").textContent = `${username}${fullName ? `, ${fullName}` : ""}${admin ? ", administrator" : ""}`;
  await Promise.all([drawTokens(), drawProjects()]);
}

async function drawTokens() {
  const { items } = await ask("GET", "/api/auth/tokens?limit=500");
  byId("tokens").replaceChildren(
    ...items.map(({ token_id: id, name, hint, scopes, expires_at: until, used_at: used }) => {
      const revoke = element("button", "Revoke");
      revoke.type = "button";
      revoke.setAttribute("aria-label", `Revoke ${name}`);
      revoke.addEventListener("click", () =>
        doing(async () => {
          await ask("DELETE", `/api/auth/tokens/${id}`);
          await drawTokens();
        }),
      );
      const cells = [name, `${hint}…`, scopes.join(", "), day(until), day(used)].map((text) => element("td", text));
      return element("tr", undefined, ...cells, element("td", undefined, revoke));
    }),
  );
}

async function drawProjects() {
  const { items } = await ask("GET", "/api/projects?limit=500");
  byId("projects").replaceChildren(
    ...items.map(({ name, description, role, project_status: status, public: isPublic }) => {
      const said = [role, status === "archived" && "archived", isPublic && "public", description].filter(Boolean).join(", ");
      return element("li", undefined, element("strong", name), ` ${said}`);
    }),
  );
}

/** Signs in by a form: its fields are sent, and forgotten. */
const signingIn = (path) => async (fields, form) => {
  await ask("POST", path, fields);
  form.reset();
  await draw();
};

onSubmit("sign-in", signingIn("/api/auth/login"));
onSubmit("register", signingIn("/api/auth/register"));
onSubmit("invitation", signingIn("/api/auth/invitation"));
onSubmit("new-token", async ({ name, scope, days }, form) => {
  const { token } = await ask("POST", "/api/auth/tokens", { name, scopes: [scope], expires_days: Number(days) });
  form.reset();
  byId("secret").textContent = token;
  byId("made").hidden = false;
  await drawTokens();
});
byId("sign-out").addEventListener("click", () =>
  doing(async () => {
    await ask("POST", "/api/auth/logout");
    await draw();
  }),
);
doing(draw);
