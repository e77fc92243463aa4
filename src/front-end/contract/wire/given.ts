import type { Tag } from '../../../kernel/document/description.ts'
import { text, verbatim } from '../../../kernel/document/scalars.ts'
import { Misfit } from '../../../kernel/document/tag.ts'
import { bytesOfBase64, canonicalBase64, textOfBase64 } from '../base64.ts'
import { refusals } from '../errors.ts'
import { nameLimit } from '../names.ts'

/** Longest label, decoded, in characters. */
const labelLimit = 100

const base64 = { kind: 'like', examples: ['YQ==', 'YWI=', 'w6k='] } as const

/** Text in a request, trimmed; one with more characters than `longest` is refused. */
export function given(name: string, longest: number = nameLimit): Tag<string> {
  return within(text(name), longest)
}

/** The same with the blanks at both ends. */
export function givenVerbatim(name: string, longest: number): Tag<string> {
  return within(verbatim(name), longest)
}

/**
 * Base64 in a request, as text of at most `longest` characters. It is stored in the form of RFC 4648, even when it came without
 * padding, with bits set behind the last byte, or in lines: every reader of an answer can decode that.
 */
export function givenBase64(name: string, longest: number): Tag<string> {
  const tag = given(name, longest)
  return {
    ...tag,
    inside: base64,
    read(element) {
      const bytes = bytesOfBase64(tag.read(element))
      if (!bytes) throw new Misfit(`The element ${name} is not Base64.`, element.line)
      return canonicalBase64(bytes)
    },
  }
}

/** Base64 of 1 to 100 characters of UTF-8, stored in the form of RFC 4648. */
export const givenLabel: Tag<string> = {
  ...text('Label'),
  inside: base64,
  read(element) {
    const bytes = bytesOfBase64(element.text)
    const length = textOfBase64(element.text)?.length ?? 0
    if (!bytes || length < 1 || length > labelLimit) throw new Misfit(refusals.badLabel().fault.message, element.line)
    return canonicalBase64(bytes)
  },
}

/** At most 100 characters, plain or in Base64, stored as they came: callers send both where the page does not specify (V-2). */
export const givenPlainLabel: Tag<string> = {
  ...text('Label'),
  read(element) {
    const label = element.text.trim()
    const length = label.length <= labelLimit ? label.length : (textOfBase64(label)?.length ?? Number.POSITIVE_INFINITY)
    if (length > labelLimit) throw new Misfit(refusals.badLabel().fault.message, element.line)
    return label
  },
}

function within(tag: Tag<string>, longest: number): Tag<string> {
  return {
    ...tag,
    read(element) {
      const found = tag.read(element)
      if (found.length > longest)
        throw new Misfit(
          `The element ${tag.name} has ${found.length} characters where ${longest} are allowed. Shorten it.`,
          element.line,
        )
      return found
    },
  }
}
