/** Programs of any language on one machine: three instances each listen on all addresses, on one fixed port below 1024, and are upgraded under load. */
import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { machineAddress } from '../../src/machine/guest/namespace/guest-network.ts'
import { accountsWithNamespaces } from '../rungs.ts'
import { until } from '../until.ts'
import { get, makeHouse } from './house.ts'
import { startLoad } from './load.ts'

const python = '/usr/bin/python3'

const instances = ['Py_IN_0', 'Py_IN_1', 'Py_IN_2']

/**
 * A service of Python alone: on SIGTERM it answers what has begun and ends. It says which of some paths it can list, and to which addresses it can
 * connect; by whom it is asked, and what a neighbour answers to that.
 */
function service(data: string, version: string): string {
  const directory = join(data, `service-${version}`)
  const program = join(directory, 'Py/serve.py')
  const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'
  mkdirSync(join(directory, 'Py'), { recursive: true })
  writeFileSync(
    join(directory, 'ServiceDefinition.csdef'),
    `<ServiceDefinition name="Py" upgradeDomainCount="3" xmlns="${schema}/ServiceDefinition">
      <WorkerRole name="Py" vmsize="ExtraSmall">
        <Runtime><EntryPoint><ProgramEntryPoint commandLine="serve.py" setReadyOnProcessStart="true" /></EntryPoint></Runtime>
        <Endpoints><InputEndpoint name="Web" protocol="http" port="80" localPort="80" /></Endpoints>
      </WorkerRole>
    </ServiceDefinition>`,
  )
  writeFileSync(
    join(directory, 'ServiceConfiguration.cscfg'),
    `<ServiceConfiguration serviceName="Py" xmlns="${schema}/ServiceConfiguration"><Role name="Py"><Instances count="3" /></Role></ServiceConfiguration>`,
  )
  writeFileSync(
    program,
    `#!${python}
import http.server, json, os, signal, socket, threading, urllib.request

def can(act, on):
    try:
        act(on)
        return True
    except OSError:
        return False

def connect(address):
    host, port = address.rsplit(':', 1)
    socket.create_connection((host, int(port)), 2).close()

def signals(pid):
    os.kill(int(pid), 0)

tries = {'list': os.listdir, 'connect': connect, 'signal': signals}

class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        _, what, *rest = self.path.split('/', 2)
        body = ('${version} ' + os.environ['RoleInstanceID']).encode()
        if what in tries:
            body = json.dumps([can(tries[what], on) for on in rest[0].split(',')]).encode()
        elif what == 'peer':
            body = self.client_address[0].encode()
        elif what == 'ask':
            body = urllib.request.urlopen(f'http://{rest[0]}/peer', timeout=10).read()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(('0.0.0.0', 80), Answer)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
`,
  )
  chmodSync(program, 0o755)
  return directory
}

for (const account of existsSync(python) ? accountsWithNamespaces : [])
  describe(`a service of Python, ${account === undefined ? 'as root' : 'of an ordinary user'}`, () => {
    const house = makeHouse(['--isolation', 'namespace', '--timer', 'settleTime=300ms'], account)
    let address: string
    let addresses: readonly string[]

    /** Every answer there is, once each. */
    async function answers(): Promise<readonly string[]> {
      const seen = new Set<string>()
      await until(async () => seen.add(await get(address)).size === instances.length, 'all instances answer')
      return [...seen].sort()
    }

    /** Which of these attempts of a role succeed. */
    async function succeed(what: 'list' | 'connect' | 'signal', on: readonly string[]): Promise<readonly string[]> {
      const outcomes = JSON.parse(await get(`${address}${what}/${on.join(',')}`)) as readonly boolean[]
      assert.equal(outcomes.length, on.length)
      return on.filter((_, index) => outcomes[index])
    }

    before(() => house.up())
    after(() => house.dispose())

    it('has three instances on one port of one machine, all Ready', async () => {
      const { code, stdout, stderr } = await house.reddog(
        'deploy',
        service(house.data, 'v1'),
        '--service',
        'py',
        '--json',
      )
      assert.equal(code, 0, stderr)
      address = (JSON.parse(stdout) as { addresses: readonly string[] }).addresses[0] as string
      assert.deepEqual(
        await answers(),
        instances.map((instance) => `v1 ${instance}`),
      )
    })

    it('reaches its wire server, the Blob service and its neighbours, and nothing else of the machine', async () => {
      const { stdout } = await house.reddog('status', '--json')
      addresses = [...new Set(stdout.match(/\b10\.\d+\.\d+\.\d+\b/g) ?? [])]
      assert.equal(addresses.length, instances.length)
      const blobs = new URL(house.greeting()['blobEndpoint'] as string)
      const api = new URL(house.greeting()['managementUrl'] as string)
      const network = blobs.hostname.split('.')[1]
      const open = ['168.63.129.16:80', blobs.host, ...addresses.map((at) => `${at}:80`)]
      const shut = [`127.${network}.0.2:9443`, `127.${network}.0.10:80`, `169.254.1.1:${api.port}`, api.host]
      const undeclared = addresses.map((at) => `${at}:81`)
      assert.deepEqual(await succeed('connect', [...open, ...shut, ...undeclared]), open)
    })

    it('is met by the balancer from the machine, and by no neighbour from there, so that it can tell them apart (L-25)', async () => {
      assert.equal(await get(`${address}peer`), machineAddress)
      const seen = await Promise.all(addresses.map((at) => get(`${address}ask/${at}`)))
      for (const peer of seen) assert.ok(addresses.includes(peer), peer)
    })

    it('reaches the VIP of its service, also of a balancer that was started again (F-23)', async () => {
      const { hostname, port } = new URL(address)
      const ask = () => get(`${address}ask/${hostname}:${port || 80}`)
      assert.equal(await ask(), machineAddress)
      const balancer = house.member('LoadBalancer') as number
      process.kill(balancer, 'SIGKILL')
      await until(() => ![undefined, balancer].includes(house.member('LoadBalancer')), 'another balancer')
      await until(
        () =>
          ask().then(
            (peer) => peer === machineAddress,
            () => false,
          ),
        'an answer through the VIP',
      )
    })

    it('sees no file and no process of anybody else', async () => {
      const paths = ['/home', '/root', '/var/lib', join(house.data, 'run'), join(house.data, 'trust')]
      assert.deepEqual(await succeed('list', ['/tmp', ...paths]), ['/tmp'])
      const members = ['RDFE', 'HostAgent-host1', 'FabricController'].map((name) => `${house.member(name)}`)
      assert.deepEqual(await succeed('signal', ['1', ...members]), ['1'])
    })

    it('is upgraded under load, and no request fails (U-26)', async () => {
      const load = startLoad(address)
      const { code, stderr } = await house.reddog('upgrade', service(house.data, 'v2'), '--service', 'py')
      assert.deepEqual(await load.stop(), [])
      assert.ok(load.answered() > 100)
      assert.equal(code, 0, stderr)
      assert.deepEqual(
        await answers(),
        instances.map((instance) => `v2 ${instance}`),
      )
    })
  })
