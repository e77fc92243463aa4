import { fileURLToPath } from 'node:url'

/** The program that reads packages: `main.ts` beside this file, or `package-reader.mjs` beside the bundle that this file went into. */
export function readerEntry(): string {
  const entry = import.meta.url.endsWith('.ts') ? './main.ts' : './package-reader.mjs'
  return fileURLToPath(new URL(entry, import.meta.url))
}
