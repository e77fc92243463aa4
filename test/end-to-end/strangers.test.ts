/** Another account of this machine knocks at every port, file and socket of a house that runs as root, and of one that does not. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, globSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { placesOf } from '../../src/machine/building/data-directory.ts'
import { socketDirectories } from '../../src/machine/building/guests.ts'
import { ordinary, rungs } from '../rungs.ts'
import { makeHouse, root } from './house.ts'

const nobody = 65_534
const isRoot = process.getuid?.() === 0
const asStranger = ['--reuid', `${nobody}`, '--regid', `${nobody}`, '--clear-groups']

interface Knock {
  readonly url: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** The directory of a package on its host. */
const secretName = /\/packages\/([0-9a-f]{64})\.([0-9a-f]{32})\//

const wire = { 'x-ms-version': '2012-11-30', 'x-ms-agent-name': 'stranger' }

/** What may not be had from each process that listens. A port of any other process fails the test: it has no row yet. */
const wanted: Readonly<Record<string, (at: string, blobs?: string) => readonly Knock[]>> = {
  HostAgent: (at) => [
    { url: `http://${at}/?comp=versions` },
    { url: `http://${at}/machine/?comp=goalstate`, headers: wire },
    { url: `http://${at}/machine/?comp=health`, method: 'POST', headers: wire, body: '<Health/>' },
    { url: `http://${at}/machine?comp=telemetrydata`, method: 'POST', headers: wire, body: '<TelemetryData/>' },
  ],
  FabricController: (at) => [
    { url: `https://${at}/` },
    { url: `https://${at}/hosts/host1/goal` },
    { url: `https://${at}/hosts/host1/report`, method: 'POST', body: '{}' },
    { url: `https://${at}/rotation` },
  ],
  RDFE: (at) => [
    { url: `https://${at}/subscriptions`, headers: { 'x-ms-version': '2014-06-01' } },
    { url: `https://${at}/x/services/hostedservices`, headers: { 'x-ms-version': '2014-06-01' } },
  ],
  // Its pages have nothing in them before somebody signs in.
  Portal: (at) => [
    { url: `http://${at}/session` },
    { url: `http://${at}/api/services/hostedservices` },
    { url: `http://${at}/live?path=%2Fservices%2Fhostedservices` },
    { url: `http://${at}/blobs` },
    { url: `http://${at}/packages?name=x.cspkg`, method: 'POST', headers: { 'x-reddog-portal': '1' }, body: 'PK' },
  ],
  // Its probe port tells whether the role is Ready, and nothing else.
  WindowsAzureGuestAgent: () => [],
  Azurite: (_, blobs) => [
    { url: `${blobs}?comp=list` },
    { url: `${blobs}/stolen?restype=container`, method: 'PUT', headers: { 'x-ms-version': '2021-12-02' } },
  ],
}

/** The text of a file, of which the process may have ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

/** Who listens where: pid by pid, from the kernel's own table. */
function listeners(data: string): readonly { readonly title: string; readonly at: string }[] {
  const addresses = new Map<string, string>()
  for (const line of readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1)) {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    const [address = '', port = ''] = local.split(':')
    const dotted = [...Buffer.from(address, 'hex').reverse()].join('.')
    if (state === '0A') addresses.set(`socket:[${inode}]`, `${dotted}:${Number.parseInt(port, 16)}`)
  }
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1')
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1')
        if (!`${words}${environment}${readlinkSync(`/proc/${pid}/cwd`)}`.includes(data)) return []
        const [first = ''] = words.split('\0')
        // Agents of guests bear the path of their version.
        const title = basename(first).replace(/_\d+$/, '')
        const held = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
        return held.flatMap((socket) => (addresses.has(socket) ? [{ title, at: addresses.get(socket) as string }] : []))
      } catch {
        return []
      }
    })
}

