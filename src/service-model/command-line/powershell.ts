import type { Inside } from './inside.ts'
import { splitArguments } from './split-arguments.ts'

/** Parameters of PowerShell that take a value and change nothing here; any beginning of a name that is long enough will do there. */
const withValue = /^(?:ex\w*|ep|w\w*|v\w*|inp\w*|o\w*|psc\w*|config\w*)$/i

/** Those that stand alone. */
const alone = /^(?:nop\w*|noni\w*|nol\w*|noe\w*|sta|mta)$/i

/**
 * The script that PowerShell is to run, with its arguments: `-File x.ps1 …`, `-Command .\x.ps1 …`, or without either. Anything
 * else is a program in its own language, which cannot run here.
 */
export function startedBy(rest: string): Inside {
  const words = splitArguments(rest)
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string
    const parameter = /^[-/](\w+)$/.exec(word)?.[1]
    if (parameter === undefined) return fromCommand(words.slice(at))
    if (/^f(?:i\w*)?$/i.test(parameter)) return fromFile(words.slice(at + 1))
    if (/^c(?:om\w*)?$/i.test(parameter)) return fromCommand(words.slice(at + 1))
    if (withValue.test(parameter)) at += 1
    else if (!alone.test(parameter)) return unknown(word)
  }
  return unknown(rest)
}

function fromFile([name = '', ...words]: readonly string[]): Inside {
  return name === '' ? unknown('-File') : { kind: 'program', name, words }
}

/** `& 'script' words`, also in braces, with the exit code handed on as many write it. */
function fromCommand(words: readonly string[]): Inside {
  const text = words.join(' ').trim()
  const bare = text
    .replace(/^[&.]?\s*\{([^]*)\}$/, '$1')
    .trim()
    .replace(/\s*;\s*(?:exit\s+\$LASTEXITCODE\s*;?)?$/i, '')
    .replace(/^[&.]\s+/, '')
  const parts = bare.match(/'(?:''|[^'])*'|"[^"]*"|[^\s'"]+/g) ?? []
  const plain = parts.every((part) => /^['"]/.test(part) || !/[$`|;&<>(){}@]/.test(part))
  const [name = '', ...more] = parts.map((part) =>
    /^['"]/.test(part) ? part.slice(1, -1).replaceAll("''", "'") : part,
  )
  return plain && /\.ps1$/i.test(name) ? { kind: 'program', name, words: more } : unknown(text)
}

function unknown(text: string): Inside {
  return {
    kind: 'refused',
    why: `PowerShell is a program for Windows, and "${text}" is not just a script with arguments, for which one of the same name ending in .sh could stand in. Put what it does into a script such as "startup.sh", and name that`,
  }
}
