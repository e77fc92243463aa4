/** Service certificates on their way to the roles that declare them, and to nobody else (wire-server.md 8). */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmodSync, globSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { connect } from 'node:tls'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import { thumbprintOf } from '../../src/machine/certificates/certificate.ts'
import { writePkcs12 } from '../../src/machine/certificates/pkcs12.ts'
import { until } from '../until.ts'
import { get, makeHouse } from './house.ts'

const root = makeAuthority('A root')
const house = makeHouse(['--timer', 'settleTime=500ms'])
/** Outside of the house, in which keys are looked for. */
const brought = join(house.data, '../', `brought-${process.pid}`)

/** A certificate of the root in a PFX file with its issuer, as a user brings it. */
function bring(name: string) {
  const { certificatePem, keyPem } = issueCertificate(root, {
    commonName: name,
    usage: 'server',
    hosts: ['shop.example'],
  })
  const { raw } = new X509Certificate(certificatePem)
  const key = createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' })
  const file = join(brought, `${name}.pfx`)
  writeFileSync(file, writePkcs12([{ der: raw, key }, { der: new X509Certificate(root.certificatePem).raw }]))
  return { file, thumbprint: thumbprintOf(raw), key, keyPem }
}

mkdirSync(brought)
const [first, second] = [bring('first'), bring('second')]

/** A role with a certificate that serves https with it, and one without that tries to read what it is asked for. */
function makeService(thumbprint: string): string {
  const directory = join(brought, 'service')
  for (const role of ['Front', 'Other']) mkdirSync(join(directory, role), { recursive: true })
  const schema = (kind: string) => `xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/Service${kind}"`
  const program = (name: string) =>
    `<Runtime><EntryPoint><ProgramEntryPoint commandLine="node ${name}.mjs" setReadyOnProcessStart="true"/></EntryPoint></Runtime>`
  writeFileSync(
    join(directory, 'ServiceDefinition.csdef'),
    `<ServiceDefinition name="Shop" ${schema('Definition')}>
  <WorkerRole name="Front" vmsize="ExtraSmall">${program('front')}
    <Endpoints><InputEndpoint name="Https" protocol="https" port="443" localPort="8443" certificate="Tls"/></Endpoints>
    <Certificates><Certificate name="Tls" storeLocation="LocalMachine" storeName="My"/></Certificates>
  </WorkerRole>
  <WorkerRole name="Other" vmsize="ExtraSmall">${program('other')}
    <Endpoints><InputEndpoint name="Http" protocol="http" port="80" localPort="8080"/></Endpoints>
  </WorkerRole>
</ServiceDefinition>`,
  )
  writeFileSync(
    join(directory, 'ServiceConfiguration.cscfg'),
    `<ServiceConfiguration serviceName="Shop" osFamily="6" osVersion="*" ${schema('Configuration')}>
  <Role name="Front"><Instances count="1"/>
    <Certificates><Certificate name="Tls" thumbprint="${thumbprint}" thumbprintAlgorithm="sha1"/></Certificates></Role>
  <Role name="Other"><Instances count="1"/></Role>
</ServiceConfiguration>`,
  )
  writeFileSync(
    join(directory, 'Front/front.mjs'),
    `import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
const file = (ending) => readFileSync(process.env.REDDOG_CERTIFICATES + '/Tls' + ending)
createServer({ cert: file('.pem'), key: file('.key') }, (_, response) => response.end(process.env.REDDOG_CERTIFICATES)).listen(8443)
`,
  )
  writeFileSync(
    join(directory, 'Other/other.mjs'),
    `import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
createServer((request, response) => {
  const path = decodeURIComponent(request.url.slice(1)) || process.env.REDDOG_CERTIFICATES
  if (!existsSync(path)) return response.end('nothing')
  try {
    response.end(readFileSync(path))
  } catch (error) {
    response.end(error.code)
  }
}).listen(8080)
`,
  )
  return directory
}

/** Files of the house in which the private key stands in clear: in DER, or as Base64 of its one form or the other. */
function filesWith({ key, keyPem }: ReturnType<typeof bring>): readonly string[] {
  const texts = [key.toString('base64'), keyPem.replace(/-.*-|\s/g, '')].map((text) => text.slice(400, 500))
  return globSync('**', { cwd: house.data })
    .filter((path) => lstatSync(join(house.data, path), { throwIfNoEntry: false })?.isFile())
    .filter((path) => {
      const content = readFileSync(join(house.data, path))
      const joined = content.toString('latin1').replace(/\s|\\n/g, '')
      return content.includes(key.subarray(-64)) || texts.some((text) => joined.includes(text))
    })
}

/** What a TLS client is shown there, which must be of the root, and the directory of which the role tells. */
async function shownAt(place: {
  readonly host: string
  readonly port: number
  readonly servername: string
}): Promise<{ readonly thumbprint: string; readonly body: string }> {
  // The name is that of the fabric, not of the certificate.
  const options = { ...place, ca: root.certificatePem, checkServerIdentity: () => undefined }
  const socket = connect(options)
  const shown = await new Promise<Buffer>((resolve, reject) => {
    socket.once('secureConnect', () => resolve(socket.getPeerCertificate().raw))
    socket.once('error', reject)
  })
  let body = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
  const ended = new Promise((resolve) => socket.once('close', resolve))
  socket.write('GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n')
  await ended
  return {
    thumbprint: thumbprintOf(shown),
    body: body
      .split('\r\n')
      .filter((line) => line.startsWith('/'))
      .join(),
  }
}

