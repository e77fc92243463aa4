import { type Cursor, closes, sign, skip, take, Unreadable } from './cursor.ts'
import type { Redirection } from './syntax.ts'

/** Characters that separate a command's name from the rest, and one word from the next, where the shell itself reads them. */
export const blank = /[\s,;=]/

/** The text of one command, and its redirections, which are taken out of it wherever they stand. */
export function commandText(cursor: Cursor): { readonly text: string; readonly redirections: readonly Redirection[] } {
  const redirections: Redirection[] = []
  let text = ''
  for (let quoted = false; cursor.at < cursor.line.length; ) {
    const next = sign(cursor)
    if (next === '"') quoted = !quoted
    if (!quoted && (next === '&' || next === '|' || closes(cursor))) break
    if (!quoted && (next === '<' || next === '>')) {
      const descriptor = /(?:^|[\s,;=])(\d)$/.exec(text)?.[1] ?? ''
      text = text.slice(0, text.length - descriptor.length)
      redirections.push(redirection(cursor, descriptor))
    } else {
      const escaped = !quoted && next === '^'
      if (escaped) cursor.at += 1
      text += sign(cursor)
      cursor.at += 1
    }
  }
  return { text: text.trim(), redirections }
}

/** The redirections behind a group; nothing else may follow it. */
export function redirectionsBehind(cursor: Cursor): readonly Redirection[] {
  const redirections: Redirection[] = []
  for (skip(cursor, /\s/); /[<>\d]/.test(sign(cursor)); skip(cursor, /\s/)) {
    const descriptor = take(cursor, /\d(?=[<>])/) ?? ''
    if (!/[<>]/.test(sign(cursor))) break
    redirections.push(redirection(cursor, descriptor))
  }
  return redirections
}

/** A word as the shell itself reads it; it ends at `end` or an operator outside of quotes. */
export function word(cursor: Cursor, end: RegExp, withoutQuotes = true): string {
  let text = ''
  for (let quoted = false; cursor.at < cursor.line.length; cursor.at += 1) {
    const next = sign(cursor)
    if (next === '"') quoted = !quoted
    else if (!quoted && (end.test(next) || /[&|<>]/.test(next) || closes(cursor))) break
    else if (!quoted && next === '^') cursor.at += 1
    text += next === '"' && withoutQuotes ? '' : sign(cursor)
  }
  return text
}

function redirection(cursor: Cursor, descriptor: string): Redirection {
  const operator = take(cursor, />>|>|</) as Redirection['operator']
  const duplicate = take(cursor, /&\s*\d/)
  if (duplicate !== undefined) return { descriptor, operator, target: duplicate.replace(/\s/g, '') }
  skip(cursor, blank)
  const target = word(cursor, blank)
  if (target === '') throw new Unreadable(`"${operator}" names no file`)
  return { descriptor, operator, target }
}
