/** A small service in several versions: two instances in each of two upgrade domains, and a server that says which version it is. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Version {
  /** What its instances answer. */
  readonly name: string
  readonly count?: number
  readonly greeting?: string
  /** OnStart throws. */
  readonly isBroken?: boolean
  /** It is Ready, and exits a moment later. */
  readonly exitsSoon?: boolean
  /** Besides those that every version has: then the definition is another one (U-3). */
  readonly setting?: string
}

/** The directory of a version below `root`, as `deploy` and `upgrade` take it. */
export function makeShop(root: string, version: Version): string {
  const directory = join(root, `shop-${version.name}`)
  mkdirSync(join(directory, 'Web'), { recursive: true })
  writeFileSync(join(directory, 'ServiceDefinition.csdef'), definition(version))
  writeFileSync(join(directory, 'ServiceConfiguration.cscfg'), configuration(version))
  writeFileSync(join(directory, 'Web/web.mjs'), program(version))
  return directory
}

export function configuration({ count = 4, greeting = 'Hello', setting }: Version): string {
  const settings = { Greeting: greeting, ...(setting === undefined ? {} : { [setting]: '' }) }
  return `<?xml version="1.0" encoding="utf-8"?>
<ServiceConfiguration serviceName="Shop" osFamily="6" osVersion="*" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
  <!-- scaling keeps this line -->
  <Role name="Web">
    <Instances count="${count}" />
    <ConfigurationSettings>${Object.entries(settings)
      .map(([name, value]) => `<Setting name="${name}" value="${value}" />`)
      .join('')}</ConfigurationSettings>
  </Role>
</ServiceConfiguration>
`
}

function definition({ setting }: Version): string {
  const settings = ['Greeting', ...(setting === undefined ? [] : [setting])]
  return `<?xml version="1.0" encoding="utf-8"?>
<ServiceDefinition name="Shop" upgradeDomainCount="2" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition">
  <WorkerRole name="Web" vmsize="ExtraSmall">
    <Runtime><EntryPoint><NetFxEntryPoint assemblyName="web.mjs" targetFrameworkVersion="v4.0" /></EntryPoint></Runtime>
    <ConfigurationSettings>${settings.map((name) => `<Setting name="${name}" />`).join('')}</ConfigurationSettings>
    <Endpoints><InputEndpoint name="Http" protocol="http" port="80" localPort="*" /></Endpoints>
  </WorkerRole>
</ServiceDefinition>
`
}

/** Answers the setting as it is at that moment, its version, its instance and its process. */
function program({ name, isBroken = false, exitsSoon = false }: Version): string {
  return `import { createServer } from 'node:http'
import { RoleEnvironment } from 'reddog/runtime'

const server = createServer((request, response) => {
  const greeting = RoleEnvironment.getConfigurationSettingValue('Greeting')
  response.end([greeting, '${name}', RoleEnvironment.currentRoleInstance.id, process.pid].join(' '))
})

export default {
  async onStart() {
    if (${isBroken}) throw new Error('${name} cannot start')
    const { port } = RoleEnvironment.currentRoleInstance.endpoints.find(({ name }) => name === 'Http')
    await new Promise((resolve, reject) => server.once('error', reject).listen(port, resolve))
    return true
  },
  run: () => new Promise(() => ${exitsSoon} && setTimeout(() => process.exit(1), 50)),
  onStop: () => new Promise((resolve) => server.close(resolve)),
}
`
}
