/** Reads large answers beside the page, which stays smooth meanwhile. */
import { readLarge } from './large-documents.ts'
import type { Asked, Told } from './reader.ts'

addEventListener('message', ({ data: { number, path, text } }: MessageEvent<Asked>) => {
  const told: Told = { number, read: readLarge(path, text) }
  postMessage(told)
})
