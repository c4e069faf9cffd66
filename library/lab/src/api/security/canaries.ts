/** What is planted: each is a secret of another kind, and stands nowhere but where it was given. */
export const canaries = {
  password: "canary-password-of-a-person-71",
  wrongPassword: "canary-password-mistyped-72",
  operatorToken: "canary-operator-token-73",
  databasePassword: "canary-database-password-74",
  modelHubToken: "canary-model-hub-token-75",
  bearer: "canary-bearer-of-somebody-76",
};

/** An address with the database's password in it. */
export const secretAddress = `postgresql://assay:${canaries.databasePassword}@db.example/assay`;

/** Names of the canaries that stand in a text, and of others that are given; spaces and signs that break words do not hide one. */
export function found(text: string, others: Readonly<Record<string, string>> = {}): string[] {
  const unbroken = text.replaceAll(/[\s\u200b]/g, "");
  return Object.entries({ ...canaries, ...others }).flatMap(([name, canary]) =>
    text.includes(canary) || unbroken.includes(canary) ? [name] : [],
  );
}
