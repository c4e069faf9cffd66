import type { BlockList, LookupFunction } from "node:net";
import { PermissionError } from "../base/errors.ts";
import { nodeModule } from "../base/node-module.ts";
import { once } from "../base/once.ts";

/** Networks that no address from outside may reach: this machine, private, link-local, shared, test, multicast, reserved (IANA's registries). */
const closed: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** All of IPv6 is closed but the global unicast 2000::/3, and of that what carries or tunnels other addresses. */
const closedGlobal: readonly (readonly [string, number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const refused4 = once(() => networks("ipv4", closed));
const global6 = once(() => networks("ipv6", [["2000::", 3]]));
const refused6 = once(() => networks("ipv6", closedGlobal));

function networks(type: "ipv4" | "ipv6", subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new (nodeModule("node:net").BlockList)();
  for (const [network, bits] of subnets) list.addSubnet(network, bits, type);
  return list;
}

/** Whether an IP address lies in the public internet; IPv4 inside IPv6 (mapped, translated, 6to4) does not count as such. */
export function isPublicAddress(address: string): boolean {
  switch (nodeModule("node:net").isIP(address)) {
    case 4:
      return !refused4().check(address, "ipv4");
    case 6:
      return !address.includes("%") && global6().check(address, "ipv6") && !refused6().check(address, "ipv6");
    default:
      return false;
  }
}

/**
 * Resolves a host for a connection and refuses it unless every address is public: what is checked is what is connected to, so that a
 * second answer of the name server changes nothing. Calls back with PermissionError.
 */
export async function publicLookup(who: string): Promise<LookupFunction> {
  const { lookup } = await import("node:dns");
  return (host, options, done) =>
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, "", 0);
      const inside = found.find(({ address }) => !isPublicAddress(address));
      if (inside || found.length === 0) return done(refusal(who, host, inside?.address ?? "none"), "", 0);
      if (options.all) return done(null, found);
      done(null, found[0]!.address, found[0]!.family);
    });
}

/** The error for a host whose address is not public. */
export function refusal(who: string, host: string, address: string): PermissionError {
  return new PermissionError(`${who}: an address must lead to the public internet, ${host} leads to ${address}`);
}
