import type { Inside } from './inside.ts'
import { startedBy } from './powershell.ts'
import { splitArguments, splitName } from './split-arguments.ts'

/** Looks into a program that only runs another, as the original's `call`, `start`, `cmd`, `powershell` and `cscript`; undefined for any other. */
export function unwrap(name: string, rest: string): Inside | undefined {
  switch (/[^\\/]*$/.exec(name.toLowerCase())?.[0].replace(/\.exe$/, '')) {
    case 'cmd':
    case '%comspec%':
      return insideCmd(rest)
    case 'call':
      return rest.startsWith(':')
        ? { kind: 'refused', why: `"call ${rest}" jumps within a batch file, and this is none` }
        : { kind: 'line', text: rest }
    case 'start':
      return insideStart(rest)
    case 'powershell':
    case 'pwsh':
      return startedBy(rest)
    case 'cscript':
    case 'wscript': {
      const [file = '', ...words] = splitArguments(rest).filter((word) => !/^\/\/\w/.test(word))
      return { kind: 'program', name: file.replace(/\.js$/i, '.vbs'), words }
    }
    case undefined:
    default:
      return undefined
  }
}

/** `cmd [switches] /c line`; quotes around the whole line go, as there. */
function insideCmd(rest: string): Inside {
  const [switches, last = '', text = ''] = /^(?:\/[a-bd-jl-z](?::\w+)?\s*)*\/([ck])\s*([^]*)$/i.exec(rest) ?? []
  if (switches === undefined)
    return rest === ''
      ? { kind: 'line', text: '' }
      : { kind: 'refused', why: `"cmd ${rest}" does not say with /c what is to be run` }
  if (/\/v(?::on)?\s/i.test(switches.slice(0, switches.length - text.length)) && text.includes('!'))
    return { kind: 'refused', why: `"cmd /v /${last}" expands !variables! late, which is not known here` }
  return { kind: 'line', text: withoutOuterQuotes(text) }
}

/** One pair of quotes around a name with blanks stays; in any other case the first and the last go. */
function withoutOuterQuotes(text: string): string {
  if (!text.startsWith('"')) return text
  const quotes = text.match(/"/g)?.length ?? 0
  if (quotes === 2 && /^"[^"&<>()@^|]*\s[^"&<>()@^|]*\.\w+"/.test(text)) return text
  const end = text.lastIndexOf('"')
  return end === 0 ? text.slice(1) : text.slice(1, end) + text.slice(end + 1)
}

/** Switches of `start` that change nothing here. */
const startSwitch = /^\/(?:b|i|min|max|low|normal|high|realtime|abovenormal|belownormal|separate|shared)$/i

/** `start ["title"] [switches] program …` */
function insideStart(rest: string): Inside {
  let text = rest.replace(/^"[^"]*"\s*/, '')
  let kind: 'line' | 'background' = 'background'
  let before = ''
  while (text.startsWith('/')) {
    const { name, rest: more } = splitName(text)
    text = more
    if (/^\/w(?:ait)?$/i.test(name)) kind = 'line'
    else if (/^\/d/i.test(name)) {
      const directory = name.slice(2) || splitName(text).name
      if (name.length === 2) text = splitName(text).rest
      before = `cd "${directory}" && `
    } else if (!startSwitch.test(name)) return { kind: 'refused', why: `"start" with ${name} is not known here` }
  }
  if (text === '') return { kind: 'refused', why: '"start" names no program' }
  return { kind, text: before + text }
}
