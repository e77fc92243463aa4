import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { expandPlugins } from '../../src/service-model/expand-plugins.ts'
import { commandFindings } from '../../src/service-model/findings/commands.ts'
import { packageFindings } from '../../src/service-model/findings/package.ts'
import { matchConfiguration } from '../../src/service-model/match.ts'
import { readConfiguration } from '../../src/service-model/read-configuration.ts'
import { readDefinition } from '../../src/service-model/read-definition.ts'
import type { RoleModel } from '../../src/service-model/role-model.ts'
import { roleModelOf } from '../../src/service-model/role-model-of.ts'
import { decodeText } from '../../src/service-model/text.ts'
import { writePackagedDefinition } from '../../src/service-model/write-definition.ts'
import { valueOf } from './documents.ts'

const corpus = fileURLToPath(new URL('../../../shared/samples/corpus', import.meta.url))
const skip = existsSync(corpus) ? false : 'needs the corpus of real definitions, ../shared/samples/corpus'

/** How many findings of each verdict all definitions of the corpus come to, without any files of theirs. */
const totals: Readonly<Record<string, number>> = {
  'certificate passedOver': 17,
  'endpoint asIs': 95,
  'entryPoint cannotRun': 18,
  'entryPoint needsOverlay': 10,
  'entryPoint passedOver': 10,
  'entryPoint recipe': 4,
  'localStorage asIs': 71,
  'plugin asIs': 40,
  'plugin passedOver': 11,
  'role asIs': 54,
  'site asIs': 20,
  'startupTask asIs': 1,
  'startupTask needsOverlay': 31,
  'startupTask passedOver': 33,
  'startupTask recipe': 12,
}

describe('the corpus of real definitions and configurations', { skip }, () => {
  const files = skip ? [] : readdirSync(corpus, { recursive: true, encoding: 'utf8' }).toSorted()
  const textOf = (file: string) => decodeText(readFileSync(`${corpus}/${file}`))
  const definitions = files.filter((file) => file.endsWith('.csdef'))
  const configurations = files.filter((file) => file.endsWith('.cscfg'))

  it('is not empty', (t) => {
    t.diagnostic(`${definitions.length} definitions and ${configurations.length} configurations are read`)
    assert.ok(definitions.length > 0)
    assert.ok(configurations.length > 0)
  })

  for (const file of definitions)
    it(`reads ${file}`, () => {
      const definition = valueOf(readDefinition(textOf(file), { file }))
      assert.ok(definition.roles.length > 0)
    })

  for (const file of configurations)
    it(`reads ${file}`, () => {
      assert.ok(valueOf(readConfiguration(textOf(file), { file })).roles.length > 0)
    })

  for (const file of definitions)
    it(`packs what ${file} says, unless it imports a module that is not known (P-10)`, () => {
      const definition = valueOf(readDefinition(textOf(file), { file }))
      const expanded = expandPlugins(definition)
      if (definition.roles.some((role) => role.imports.includes('Caching'))) {
        assert.match(expanded.errors.join(), /imports the module Caching, which is unknown/)
        return
      }
      const packaged = valueOf(readDefinition(writePackagedDefinition(valueOf(expanded)), { packaged: true }))
      assert.equal(packaged.roles.length, definition.roles.length)
    })

  it('comes to these findings, which docs/guide/windows-packages.md tells', () => {
    const nothing = {
      lookUp: (path: string) => (/^(?:approot|approot\/bin)$/.test(path) ? { path, head: () => '' } : undefined),
      has: () => true,
      hasWine: false,
    }
    const counts = new Map<string, number>()
    for (const file of definitions) {
      const { value } = expandPlugins(valueOf(readDefinition(textOf(file))))
      if (!value) continue
      const models = value.roles.map((role) =>
        roleModelOf(role, { version: '1', properties: {}, physicalDirectories: {}, pluginSettings: [] }),
      )
      const model = {
        definition: value,
        roleModels: Object.fromEntries(models.map((one) => [one.name, one])),
        sdkVersion: '',
        packageKind: 'legacy',
        entryPointFiles: {},
        contents: {},
      } as const
      const commands = value.roles.flatMap((role, index) => commandFindings(role, models[index] as RoleModel, nothing))
      for (const { subject, verdict } of [...packageFindings(model), ...commands])
        counts.set(`${subject} ${verdict}`, (counts.get(`${subject} ${verdict}`) ?? 0) + 1)
    }
    assert.deepEqual(Object.fromEntries(counts), totals)
  })

  // 19 needs the Caching module; the configurations of 25 came without their secrets.
  const unmatched = ['19-orchard', '25-python-worker']
  for (const file of configurations.filter((name) => !unmatched.some((folder) => name.startsWith(folder))))
    it(`matches ${file} with its definition (3.4)`, () => {
      const source = definitions.find((candidate) => candidate.split('/')[0] === file.split('/')[0])
      assert.ok(source)
      const definition = valueOf(expandPlugins(valueOf(readDefinition(textOf(source)))))
      assert.deepEqual(matchConfiguration(definition, valueOf(readConfiguration(textOf(file)))).errors, [])
    })
})
