import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A certificate of `localhost` that signs itself, and its key; made by Java's keytool in a folder. */
export function ownCertificate(folder: string): { readonly pfx: Buffer; readonly passphrase: string; readonly pem: Buffer } {
  const passphrase = "of the tests";
  const store = ["-alias", "own", "-keystore", join(folder, "own.p12"), "-storetype", "PKCS12", "-storepass", passphrase];
  const pem = join(folder, "own.pem");
  const named = ["-dname", "CN=localhost", "-ext", "san=dns:localhost", "-keyalg", "EC", "-validity", "2"];
  execFileSync("keytool", ["-genkeypair", ...store, ...named], { stdio: "ignore" });
  execFileSync("keytool", ["-exportcert", "-rfc", ...store, "-file", pem], { stdio: "ignore" });
  return { pfx: readFileSync(join(folder, "own.p12")), passphrase, pem: readFileSync(pem) };
}
