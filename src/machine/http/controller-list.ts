import { readFileSync, statSync } from 'node:fs'

/** Where the controllers of the fabric are: one URL, or the list in a file, which changes as machines come and go. */
export interface ControllerPlaces {
  /** `https://ADDRESS:PORT` of the fabric controller. */
  readonly controllerUrl: string
  /** Path of a JSON file with the URLs of all controllers that may be master. Absent: there is but that one. */
  readonly controllersFile?: string | undefined
}

/** Most bytes of the file: a thousand controllers. Origin: choice. */
const fileLimitBytes = 64 * 1024

/** The controllers as they stand in the file now; when it cannot be read, as they stood before, at first the one URL. */
export function controllerList({ controllerUrl, controllersFile }: ControllerPlaces): () => readonly string[] {
  let known: readonly string[] = [controllerUrl]
  let readAt = 0
  return () => {
    if (controllersFile === undefined) return known
    const facts = statSync(controllersFile, { throwIfNoEntry: false })
    if (facts && facts.mtimeMs !== readAt && facts.size <= fileLimitBytes) {
      known = urlsIn(readFileSync(controllersFile, 'utf8')) ?? known
      readAt = facts.mtimeMs
    }
    return known
  }
}

function urlsIn(text: string): readonly string[] | undefined {
  try {
    const urls: unknown = JSON.parse(text)
    const isList =
      Array.isArray(urls) && urls.length > 0 && urls.every((url) => typeof url === 'string' && URL.canParse(url))
    return isList ? urls : undefined
  } catch {
    return undefined
  }
}
