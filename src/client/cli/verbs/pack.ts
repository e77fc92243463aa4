import { counted } from '../counted.ts'
import { exitCodes, Failure } from '../failure.ts'
import { definitionOf, makePackage } from '../package-file.ts'
import { list, needed, type Verb } from '../verb.ts'

export const pack: Verb = {
  name: 'pack',
  form: 'DEFINITION [--role NAME=DIRECTORY ...] [--site ROLE/SITE=DIRECTORY ...] --out FILE',
  about:
    'Makes a .cspkg of a .csdef, or of the directory that holds it, and sources; without --role of the directory beside the definition that bears the role’s name.',
  options: {
    role: { type: 'string', multiple: true },
    site: { type: 'string', multiple: true },
    out: { type: 'string' },
  },
  words: [1, 1],
  async run(call) {
    const out = needed(call, 'out')
    const [named = ''] = call.words
    const { files, bytes, warnings } = await makePackage(call.pack, {
      definition: definitionOf(named) ?? named,
      roles: pairs('--role', 'NAME=DIRECTORY', list(call, 'role')),
      sites: pairs('--site', 'ROLE/SITE=DIRECTORY', list(call, 'site')),
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