for (const [who, account, { isolation, skip }] of [
  ...rungs.map((rung) => ['root', 0, rung] as const),
  ['an ordinary user', ordinary, rungs[0]] as const,
])
  describe(`a stranger at a house of ${who}, ${isolation}`, {
    skip: isRoot ? skip : 'takes root, to be two users',
  }, () => {
    const house = makeHouse(['--isolation', isolation], account)
    let ports: ReturnType<typeof listeners>
    let found: { readonly statuses: (number | string)[]; readonly read: string[]; readonly opened: string[] }
    let requests: readonly Knock[]
    let sockets: readonly string[]
    let unpacked: readonly string[]

    before(async () => {
      // As `--data` is by default: others may pass through it.
      chmodSync(house.data, 0o755)
      await house.up()
      const { code, stderr } = await house.reddog('deploy', join(root, 'examples/hello-worker'), '--service', 'hello')
      assert.equal(code, 0, stderr)
      // What the balancer leads to is the tenant's to show, and so is the tenant's own program.
      const tenants = ['LoadBalancer', 'LoadBalancerWorker', 'PortHolder', 'node']
      ports = listeners(house.data).filter(({ title }) => !tenants.includes(title))
      requests = ports.flatMap(({ title, at }) => wanted[title]?.(at, house.greeting()['blobEndpoint']) ?? [])
      const all = globSync('**', { cwd: house.data }).map((path) => join(house.data, path))
      // The stranger knows the hash of every package, and all names but the one that the host made up.
      unpacked = all.filter((path) => secretName.test(path))
      const files = all
        .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile())
        .map((path) => path.replace(secretName, '/packages/$1/'))
      sockets = socketDirectories(placesOf(house.data)).flatMap((directory) =>
        globSync('**', { cwd: directory }).map((path) => join(directory, path)),
      )
      const plan = JSON.stringify({ requests, files, sockets, directory: house.data })
      const stranger = spawnSync('setpriv', [
        ...asStranger,
        process.execPath,
        join(root, 'test/end-to-end/stranger.mjs'),
        plan,
      ])
      assert.equal(stranger.status, 0, stranger.stderr.toString())
      found = JSON.parse(stranger.stdout.toString()) as typeof found
    })
    after(() => house.dispose())

    it('finds every process that listens in the table', () => {
      const titles = [...new Set(ports.map(({ title }) => title))].sort()
      // A guest with a network of its own has no port of the machine.
      const here = Object.keys(wanted).filter((title) => isolation === 'process' || title !== 'WindowsAzureGuestAgent')
      assert.deepEqual(titles, here.sort(), JSON.stringify(ports))
    })

    it('is refused at every port, whatever it asks', () => {
      const met = requests.map(({ url, method = 'GET' }, index) => `${method} ${url} ${found.statuses[index]}`)
      const refused = [401, 403, 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED']
      // Nothing is behind the port of the host plugin, for guests neither (wire-server.md 13).
      const nothing = (url: string) => new URL(url).port === '32526' && 404
      const open = requests.filter(({ url }, index) => {
        const status = found.statuses[index] as number
        return !refused.includes(status) && status !== nothing(url)
      })
      assert.deepEqual(open, [], met.join('\n'))
    })

    it('reads no file of the data directory but certificates and who the fabric is, and enters no socket', () => {
      const read = found.read.map((path) => relative(house.data, path))
      assert.deepEqual(read.sort(), ['authority.pem', 'fabric.json', 'management.pem', 'package.json'])
      assert(sockets.length > 0 && sockets.every((path) => existsSync(path)))
      assert.deepEqual(found.opened, [])
    })

    it('finds no file of the host behind the first process of a guest, which a role can reach and would fill without end', () => {
      const opened = house.processes('WaAppAgent').map((pid) => readlinkSync(`/proc/${pid}/fd/1`))
      assert(opened.length > 0)
      assert.deepEqual(
        opened.filter((path) => !path.endsWith('/c/Logs/WaAppAgent.out')),
        [],
      )
    })

    it('is told by no command line where a package lies', () => {
      const secrets = new Set(unpacked.map((path) => secretName.exec(path)?.[2] as string))
      assert(secrets.size > 0)
      const lines = globSync('/proc/[0-9]*/cmdline').map((file) => read(file))
      assert.deepEqual(
        [...secrets].filter((secret) => lines.some((line) => line.includes(secret))),
        [],
      )
    })
  })
