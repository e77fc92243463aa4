/** https of a web role through the VIP: the service certificate, HTTP/2, and the client's own address (I-12, I-36). */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import { thumbprintOf } from '../../src/machine/certificates/certificate.ts'
import { writePkcs12 } from '../../src/machine/certificates/pkcs12.ts'
import { rungs } from '../rungs.ts'
import { until } from '../until.ts'
import { type House, makeHouse } from './house.ts'

const root = makeAuthority('A root')
const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'

/** Writes a new certificate for the service's name, and the configuration that names it. */
function writeCertificate({ data }: House, name: string) {
  const { certificatePem, keyPem } = issueCertificate(root, {
    commonName: 'shop.localhost',
    usage: 'server',
    hosts: ['shop.localhost'],
  })
  const { raw, fingerprint } = new X509Certificate(certificatePem)
  const key = createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' })
  const [pfx, configuration] = [join(data, `${name}.pfx`), join(data, `${name}.cscfg`)]
  writeFileSync(pfx, writePkcs12([{ der: raw, key }, { der: new X509Certificate(root.certificatePem).raw }]))
  writeFileSync(
    configuration,
    `<ServiceConfiguration serviceName="Shop" osFamily="6" osVersion="*" xmlns="${schema}/ServiceConfiguration"><Role name="Web"><Instances count="2" />
      <Certificates><Certificate name="Tls" thumbprint="${thumbprintOf(raw)}" thumbprintAlgorithm="sha1" /></Certificates></Role></ServiceConfiguration>`,
  )
  return { pfx, configuration, fingerprint }
}

/** Writes the service and the root into the house's directory. */
function write({ data }: House): string {
  const files = {
    'root.pem': root.certificatePem,
    'shop/ServiceDefinition.csdef': `<ServiceDefinition name="Shop" xmlns="${schema}/ServiceDefinition"><WebRole name="Web" vmsize="ExtraSmall">
      <Sites><Site name="Shop"><Bindings><Binding name="Tls" endpointName="Tls" hostHeader="shop.localhost" /></Bindings></Site></Sites>
      <Endpoints><InputEndpoint name="Tls" protocol="https" port="443" certificate="Tls" /></Endpoints>
      <Certificates><Certificate name="Tls" storeLocation="LocalMachine" storeName="My" /></Certificates>
    </WebRole></ServiceDefinition>`,
    'shop/Web/index.html': 'by https',
    'shop/Web/Web.config': `<configuration><system.webServer><rewrite><rules>
      <rule name="tell"><match url="^tell$" /><action type="Redirect" url="/{HTTPS}/{REMOTE_ADDR}" redirectType="Found" /></rule>
    </rules></rewrite></system.webServer></configuration>`,
  }
  mkdirSync(join(data, 'shop/Web'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(data, name), text)
  return join(data, 'shop')
}

/** Fingerprint of the certificate with which a GET of its own connection is answered. */
function fingerprintAt(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address)
    const at = { host: '127.0.0.1', port: port || 443, servername: hostname, headers: { host: hostname } }
    const asked = request({ ...at, agent: false, ca: root.certificatePem }, (answer) => {
      const { fingerprint } = (answer.socket as TLSSocket).getPeerX509Certificate() as X509Certificate
      answer.resume().once('error', reject)
      answer.once('end', () =>
        answer.statusCode === 200 ? resolve(fingerprint) : reject(new Error(`${answer.statusCode}`)),
      )
    })
    asked.once('error', reject).end()
  })
}

for (const { isolation, skip } of rungs)
  describe(`https of a web role in the ${isolation} driver`, { skip }, () => {
    const house = makeHouse(['--isolation', isolation, '--timer', 'settleTime=300ms'])
    before(() => house.up())
    after(() => house.dispose())
    let address = ''

    it('is served with the certificate of its endpoint, over HTTP/1.1 and HTTP/2, and knows who asks (I-12, I-36)', async () => {
      const directory = write(house)
      const { pfx, configuration } = writeCertificate(house, 'first')
      for (const words of [
        ['service', 'create', 'shop'],
        ['cert', 'add', pfx, '--service', 'shop'],
      ]) {
        const { code, stderr } = await house.reddog(...words)
        assert.equal(code, 0, stderr)
      }
      const { code, stdout, stderr } = await house.reddog(
        'deploy',
        directory,
        configuration,
        '--service',
        'shop',
        '--json',
      )
      assert.equal(code, 0, stderr)
      address = (JSON.parse(stdout) as { addresses: readonly string[] }).addresses[0] as string
      const curl = (path: string, ...words: readonly string[]) =>
        execFileSync(
          'curl',
          [
            ...words,
            '-s',
            '-i',
            '--max-time',
            '30',
            '--cacert',
            join(house.data, 'root.pem'),
            new URL(path, address).href,
          ],
          { encoding: 'utf8' },
        )
      assert.match(curl('/', '--http1.1'), /^HTTP\/1\.1 200 [^]*by https$/)
      assert.match(curl('/', '--http2'), /^HTTP\/2 200 [^]*by https$/)
      assert.match(curl('/tell'), /location: \/on\/127\.0\.0\.1\r/i)
      const webLog = () =>
        globSync('**/LogFiles/W3SVC1/u_ex*.log', { cwd: house.data })
          .map((file) => readFileSync(join(house.data, file), 'utf8'))
          .join('')
      await until(() => / GET \/ - \d+ - 127\.0\.0\.1 HTTP\/2\.0 /.test(webLog()), 'the web log tells of it')
    })

    it('is served with another certificate after a change of the configuration, without a lost request meanwhile (U-49)', async () => {
      const { pfx, configuration, fingerprint } = writeCertificate(house, 'second')
      assert.equal((await house.reddog('cert', 'add', pfx, '--service', 'shop')).code, 0)
      const changed = new AbortController()
      const ask = async () => {
        const seen = new Set<string>()
        while (!changed.signal.aborted) seen.add(await fingerprintAt(address))
        return seen
      }
      const asking = [ask(), ask()]
      const { code, stderr } = await house.reddog('config', configuration, '--service', 'shop')
      changed.abort()
      assert.equal(code, 0, stderr)
      for (const seen of await Promise.all(asking)) assert.equal(seen.size, 2)
      for (let time = 0; time < 10; time += 1) assert.equal(await fingerprintAt(address), fingerprint)
    })
  })
