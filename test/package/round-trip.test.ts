import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { pack } from '../../src/machine/package/pack.ts'
import { toolVersion } from '../../src/machine/package/tool-version.ts'
import type { RoleDefinition, ServiceDefinition } from '../../src/service-model/definition.ts'
import { expandPlugins, pluginSettingsOf } from '../../src/service-model/expand-plugins.ts'
import { readDefinition } from '../../src/service-model/read-definition.ts'
import { roleModelOf } from '../../src/service-model/role-model-of.ts'
import { desk, readHere } from './desk.ts'
import { writeService } from './service.ts'

/** Names as definitions have them, some that XML and ZIP must escape. */
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,8}$/)
const label = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 &'%_]{0,8}$/).map((text) => text.trim().replaceAll('&', '&amp;'))
const names = fc.uniqueArray(name, { maxLength: 3, selector: (text) => text.toLowerCase() })

interface Draft {
  readonly kind: 'WebRole' | 'WorkerRole'
  readonly vmSize: string
  readonly imports: readonly string[]
  readonly settings: readonly string[]
  readonly stores: readonly string[]
  readonly certificates: readonly { readonly name: string; readonly level: string }[]
  readonly internal: readonly string[]
  readonly variable: string
  readonly command: string
}

const draft: fc.Arbitrary<Draft> = fc.record({
  kind: fc.constantFrom('WebRole', 'WorkerRole'),
  vmSize: fc.constantFrom('ExtraSmall', 'Small', 'Large'),
  imports: fc.subarray(['Diagnostics', 'RemoteAccess']),
  settings: names,
  stores: names,
  certificates: fc.uniqueArray(fc.record({ name, level: fc.constantFrom('limitedOrElevated', 'elevated') }), {
    maxLength: 3,
    selector: (certificate) => certificate.name.toLowerCase(),
  }),
  internal: names,
  variable: label,
  command: label,
})

/** Roles `R0`, `R1`: input endpoints get ports of their own. */
function roleText(
  { kind, vmSize, imports, settings, stores, certificates, internal, variable, command }: Draft,
  index: number,
): string {
  const each = (values: readonly string[], write: (value: string) => string) => values.map(write).join('')
  const endpoint = `<InputEndpoint name="In!" protocol="http" port="${8000 + index}"/>`
  const sites = '<Sites><Site name="Main"><Bindings><Binding name="b" endpointName="In!"/></Bindings></Site></Sites>'
  return `<${kind} name="R${index}" vmsize="${vmSize}">
    <Imports>${each(imports, (module) => `<Import moduleName="${module}"/>`)}</Imports>
    <Startup><Task commandLine="${command} &gt; log" executionContext="elevated" taskType="background"><Environment><Variable name="V" value="${variable}"/></Environment></Task></Startup>
    <LocalResources>${each(stores, (store) => `<LocalStorage name="${store}" sizeInMB="10"/>`)}</LocalResources>
    <ConfigurationSettings>${each(settings, (setting) => `<Setting name="${setting}"/>`)}</ConfigurationSettings>
    <Endpoints>${endpoint}${each(internal, (one) => `<InternalEndpoint name="${one}" protocol="tcp"/>`)}</Endpoints>
    <Certificates>${certificates.map((one) => `<Certificate name="${one.name}" storeLocation="LocalMachine" storeName="My" permissionLevel="${one.level}"/>`).join('')}</Certificates>
    ${kind === 'WebRole' ? sites : ''}
  </${kind}>`
}

describe('a service that was packed and read back', () => {
  it('is the same service, in both layouts (package-format.md 1, 6)', async () => {
    const property = fc.asyncProperty(
      fc.array(draft, { minLength: 1, maxLength: 2 }),
      fc.integer({ min: 1, max: 20 }),
      async (drafts, domains) => {
        await using place = await desk()
        const files = Object.fromEntries(drafts.map((_, index) => [`R${index}/a.txt`, `${index}`]))
        const definition = await writeService(
          place.directory,
          drafts.map(roleText).join(''),
          files,
          `upgradeDomainCount="${domains}"`,
        )
        const expected = await expectedOf(definition)
        for (const format of ['legacy', '2012-03-15'] as const) {
          const out = join(place.directory, format)
          const result = await pack({ definition, roles: {}, sites: {}, out, format })
          assert.ok(result.ok, result.ok ? '' : result.fault.message)
          await readHere(await readFile(out), (read) => {
            assert.ok(read.ok, read.ok ? '' : read.fault.message)
            const { model, report } = read.value
            assert.deepEqual(report.warnings, [])
            assert.equal(model.packageKind, format)
            assert.equal(model.definition.upgradeDomainCount, domains)
            assert.deepEqual(
              model.definition.roles.map(resources).toSorted(byName),
              expected.roles.map(resources).toSorted(byName),
            )
            for (const role of expected.roles) assert.deepEqual(model.roleModels[role.name], modelOfRole(role))
          })
        }
      },
    )
    await fc.assert(property, { numRuns: 25 })
  })
})

async function expectedOf(file: string): Promise<ServiceDefinition> {
  const { value } = expandPlugins(readDefinition(await readFile(file, 'utf8')).value as ServiceDefinition)
  return value as ServiceDefinition
}

function modelOfRole(role: RoleDefinition) {
  return roleModelOf(role, { version: toolVersion, pluginSettings: pluginSettingsOf(role) })
}

/** What a packaged definition carries; order within settings and endpoints is no difference (2.3). */
function resources({
  name,
  kind,
  vmSize,
  imports,
  settings,
  localResources,
  inputEndpoints,
  internalEndpoints,
  certificates,
}: RoleDefinition) {
  const ordered = <Piece extends { readonly name: string }>(pieces: readonly Piece[]) => pieces.toSorted(byName)
  return {
    name,
    kind,
    vmSize,
    imports,
    settings: settings.toSorted(),
    localResources,
    inputEndpoints: ordered(inputEndpoints),
    internalEndpoints: ordered(internalEndpoints),
    certificates,
  }
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : 1
}
