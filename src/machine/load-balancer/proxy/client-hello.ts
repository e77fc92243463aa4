/**
 * The server name in the first bytes of a TLS connection (RFC 6066, 3), read without touching them. `more` while the ClientHello
 * is incomplete; `{ name: undefined }` when it contains none or is not a ClientHello.
 */
export function readServerName(bytes: Uint8Array): 'more' | { readonly name: string | undefined } {
  const hello = handshakeMessage(bytes)
  if (hello === 'more') return bytes.length > helloBytes ? nameless : 'more'
  return hello ? { name: nameIn(hello) } : nameless
}

/** A ClientHello with post-quantum key shares has some 2 KiB. Origin: choice. */
const helloBytes = 16 * 1024

export const handshakeRecord = 22
const clientHello = 1
const serverNameExtension = 0
const nameless = { name: undefined }

/** The body of the first handshake message, which may be spread over several records. */
function handshakeMessage(bytes: Uint8Array): Uint8Array | 'more' | undefined {
  const parts: number[] = []
  for (let at = 0; ; ) {
    if (at + 5 > bytes.length) return 'more'
    if (bytes[at] !== handshakeRecord) return undefined
    const length = two(bytes, at + 3)
    for (const byte of bytes.subarray(at + 5, at + 5 + length)) parts.push(byte)
    if (parts.length >= 4) {
      if (parts[0] !== clientHello) return undefined
      const size = ((parts[1] as number) << 16) | ((parts[2] as number) << 8) | (parts[3] as number)
      if (parts.length >= 4 + size) return Uint8Array.from(parts.slice(4, 4 + size))
    }
    if (at + 5 + length > bytes.length) return 'more'
    at += 5 + length
  }
}

/** Version and random, session ID, cipher suites, compression methods, then extensions. */
function nameIn(hello: Uint8Array): string | undefined {
  let at = 2 + 32
  at += 1 + (hello[at] ?? 0)
  at += 2 + two(hello, at)
  at += 1 + (hello[at] ?? 0)
  const end = Math.min(hello.length, at + 2 + two(hello, at))
  at += 2
  while (at + 4 <= end) {
    const length = two(hello, at + 2)
    // A list of names with one entry: list length, type 0 (host name), name length, name.
    if (two(hello, at) === serverNameExtension) {
      const from = at + 4 + 5
      return new TextDecoder('latin1').decode(hello.subarray(from, Math.min(end, from + two(hello, at + 4 + 3))))
    }
    at += 4 + length
  }
  return undefined
}

function two(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
