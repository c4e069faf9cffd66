import { hash, type Options, verify } from "@node-rs/argon2";
import { ParamsError } from "assay";

/** argon2id as OWASP's Password Storage Cheat Sheet asks for it: 19 MiB, two passes, one lane. About 30 ms, off the event loop. */
const cost: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const header = "$argon2id$v=19$m=19456,t=2,p=1$";

const shortest = 12;
const longest = 256;
/** What people take when they are asked for a long one. */
const guessed =
  /^(.)\1*$|^(password|passwort|qwerty|qwertyuiop|letmein|welcome|admin|administrator|changeme|iloveyou|secret)[\d\W]*$/i;
const row = "01234567890123456789 abcdefghijklmnopqrstuvwxyz qwertyuiopasdfghjklzxcvbnm";

/** Throws ParamsError for a password that is too short, too long, or among the first that anybody would try. */
export function checkPassword(password: string, username: string): void {
  const { length } = [...password];
  if (length < shortest || length > longest)
    throw new ParamsError(`password: must have ${shortest} to ${longest} signs, got ${length}`);
  const plain = password.toLowerCase();
  if (guessed.test(password) || row.includes(plain)) throw new ParamsError("password: is among the first that are guessed");
  if (username.length > 2 && plain.replaceAll(username.toLowerCase(), "").length < shortest / 2)
    throw new ParamsError("password: must be more than the username");
}

/** The hash of a password, with its salt and cost in it. */
export function hashPassword(password: string): Promise<string> {
  return hash(normal(password), cost);
}

/** Whether a hash is of an earlier release's cost, to be made again at the next sign-in. */
export function isStale(passwordHash: string): boolean {
  return !passwordHash.startsWith(header);
}

let stranger: Promise<string> | undefined;

/** Whether a password is the hash's. Takes the same work where there is no hash: the time does not tell who is known. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  stranger ??= hashPassword("of nobody");
  const isRight = await verify(passwordHash ?? (await stranger), normal(password)).catch(() => false);
  return isRight && passwordHash !== null;
}

/** As NIST SP 800-63B asks: the same signs typed on another keyboard are the same password. */
function normal(password: string): string {
  return password.normalize("NFKC");
}
