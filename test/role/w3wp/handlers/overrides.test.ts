import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type IisnodeSettings, withOverrides } from '../../../../src/role/w3wp/handlers/iisnode/overrides.ts'
import { effective } from '../../../../src/service-model/web-config/effective.ts'
import { sections } from '../../../../src/service-model/web-config/sections.ts'

const settings: IisnodeSettings = effective(sections.iisnode, []).value

/** Files, and what they change or what is said of them. */
const table: readonly (readonly [file: string, told: Partial<IisnodeSettings> | RegExp])[] = [
  ['', {}],
  ['node_env: production', { node_env: 'production' }],
  [
    '\ufeff# all of it\r\nNODE_ENV : production # for now\r\n\r\n---\nloggingEnabled: No\n',
    { node_env: 'production', loggingEnabled: false },
  ],
  // YAML would take the star for an alias.
  ['watchedFiles: *.js;routes\\*.js', { watchedFiles: '*.js;routes\\*.js' }],
  [
    'nodeProcessCommandLine: "C:\\Program Files\\nodejs\\node.exe" --harmony',
    { nodeProcessCommandLine: '"C:\\Program Files\\nodejs\\node.exe" --harmony' },
  ],
  ['logDirectory: "..\\logs"', { logDirectory: '..\\logs' }],
  ['nodeProcessCountPerApplication: 0', { nodeProcessCountPerApplication: 0 }],
  ['devErrorsEnabled: 1\ndebugPortRange: 1-2', { devErrorsEnabled: true, debuggerPortRange: '1-2' }],
  ['somebodyElses: thing\nloggingEnabled:', {}],
  ['constructor: x\n__proto__: y', {}],
  ['node_env = production', /^line 1 is not of the form "name: value"\.$/],
  ['a: b\n: production', /^line 2 is not of the form/],
  ['maxLogFiles: many', /^line 1: maxLogFiles is a whole number from 0 to 100000; found "many"\.$/],
]

for (const [file, told] of table)
  test(`iisnode.yml: ${JSON.stringify(file)} (I-41)`, () => {
    const read = withOverrides(settings, file)
    if (told instanceof RegExp) assert.match(read.ok ? 'read' : read.fault.message, told)
    else assert.deepEqual(read, { ok: true, value: { ...settings, ...told } })
  })
