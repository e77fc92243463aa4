import { exitCodes, Failure } from '../failure.ts'
import { list, needed, type Verb } from '../verb.ts'

export const pack: Verb = {
  name: 'pack',
  form: 'DEFINITION [--role NAME=DIRECTORY ...] [--site ROLE/SITE=DIRECTORY ...] --out FILE',
  about:
    'Makes a .cspkg of a .csdef and sources; without --role of the directory beside the definition that bears the role’s name.',
  options: {
    role: { type: 'string', multiple: true },
    site: { type: 'string', multiple: true },
    out: { type: 'string' },
  },
  words: [1, 1],
  async run(call) {
    const out = needed(call, 'out')
    const packed = await call.pack({
      definition: call.words[0] ?? '',
      roles: pairs('--role', 'NAME=DIRECTORY', list(call, 'role')),
      sites: pairs('--site', 'ROLE/SITE=DIRECTORY', list(call, 'site')),
      out,
    })
    if (!packed.ok) throw new Failure(packed.fault.message)
    const { files, bytes, warnings } = packed.value
    for (const warning of warnings) call.terminal.note(`warning: ${warning}`)
    call.terminal.line(`${out}: ${files} files, ${bytes} bytes`)
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
