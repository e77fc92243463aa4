import { longestDocument } from '../../../../service-model/document/bounds.ts'

/** A text that was brought; `fault` says why it is none. */
export type BroughtText =
  | { readonly text: string; readonly fault?: undefined }
  | { readonly fault: 'tooLong' | 'noText' | 'blank' }

/** The text of a configuration file, which is never read when it is larger than any that the fabric takes. */
export async function textOfFile(file: File): Promise<BroughtText> {
  // A character has four bytes at most.
  if (file.size > longestDocument * 4) return { fault: 'tooLong' }
  return textOfBytes(await file.arrayBuffer())
}

export function textOfBytes(bytes: ArrayBuffer): BroughtText {
  const text = decoded(bytes)
  if (text === undefined) return { fault: 'noText' }
  if (text.length > longestDocument) return { fault: 'tooLong' }
  return text.trim() === '' ? { fault: 'blank' } : { text }
}

/** UTF-8, as every configuration travels. */
function decoded(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
