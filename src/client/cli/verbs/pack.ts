import { counted } from '../counted.ts'
import { fromCspack } from '../cspack-words.ts'
import { exitCodes, Failure } from '../failure.ts'
import { definitionOf, makePackage } from '../package-file.ts'
import { flag, list, needed, oneOf, option, type Verb } from '../verb.ts'

export const pack: Verb = {
  name: 'pack',
  form: 'DEFINITION [--role NAME=DIRECTORY ...] [--site ROLE/SITE=DIRECTORY ...] [--assembly ROLE=FILE ...] [--properties ROLE=FILE ...] [--plugins DIRECTORY] [--format legacy|2012-03-15] [--copy-only] [--deterministic] --out FILE',
  about:
    'Makes a .cspkg of a .csdef, or of the directory that holds it, and sources; without --role of the directory beside the definition that bears the role’s name. DEFINITION may be a .csx directory, too. The options of cspack (/out:, /role:, /sites:, …) are understood.',
  options: {
    role: { type: 'string', multiple: true },
    site: { type: 'string', multiple: true },
    assembly: { type: 'string', multiple: true },
    properties: { type: 'string', multiple: true },
    plugins: { type: 'string' },
    format: { type: 'string' },
    'copy-only': { type: 'boolean' },
    deterministic: { type: 'boolean' },
    out: { type: 'string' },
  },
  words: [1, 1],
  respelled: fromCspack,
  async run(call) {
    const out = needed(call, 'out')
    const [named = ''] = call.words
    const { files, bytes, warnings } = await makePackage(call.pack, {
      definition: definitionOf(named) ?? named,
      roles: pairs('--role', 'NAME=DIRECTORY', list(call, 'role')),
      sites: pairs('--site', 'ROLE/SITE=DIRECTORY', list(call, 'site')),
      assemblies: pairs('--assembly', 'ROLE=FILE', list(call, 'assembly')),
      properties: pairs('--properties', 'ROLE=FILE', list(call, 'properties')),
      plugins: option(call, 'plugins'),
      format: oneOf(call, 'format', { legacy: 'legacy', '2012-03-15': '2012-03-15' } as const),
      copyOnly: flag(call, 'copy-only'),
      deterministic: flag(call, 'deterministic'),
      out,
    })
    call.terminal.warn(warnings)
    call.terminal.line(`${out}: ${counted(files, 'file')}, ${counted(bytes, 'byte')}`)
    call.terminal.object({ package: out, files, bytes, warnings })
  },
}

function pairs(name: string, form: string, given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((pair) => {
      const [key, value] = pair.split(/=(.*)/s)
      if (!key || !value) throw new Failure(`${name} ${pair}: write ${name} ${form}.`, exitCodes.wrongUse)
      return [key, value]
    }),
  )
}
