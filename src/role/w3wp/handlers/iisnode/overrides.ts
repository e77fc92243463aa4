import { fine, type Result, refused } from '../../../../kernel/fault.ts'
import { own } from '../../../../kernel/own.ts'
import type { Effective } from '../../../../service-model/web-config/schema.ts'
import { sections } from '../../../../service-model/web-config/sections.ts'

export type IisnodeSettings = Effective<(typeof sections)['iisnode']>

/** Names that the file has for settings which the element calls otherwise. */
const otherNames: Readonly<Record<string, string>> = { debugportrange: 'debuggerPortRange' }

/** Words for yes and no that this file has besides those of the element. */
const flagWords: Readonly<Record<string, string>> = { '1': 'true', yes: 'true', '0': 'false', no: 'false' }

/**
 * The settings, with those of `iisnode.yml` in their place (I-41). It is not YAML but lines `name: value # comment`, as the module reads them: in
 * YAML the `*` of `watchedFiles: *.js` would be an alias. Names ignore case; unknown ones are skipped, as in the module.
 */
export function withOverrides(settings: IisnodeSettings, file: string): Result<IisnodeSettings> {
  const found: Record<string, string | number | boolean> = {}
  for (const [index, line] of file
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const [said = ''] = line.split('#')
    if (said.trim() === '' || /^(?:---|\.\.\.)\s*$/.test(said)) continue
    const [, key, value] = /^\s*([\w-]{1,64})\s*:(.*)$/.exec(said) ?? []
    if (key === undefined || value === undefined)
      return refused('BadRequest', `line ${index + 1} is not of the form "name: value".`)
    const name = nameOf(key)
    const read = name === undefined ? undefined : valueOf(name, unquoted(value.trim()))
    if (name === undefined || read === '') continue
    if (read === undefined)
      return refused(
        'BadRequest',
        `line ${index + 1}: ${name} is ${attributes[name]?.wanted}; found "${value.trim().slice(0, 100)}".`,
      )
    found[name] = read
  }
  return fine({ ...settings, ...found })
}

type Attributes = Readonly<
  Record<string, (typeof sections)['iisnode']['attributes'][keyof (typeof sections)['iisnode']['attributes']]>
>
const attributes: Attributes = sections.iisnode.attributes

function nameOf(key: string): string | undefined {
  const wanted = own(otherNames, key.toLowerCase()) ?? key
  return Object.keys(attributes).find((name) => name.toLowerCase() === wanted.toLowerCase())
}

function valueOf(name: string, text: string): string | number | boolean | undefined {
  const attribute = attributes[name]
  const isFlag = typeof attribute?.fallback?.value === 'boolean'
  return text === '' ? '' : attribute?.read(isFlag ? (own(flagWords, text.toLowerCase()) ?? text) : text)
}

function unquoted(text: string): string {
  const [, inner] = /^(?:"([^"]*)"|'([^']*)')$/.exec(text)?.filter((part) => part !== undefined) ?? []
  // A command line that only begins with a quote is not changed.
  return inner ?? text
}
