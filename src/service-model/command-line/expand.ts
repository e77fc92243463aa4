/** Signs of a value that would be the shell's if they stood in the line itself. */
const signs = /[&|<>^()%@!]/g

/** First of the halves of surrogate pairs that stand for such a sign: XML, which every line comes from, cannot hold one alone. */
const shield = 0xdc00
const shielded = /[\udc00-\udc7f]/gu

/** Characters of an environment variable, and more than a line of the original's shell could have (8,191). */
export const longestVariable = 32_767

/** How long a text may be with its variables filled in; a text that was longer from the start meets the system's own limit and message. */
export function longestFilled(written: string): number {
  return Math.max(longestVariable, written.length)
}

/**
 * The first phase of the original's shell: `%NAME%`, `%NAME:from=to%` and `%NAME:~start,length%` filled in ignoring case; what
 * has no value stays as it is written. Quotes and white space of a value work as if they were in the line; its other signs are
 * literal, so that a key with `&` in it begins no command. A text longer than `longestFilled` is filled in no further, and the
 * caller must refuse it: variables that double one another would fill the memory.
 */
export function expandVariables(line: string, variables: Readonly<Record<string, string>>): string {
  const longest = longestFilled(line)
  let length = line.length
  return line.replace(/%([^%:\s][^%:]*)(?::([^%]*))?%/g, (written, name: string, change: string | undefined) => {
    const known = Object.keys(variables).find((key) => key.toLowerCase() === name.toLowerCase())
    if (known === undefined || length > longest) return written
    const value = variables[known] as string
    const changed = change === undefined ? value : changedBy(change, value)
    if (changed === undefined) return written
    length += changed.length - written.length
    return changed.replace(signs, (sign) => String.fromCharCode(shield + sign.charCodeAt(0)))
  })
}

/** The text with the literal signs of values restored: for its final reader. */
export function meant(text: string): string {
  return text.replace(shielded, (half) => String.fromCharCode(half.charCodeAt(0) - shield))
}

/** The text for a shell of the original: outside of quotes a caret takes the signs of values out of its hands. */
export function withCarets(text: string): string {
  return text
    .split('"')
    .map((part, index) => (index % 2 === 0 ? part.replace(shielded, (half) => `^${meant(half)}`) : meant(part)))
    .join('"')
}

/** Undefined for a change that the original's shell does not know. */
function changedBy(change: string, value: string): string | undefined {
  const [part, start = '', length] = /^~(-?\d+)(?:,(-?\d+))?$/.exec(change) ?? []
  if (part !== undefined) {
    const from = Number(start) < 0 ? Math.max(0, value.length + Number(start)) : Number(start)
    if (length === undefined) return value.slice(from)
    return Number(length) < 0 ? value.slice(from, Number(length)) : value.slice(from, from + Number(length))
  }
  const equal = change.indexOf('=')
  if (equal < 1) return undefined
  const [from, to] = [change.slice(0, equal), change.slice(equal + 1)]
  return value.replace(new RegExp(from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi'), () => to)
}