let addresses: readonly string[]
const other = () => addresses.find((address) => address.startsWith('http:')) ?? ''
/** On this machine, under the name of the service: not every resolver knows it. */
const front = () => {
  const { hostname, port } = new URL(addresses.find((address) => address.startsWith('https:')) ?? '')
  return {
    host: hostname.endsWith('.localhost') ? '127.0.0.1' : hostname,
    port: Number(port || 443),
    servername: hostname,
  }
}
const shop = (...words: readonly string[]) => house.reddog(...words, '--service', 'shop')

before(async () => {
  // As `--data` is by default: guests have accounts of their own only where these may pass.
  chmodSync(house.data, 0o755)
  await house.up()
})
after(async () => {
  await house.dispose()
  execFileSync('rm', ['-rf', brought])
})

describe('a service certificate', () => {
  it('must be uploaded before a configuration names it', async () => {
    assert.equal((await house.reddog('service', 'create', 'shop')).code, 0)
    const { code, stderr } = await shop('deploy', makeService(first.thumbprint))
    assert.equal(code, 1)
    assert.match(stderr, new RegExp(`The certificate with thumbprint ${first.thumbprint} was not found`))
  })

  it('is found by the role that declares it, which serves https with it, chain and all', async () => {
    assert.equal((await shop('cert', 'add', first.file)).code, 0)
    const { code, stdout, stderr } = await shop('deploy', makeService(first.thumbprint), '--json')
    assert.equal(code, 0, stderr)
    const deployed = JSON.parse(stdout) as { addresses: readonly string[]; warnings: readonly string[] }
    addresses = deployed.addresses
    assert.deepEqual(deployed.warnings, [])
    assert.equal((await shownAt(front())).thumbprint, first.thumbprint)
    const { host, port, servername } = front()
    const words = ['s_client', '-connect', `${host}:${port}`, '-servername', servername, '-showcerts']
    const seen = execFileSync('openssl', words, {
      input: '',
      stdio: 'pipe',
    }).toString()
    assert.match(seen, /CN ?= ?first/)
    assert.equal(seen.split('BEGIN CERTIFICATE').length - 1, 2, 'itself and its issuer')
  })

  it('stands in no file of the house but those of that role: not in the store, not in a goal, not in a log', async () => {
    const { body: directory } = await shownAt(front())
    const own = directory.slice(house.data.length + 1)
    assert.deepEqual(
      filesWith(first).filter((path) => !path.startsWith(`${own}/`)),
      [],
    )
    assert.deepEqual(filesWith(first), [`${own}/LocalMachine/My/${first.thumbprint}.key`])
  })

  it('is not there for a role that did not declare it, which can read it nowhere', {
    skip: process.getuid?.() === 0 ? false : 'only root has an account for each guest',
  }, async () => {
    const { body: directory } = await shownAt(front())
    assert.equal(await get(other()), 'nothing')
    const key = `${directory}/LocalMachine/My/${first.thumbprint}.key`
    assert.ok(['nothing', 'EACCES'].includes(await get(`${other()}/${encodeURIComponent(key)}`)))
    for (const kept of ['fabric/fabric.db', 'trust/fabric.key', 'hosts/host1/goal.json'])
      assert.ok(
        ['nothing', 'EACCES'].includes(await get(`${other()}/${encodeURIComponent(join(house.data, kept))}`)),
        kept,
      )
  })

  it('is renewed by a change of configuration, and nothing is left of the old one', async () => {
    const { body: directory } = await shownAt(front())
    assert.equal((await shop('cert', 'add', second.file)).code, 0)
    const configured = await shop('config', join(makeService(second.thumbprint), 'ServiceConfiguration.cscfg'))
    assert.equal(configured.code, 0, configured.stderr)
    await until(
      async () => (await shownAt(front()).catch(() => undefined))?.thumbprint === second.thumbprint,
      'the new certificate is shown',
    )
    assert.deepEqual(filesWith(first), [])
    assert.deepEqual(
      globSync('**/*.pem', { cwd: directory }).sort(),
      [`LocalMachine/My/${second.thumbprint}.pem`, 'Tls.pem'].sort(),
    )
    const { code, stderr } = await shop('cert', 'delete', second.thumbprint)
    assert.equal(code, 1)
    assert.match(stderr, /is named by the configuration of the deployment/)
    assert.equal((await shop('cert', 'delete', first.thumbprint)).code, 0)
  })

  it('is there for a role that starts again while no host agent and no controller answer', async () => {
    const stopped = ['HostAgent', 'FabricController'].flatMap((title) => house.processes(title))
    for (const pid of stopped) process.kill(pid, 'SIGSTOP')
    try {
      const role = house
        .processes('node')
        .find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('front.mjs'))
      assert.ok(role)
      process.kill(role, 'SIGKILL')
      await until(
        async () => (await shownAt(front()).catch(() => undefined))?.thumbprint === second.thumbprint,
        'the role is back',
      )
    } finally {
      for (const pid of stopped) process.kill(pid, 'SIGCONT')
    }
  })
})
