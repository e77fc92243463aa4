/** https of a web role through the VIP: the service certificate, HTTP/2, and the client's own address (I-12, I-36). */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import { thumbprintOf } from '../../src/machine/certificates/certificate.ts'
import { writePkcs12 } from '../../src/machine/certificates/pkcs12.ts'
import { rungs } from '../rungs.ts'
import { until } from '../until.ts'
import { type House, makeHouse } from './house.ts'

const root = makeAuthority('A root')
const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'

/** Writes the service, its certificate and the root into the house's directory. */
function write({ data }: House) {
  const { certificatePem, keyPem } = issueCertificate(root, {
    commonName: 'shop.localhost',
    usage: 'server',
    hosts: ['shop.localhost'],
  })
  const { raw } = new X509Certificate(certificatePem)
  const key = createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' })
  const files = {
    'root.pem': root.certificatePem,
    'shop/ServiceDefinition.csdef': `<ServiceDefinition name="Shop" xmlns="${schema}/ServiceDefinition"><WebRole name="Web" vmsize="ExtraSmall">
      <Sites><Site name="Shop"><Bindings><Binding name="Tls" endpointName="Tls" hostHeader="shop.localhost" /></Bindings></Site></Sites>
      <Endpoints><InputEndpoint name="Tls" protocol="https" port="443" certificate="Tls" /></Endpoints>
      <Certificates><Certificate name="Tls" storeLocation="LocalMachine" storeName="My" /></Certificates>
    </WebRole></ServiceDefinition>`,
    'shop/ServiceConfiguration.cscfg': `<ServiceConfiguration serviceName="Shop" osFamily="6" osVersion="*" xmlns="${schema}/ServiceConfiguration"><Role name="Web"><Instances count="1" />
      <Certificates><Certificate name="Tls" thumbprint="${thumbprintOf(raw)}" thumbprintAlgorithm="sha1" /></Certificates></Role></ServiceConfiguration>`,
    'shop/Web/index.html': 'by https',
    'shop/Web/Web.config': `<configuration><system.webServer><rewrite><rules>
      <rule name="tell"><match url="^tell$" /><action type="Redirect" url="/{HTTPS}/{REMOTE_ADDR}" redirectType="Found" /></rule>
    </rules></rewrite></system.webServer></configuration>`,
  }
  mkdirSync(join(data, 'shop/Web'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(data, name), text)
  const pfx = join(data, 'shop.pfx')
  writeFileSync(pfx, writePkcs12([{ der: raw, key }, { der: new X509Certificate(root.certificatePem).raw }]))
  return { pfx, directory: join(data, 'shop') }
}

for (const { isolation, skip } of rungs)
  describe(`https of a web role in the ${isolation} driver`, { skip }, () => {
    const house = makeHouse(['--isolation', isolation, '--timer', 'settleTime=300ms'])
    before(() => house.up())
    after(() => house.dispose())

    it('is served with the certificate of its endpoint, over HTTP/1.1 and HTTP/2, and knows who asks (I-12, I-36)', async () => {
      const { pfx, directory } = write(house)
      for (const words of [
        ['service', 'create', 'shop'],
        ['cert', 'add', pfx, '--service', 'shop'],
      ]) {
        const { code, stderr } = await house.reddog(...words)
        assert.equal(code, 0, stderr)
      }
      const { code, stdout, stderr } = await house.reddog('deploy', directory, '--service', 'shop', '--json')
      assert.equal(code, 0, stderr)
      const [address = ''] = (JSON.parse(stdout) as { addresses: readonly string[] }).addresses
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
  })
