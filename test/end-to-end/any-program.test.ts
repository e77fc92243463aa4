/** Programs of any language on one machine: three instances each listen on all addresses, on one fixed port below 1024, and are upgraded under load. */
import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { rungs } from '../rungs.ts'
import { until } from '../until.ts'
import { get, makeHouse } from './house.ts'
import { startLoad } from './load.ts'

const python = '/usr/bin/python3'
const skip =
  rungs.find(({ isolation }) => isolation === 'namespace')?.skip || (!existsSync(python) && `there is no ${python}`)

const house = makeHouse(['--isolation', 'namespace', '--timer', 'settleTime=300ms'])
let address: string

const instances = ['Py_IN_0', 'Py_IN_1', 'Py_IN_2']

/** A service of Python alone: on SIGTERM it answers what has begun and ends. */
function service(version: string): string {
  const directory = join(house.data, `service-${version}`)
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
import http.server, os, signal, threading

class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        body = ('${version} ' + os.environ['RoleInstanceID']).encode()
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

/** Every answer there is, once each. */
async function answers(): Promise<readonly string[]> {
  const seen = new Set<string>()
  await until(async () => seen.add(await get(address)).size === instances.length, 'all instances answer')
  return [...seen].sort()
}

describe('a service of Python', { skip }, () => {
  before(() => house.up())
  after(() => house.dispose())

  it('has three instances on one port of one machine, all Ready', async () => {
    const { code, stdout, stderr } = await house.reddog('deploy', service('v1'), '--service', 'py', '--json')
    assert.equal(code, 0, stderr)
    address = (JSON.parse(stdout) as { addresses: readonly string[] }).addresses[0] as string
    assert.deepEqual(
      await answers(),
      instances.map((instance) => `v1 ${instance}`),
    )
  })

  it('is upgraded under load, and no request fails (U-26)', async () => {
    const load = startLoad(address)
    const { code, stderr } = await house.reddog('upgrade', service('v2'), '--service', 'py')
    assert.deepEqual(await load.stop(), [])
    assert.ok(load.answered() > 100)
    assert.equal(code, 0, stderr)
    assert.deepEqual(
      await answers(),
      instances.map((instance) => `v2 ${instance}`),
    )
  })
})
