import mime from 'mime'
import type { Effective } from '../../../service-model/web-config/schema.ts'
import type { sections } from '../../../service-model/web-config/sections.ts'
import { sendable } from './answers.ts'
import { servedExtensions } from './extensions.ts'

/** Where IIS has another type than the library, or the library none. */
const ours: ReadonlyMap<string, string> = new Map([
  ...['asm', 'bas', 'c', 'cnf', 'cpp', 'h', 'map'].map((extension) => [extension, 'text/plain'] as const),
  ...['disco', 'dtd', 'wsdl', 'xml', 'xsd', 'xsf', 'xsl', 'xslt'].map((extension) => [extension, 'text/xml'] as const),
  ['ico', 'image/x-icon'],
  ['less', 'text/css'],
  ['ts', 'video/vnd.dlna.mpeg-tts'],
])

const unknownToTheLibrary = 'application/octet-stream'

/**
 * Type of a file by its name: that of `staticContent` for its extension, in any case; else that of the built-in list, unless a file has removed it;
 * last that of the section for all (`.*`). `.` means names without extension. Undefined: 404.3 (I-34, I-58).
 */
export function mimeTypeOf(name: string, content: Effective<(typeof sections)['staticContent']>): string | undefined {
  const dot = name.lastIndexOf('.')
  const extension = dot === -1 ? '.' : name.slice(dot).toLowerCase()
  const said = (wanted: string) =>
    content.items.find(({ fileExtension }) => fileExtension.toLowerCase() === wanted)?.mimeType
  const isWithdrawn = content.isCleared || content.removed.some(([removed]) => removed === extension)
  const type = said(extension) ?? (isWithdrawn ? undefined : builtIn(extension.slice(1))) ?? said('.*')
  return type === undefined ? undefined : sendable(type)
}

function builtIn(extension: string): string | undefined {
  if (!servedExtensions.has(extension)) return undefined
  return ours.get(extension) ?? mime.getType(extension) ?? unknownToTheLibrary
}
