import { SaxesParser } from 'saxes'

/** A name of another file in a configuration: what it says, and what it says now. */
export interface SpelledPart {
  readonly written: string
  readonly spelled: string
}

/**
 * A configuration of .NET whose names of further files (`configSource` of any section, `file` of `appSettings`) are spelled as `spell` says; all else
 * stays as it is. A file that is not well-formed stays whole.
 */
export function withPartsSpelled(
  text: string,
  spell: (written: string) => string,
): { readonly text: string; readonly parts: readonly SpelledPart[] } {
  const parts: (SpelledPart & { readonly at: number })[] = []
  const parser = new SaxesParser()
  let isWhole = true
  parser.on('error', () => (isWhole = false))
  parser.on('opentag', ({ name }) => {
    // No value holds a `<`.
    const from = text.lastIndexOf('<', parser.position - 1)
    const found = (name === 'appSettings' ? sourceOrFile : source).exec(text.slice(from, parser.position))
    const written = found?.[2] ?? ''
    const spelled = written.includes('&') ? written : spell(written)
    if (found && spelled !== written) parts.push({ written, spelled, at: from + found.index + (found[1]?.length ?? 0) })
  })
  parser.write(text).close()
  if (!isWhole) return { text, parts: [] }
  const ends = [0, ...parts.map(({ at, written }) => at + written.length)]
  const changed = parts.map(({ at, spelled }, index) => text.slice(ends[index], at) + spelled)
  return { text: changed.join('') + text.slice(ends.at(-1)), parts }
}

const source = /(\sconfigSource\s{0,9}=\s{0,9}["'])([^"']*)/
const sourceOrFile = /(\s(?:configSource|file)\s{0,9}=\s{0,9}["'])([^"']*)/
