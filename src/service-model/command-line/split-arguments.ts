/** How a program's arguments are separated: by the program itself, or by the shell that runs a batch file. */
export type Splitting = 'program' | 'batch'

/**
 * The arguments of a program's command line. A program of the original reads them by the rules of its C runtime: blanks separate
 * them, quotes join them, `\"` is a quote, and so is `""` between quotes. For a batch file `,`, `;` and `=` separate them too,
 * and `\"` has no meaning.
 */
export function splitArguments(text: string, splitting: Splitting = 'program'): readonly string[] {
  const separator = splitting === 'batch' ? /[\s,;=]/ : /[ \t\r\n]/
  const found: string[] = []
  let current: string | undefined
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] as string
    if (sign === '\\' && splitting === 'program') {
      const [run = ''] = /^\\+/.exec(text.slice(at)) ?? []
      const beforeQuote = text[at + run.length] === '"'
      current = (current ?? '') + '\\'.repeat(beforeQuote ? Math.floor(run.length / 2) : run.length)
      at += run.length - 1
      if (beforeQuote && run.length % 2 === 1) {
        current += '"'
        at += 1
      }
    } else if (sign === '"') {
      current ??= ''
      if (quoted && text[at + 1] === '"' && splitting === 'program') {
        current += '"'
        at += 1
      } else quoted = !quoted
    } else if (!quoted && separator.test(sign)) {
      if (current !== undefined) found.push(current)
      current = undefined
    } else current = (current ?? '') + sign
  }
  return current === undefined ? found : [...found, current]
}

/** The name of a command, without quotes, and the rest. */
export function splitName(text: string): { readonly name: string; readonly rest: string } {
  const [written = ''] = /^(?:"[^"]*"?|[^\s,;="])+/.exec(text) ?? []
  return { name: written.replaceAll('"', ''), rest: text.slice(written.length).trimStart() }
}
