/** Bytes of a Base64 text, which may contain line breaks and spaces. Undefined when it is none. */
export function bytesOfBase64(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** UTF-8 text behind a Base64 text. Undefined when it is none. */
export function textOfBase64(base64: string): string | undefined {
  const bytes = bytesOfBase64(base64)
  try {
    return bytes && new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Base64 of a text in UTF-8, as labels and configurations travel. */
export function base64OfText(text: string): string {
  let binary = ''
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte)
  return btoa(binary)
}
