/**
 * The characters of a .csdef, .cscfg or other XML file: UTF-8 with or without a byte order mark, UTF-16 with one or recognised by
 * its first `<` (service-model.md 1). The bytes decide; a declaration such as `encoding="utf-16"` in a UTF-8 file, which .NET
 * writers leave behind, is ignored. Throws an Error that names the encoding when the bytes do not fit.
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes)
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new Error(
      `The file was taken for ${encoding} by its first bytes, but its content is not valid ${encoding}. Save it as UTF-8.`,
    )
  }
}

/**
 * The same text with an XML declaration that is right for UTF-8, in which it is written again: the file's own declaration no
 * longer holds, and a strict parser would refuse it (R-23, D-6).
 */
export function declaredAsUtf8(text: string): string {
  return text.replace(/^(<\?xml\s[^>]*?\bencoding\s*=\s*)(["'])(?!utf-8\2)[^"']*\2/i, '$1$2utf-8$2')
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le'
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be'
  return 'utf-8'
}
