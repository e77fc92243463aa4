import { basename, join } from 'node:path'
import { exitCodes, Failure } from '../../failure.ts'
import { counted } from '../counted.ts'
import { fromCspack } from '../cspack-words.ts'
import { definitionOf, makePackage, withOverlays, workDirectory } from '../package-file.ts'
import { type Call, flag, list, needed, oneOf, option, type Verb } from '../verb.ts'

export const pack: Verb = {
  name: 'pack',
  form: 'DEFINITION|PACKAGE [--role NAME=DIRECTORY ...] [--site ROLE/SITE[/PATH]=DIRECTORY ...] [--assembly ROLE=FILE ...] [--properties ROLE=FILE ...] [--plugins DIRECTORY] [--format legacy|2012-03-15] [--copy-only] [--deterministic] [--overlay DIR|ZIP ...] --out FILE',
  about:
    'Makes a .cspkg of a .csdef, or of the directory that holds it, and sources; without --role of the directory beside the definition that bears the role’s name. DEFINITION may be a .csx directory, too. The options of cspack (/out:, /role:, /sites:, …) are understood. Of a .cspkg it makes one with overlays.',
  options: {
    role: { type: 'string', multiple: true },
    site: { type: 'string', multiple: true },
    assembly: { type: 'string', multiple: true },
    properties: { type: 'string', multiple: true },
    plugins: { type: 'string' },
    format: { type: 'string' },
    'copy-only': { type: 'boolean' },
    deterministic: { type: 'boolean' },
    overlay: { type: 'string', multiple: true },
    out: { type: 'string' },
  },
  words: [1, 1],
  respelled: fromCspack,
  async run(call) {
    const out = needed(call, 'out')
    const [named = ''] = call.words
    const overlays = list(call, 'overlay')
    const definition = definitionOf(named)
    if (definition === undefined && overlays.length > 0) return overlay(call, named, overlays, out)
    if (flag(call, 'copy-only') && overlays.length > 0)
      throw new Failure('--copy-only makes a directory, and an overlay lies over a package.', exitCodes.wrongUse)
    // With overlays it is made elsewhere first: one without them must not take the place of what stands there.
    using elsewhere = overlays.length === 0 ? undefined : workDirectory(call.temporaryDirectory)
    const bare = elsewhere ? join(elsewhere.path, basename(out)) : out
    const { files, bytes, warnings } = await makePackage(call.pack, {
      definition: definition ?? named,
      roles: pairs('--role', 'NAME=DIRECTORY', list(call, 'role')),
      sites: pairs('--site', 'ROLE/SITE[/PATH]=DIRECTORY', list(call, 'site')),
      assemblies: pairs('--assembly', 'ROLE=FILE', list(call, 'assembly')),
      properties: pairs('--properties', 'ROLE=FILE', list(call, 'properties')),
      plugins: option(call, 'plugins'),
      format: oneOf(call, 'format', { legacy: 'legacy', '2012-03-15': '2012-03-15' } as const),
      copyOnly: flag(call, 'copy-only'),
      deterministic: flag(call, 'deterministic'),
      out: bare,
    })
    const told = elsewhere ? await withOverlays(call.layOver, bare, overlays, out) : []
    call.terminal.warn([...warnings, ...told])
    call.terminal.line(`${out}: ${counted(files, 'file')}, ${counted(bytes, 'byte')}`)
    call.terminal.object({ package: out, files, bytes, warnings: call.terminal.warned() })
  },
}

/** A package that there is, with overlays. */
async function overlay(call: Call, named: string, overlays: readonly string[], out: string): Promise<void> {
  const warnings = await withOverlays(call.layOver, named, overlays, out)
  call.terminal.warn(warnings)
  call.terminal.line(`${out}: ${named} with ${counted(overlays.length, 'overlay')}`)
  call.terminal.object({ package: out, overlays, warnings })
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
