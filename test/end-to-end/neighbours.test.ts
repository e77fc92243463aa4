/** Who reaches whom from inside of guests in namespaces: the roles of a deployment, another deployment, VIPs, and the Blob service (A-27, A-28). */
import assert from 'node:assert/strict'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { rungs } from '../rungs.ts'
import { get, makeHouse } from './house.ts'

const skip = rungs.find(({ isolation }) => isolation === 'namespace')?.skip ?? false
const house = makeHouse(['--isolation', 'namespace', '--timer', 'settleTime=300ms'])

/** Asked for `/?URL` a role says what it gets from there: the beginning of the answer, or that it gets none. */
const program = `require('http').createServer(async ({ url }, answer) => {
  const asked = decodeURIComponent(url.slice(2))
  const found = asked === '' ? process.env.RoleInstanceID : await fetch(asked, { signal: AbortSignal.timeout(4000) })
    .then(async (got) => got.status + ' ' + (await got.text()).slice(0, 40)).catch(() => 'nothing')
  answer.end(found)
}).listen(8080)`

const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'
const worker = (name: string, endpoint: string) => `<WorkerRole name="${name}" vmsize="ExtraSmall">
  <Runtime><EntryPoint><ProgramEntryPoint commandLine="node serve.js" setReadyOnProcessStart="true" /></EntryPoint></Runtime>
  <Endpoints>${endpoint}</Endpoints></WorkerRole>`
const inner = '<InternalEndpoint name="In" protocol="tcp"><FixedPort port="8080"/></InternalEndpoint>'

/** Web is public; Store is called by Web alone, Open by everybody. */
function service(name: string): string {
  const directory = join(house.data, `service-${name}`)
  const roles = ['Web', 'Store', 'Open']
  for (const role of roles) {
    mkdirSync(join(directory, role), { recursive: true })
    writeFileSync(join(directory, role, 'serve.js'), program)
  }
  writeFileSync(
    join(directory, 'ServiceDefinition.csdef'),
    `<ServiceDefinition name="${name}" xmlns="${schema}/ServiceDefinition">
      ${worker('Web', '<InputEndpoint name="Web" protocol="http" port="80" localPort="8080" />')}
      ${worker('Store', inner)}${worker('Open', inner)}
      <NetworkTrafficRules><OnlyAllowTrafficTo>
        <Destinations><RoleEndpoint roleName="Store" endpointName="In"/></Destinations>
        <WhenSource matches="AnyRule"><FromRole roleName="Web"/></WhenSource>
      </OnlyAllowTrafficTo></NetworkTrafficRules>
    </ServiceDefinition>`,
  )
  writeFileSync(
    join(directory, 'ServiceConfiguration.cscfg'),
    `<ServiceConfiguration serviceName="${name}" xmlns="${schema}/ServiceConfiguration">
      ${roles.map((role) => `<Role name="${role}"><Instances count="1" /></Role>`).join('')}
    </ServiceConfiguration>`,
  )
  return directory
}

/** Where the instances of a service are, by role. */
type Addresses = Readonly<Record<string, string>>

async function deploy(name: string): Promise<{ readonly vip: string; readonly at: Addresses }> {
  const known = keys()
  const { code, stdout, stderr } = await house.reddog('deploy', service(name), '--service', name, '--json')
  assert.equal(code, 0, stderr)
  const { addresses, warnings } = JSON.parse(stdout) as {
    readonly addresses: readonly string[]
    readonly warnings: readonly string[]
  }
  assert.deepEqual(warnings, [], 'the rules hold here')
  const made = Object.entries(keys()).filter(([key]) => !(key in known))
  const at = Object.fromEntries(made.map(([key, address]) => [/\.(\w+)_IN_/.exec(key)?.[1] ?? key, address]))
  return { vip: addresses[0] as string, at }
}

/** Address of every guest. */
function keys(): Addresses {
  const files = globSync('hosts/*/guests/*/guest.json', { cwd: house.data })
  return Object.fromEntries(
    files.map((file) => {
      const { key, address } = JSON.parse(readFileSync(join(house.data, file), 'utf8')) as Record<string, string>
      return [key, address]
    }),
  )
}

describe('guests of two deployments', { skip }, () => {
  let shop: Awaited<ReturnType<typeof deploy>>
  let other: Awaited<ReturnType<typeof deploy>>
  const ask = (from: string | undefined, what: string) => get(`http://${from}:8080/?${encodeURIComponent(what)}`)
  const port = (at: string | undefined) => `http://${at}:8080/`

  before(async () => {
    await house.up()
    shop = await deploy('shop')
    other = await deploy('other')
  })
  after(() => house.dispose())

  it('reach an internal endpoint from the roles that its rules name, and any other from every role of the deployment (A-28)', async () => {
    const { Web, Store, Open } = shop.at
    assert.equal(await ask(Web, port(Store)), '200 Store_IN_0')
    assert.equal(await ask(Open, port(Store)), 'nothing')
    assert.equal(await ask(Web, port(Open)), '200 Open_IN_0')
    assert.equal(await ask(Store, port(Open)), '200 Open_IN_0')
  })

  it('reach nothing of another deployment at its own address', async () => {
    for (const from of Object.values(other.at))
      for (const to of Object.values(shop.at)) assert.equal(await ask(from, port(to)), 'nothing')
  })

  it('reach the VIP of their own service, and of another', async () => {
    for (const from of Object.values(shop.at)) {
      assert.equal(await ask(from, shop.vip), '200 Web_IN_0')
      assert.equal(await ask(from, other.vip), '200 Web_IN_0')
    }
  })

  it('reach the Blob service, which asks them for the key, and no other part of the fabric', async () => {
    const { blobEndpoint = '', managementUrl = '' } = house.greeting()
    const blobs = new URL(blobEndpoint)
    assert.match(await ask(shop.at['Web'], `${blobEndpoint}?comp=list`), /^403 /)
    const closed = [managementUrl, `http://${blobs.hostname.replace(/3$/, '2')}:443/`, `http://${blobs.hostname}:22/`]
    for (const url of closed) assert.equal(await ask(shop.at['Web'], url), 'nothing', url)
  })
})
