const blockBytes = 64;

/** The inner and the outer pad of HMAC-SHA-256 (RFC 2104: K ⊕ ipad, K ⊕ opad), in hexadecimal. Throws RangeError for a key longer than a block. */
export function hmacPads(key: Uint8Array): readonly [inner: string, outer: string] {
  if (key.length > blockBytes)
    throw new RangeError(`keyedHash: the key must have at most ${blockBytes} bytes, got ${key.length}`);
  const padded = (pad: number): string => {
    const bytes = Buffer.alloc(blockBytes, pad);
    for (const [k, byte] of key.entries()) bytes[k] = byte ^ pad;
    return bytes.toString("hex");
  };
  return [padded(0x36), padded(0x5c)];
}
