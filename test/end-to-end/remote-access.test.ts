/** An operator who signs in to an instance through the VIP, with the ssh client of Debian, however guests are kept apart (P-20 to P-24). */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { hostKeyFrom } from '../../src/machine/ssh/host-key.ts'
import { sshd } from '../../src/machine/ssh/open-ssh/sshd.ts'
import { accountsWithNamespaces, rungs } from '../rungs.ts'
import { clientWords, runClient, signIn } from '../sign-in.ts'
import { until } from '../until.ts'
import { type House, makeHouse } from './house.ts'

const plugins = 'Microsoft.WindowsAzure.Plugins'

/** Two instances of one role, whose program fails as soon as a file says so. */
async function deployService(house: House): Promise<string> {
  const directory = join(house.data, 'service')
  mkdirSync(join(directory, 'W'), { recursive: true })
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: directory, stdio: 'pipe' })
  openssl(...'req -x509 -newkey rsa:2048 -nodes -subj /CN=remote -keyout remote.key -out remote.pem'.split(' '))
  openssl(...'pkcs12 -export -inkey remote.key -in remote.pem -passout pass: -out remote.pfx'.split(' '))
  writeFileSync(join(directory, 'password'), 'Pa55word')
  const envelope = openssl(...'cms -encrypt -binary -des3 -in password -outform DER remote.pem'.split(' '))
  const thumbprint = openssl(...'x509 -in remote.pem -noout -fingerprint -sha1'.split(' '))
    .toString()
    .replace(/.*=|:|\n/g, '')
  const schema = (kind: string) => `xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/Service${kind}"`
  writeFileSync(
    join(directory, 'ServiceDefinition.csdef'),
    `<ServiceDefinition name="Remote" ${schema('Definition')}><WorkerRole name="W" vmsize="ExtraSmall">
      <Imports><Import moduleName="RemoteAccess"/><Import moduleName="RemoteForwarder"/></Imports>
      <Runtime><EntryPoint><ProgramEntryPoint commandLine="serve.sh" setReadyOnProcessStart="true"/></EntryPoint></Runtime>
    </WorkerRole></ServiceDefinition>`,
  )
  const settings = {
    'RemoteAccess.Enabled': 'true',
    'RemoteAccess.AccountUsername': 'operator',
    'RemoteAccess.AccountEncryptedPassword': envelope.toString('base64'),
    'RemoteAccess.AccountExpiration': '2099-12-31T23:59:59.0000000+00:00',
    'RemoteForwarder.Enabled': 'true',
  }
  const lines = Object.entries(settings).map(([name, value]) => `<Setting name="${plugins}.${name}" value="${value}"/>`)
  writeFileSync(
    join(directory, 'ServiceConfiguration.cscfg'),
    `<ServiceConfiguration serviceName="Remote" ${schema('Configuration')}><Role name="W"><Instances count="2"/>
      <ConfigurationSettings>${lines.join('')}</ConfigurationSettings>
      <Certificates><Certificate name="${plugins}.RemoteAccess.PasswordEncryption" thumbprint="${thumbprint}" thumbprintAlgorithm="sha1"/></Certificates>
    </Role></ServiceConfiguration>`,
  )
  writeFileSync(
    join(directory, 'W/serve.sh'),
    '#!/bin/sh\nwhile [ ! -e "$SystemDrive/Users/operator/fail" ]; do sleep 0.2; done; exit 3\n',
  )
  const pfx = join(directory, 'remote.pfx')
  // Another user may run the house.
  chmodSync(pfx, 0o644)
  await house.reddog('service', 'create', 'remote')
  const added = await house.reddog('cert', 'add', pfx, '--service', 'remote')
  assert.equal(added.code, 0, added.stderr)
  const { code, stderr } = await house.reddog('deploy', directory, '--service', 'remote')
  assert.equal(code, 0, stderr)
  return stderr
}

/** However guests are kept apart, and who lets operators in there. */
const ways = [
  ...rungs.map((rung) => ({ ...rung, account: undefined as number | undefined })),
  ...accountsWithNamespaces
    .filter((account) => account !== undefined)
    .map((account) => ({ isolation: 'namespace', skip: false as const, account })),
].map((way) => ({ ...way, by: way.isolation === 'namespace' && existsSync(sshd) ? 'OpenSSH' : 'the library ssh2' }))

for (const { isolation, skip, account, by } of ways)
  describe(`remote access in the ${isolation} driver${account ? ' of an ordinary user' : ''}, by ${by}`, {
    skip,
  }, () => {
    const house = makeHouse(['--isolation', isolation, '--timer', 'settleTime=300ms'], account)
    let vip = { address: '', port: 0 }
    // Other users must reach it for instances to have accounts of their own.
    before(() => {
      chmodSync(house.data, 0o755)
      return house.up()
    })
    after(() => house.dispose())

    const ssh = (name: string, command: string) => signIn(vip, command, { name, password: 'Pa55word' })

    it('is deployed with what it imports, and nothing is said to be passed over', async () => {
      const said = await deployService(house)
      assert.doesNotMatch(said, /passed over/)
      for (const id of ['W_IN_0', 'W_IN_1']) {
        const { stdout } = await house.reddog('logs', id, 'RemoteAccessAgent', '--service', 'remote')
        assert.match(stdout, new RegExp(`${id} is reached by SSH at [\\d.]+:3389, by ${by}`))
      }
      const { stdout } = await house.reddog('status', '--service', 'remote')
      const [, address = '', port = ''] = /VIP +(\S+)\n[^]*tcp:(\d+)/.exec(stdout) ?? assert.fail(stdout)
      vip = { address, port: Number(port) }
    })

    it('leads through the VIP to the instance that the user names (P-23)', async () => {
      for (const id of ['W_IN_0', 'W_IN_1']) {
        const { code, stdout, stderr } = await ssh(`operator#W#${id}`, 'echo $RoleInstanceID; exit 4')
        assert.equal(stdout, `${id}\n`, stderr)
        assert.equal(code, 4)
        assert.match(stderr, /is gone when the instance is reimaged[^]*Name the instance: user#role#instance/)
      }
      assert.equal((await ssh('operator', 'true')).code, 255)
      assert.equal((await ssh('operator#W#W_IN_7', 'true')).code, 255)
      assert.equal((await ssh('root#W#W_IN_0', 'true')).code, 255)
      const logs = await Promise.all(
        ['W_IN_0', 'W_IN_1'].map((id) => house.reddog('logs', id, 'RemoteForwarder', '--service', 'remote')),
      )
      assert.match(
        logs.map(({ stdout }) => stdout).join(''),
        /there is no instance W_IN_7 of a role W with RemoteAccess\. There are: W#W_IN_0, W#W_IN_1\./,
      )
    })

    it('copies files there, and whoever answers is known by one key (P-29)', async () => {
      const file = join(house.data, 'service/W/serve.sh')
      const words = [
        ...clientWords,
        '-q',
        '-P',
        `${vip.port}`,
        '-o',
        'User=operator#W#W_IN_1',
        file,
        `${vip.address}:copied`,
      ]
      for (const form of by === 'OpenSSH' ? ['-s', '-O'] : ['-s']) {
        const copied = await runClient('scp', [form, ...words], 'Pa55word', async ({ stdin }) => void stdin.end())
        assert.equal(copied.code, 0, copied.stderr)
        assert.equal((await ssh('operator#W#W_IN_1', 'cat ~/copied; rm ~/copied')).stdout, readFileSync(file, 'utf8'))
      }
      const scan = () =>
        execFileSync('ssh-keyscan', ['-p', `${vip.port}`, vip.address], { encoding: 'utf8', stdio: 'pipe' })
      assert.equal(new Set([scan(), scan(), scan(), scan()]).size, 1)
      const shared = createPrivateKey(readFileSync(join(house.data, 'service/remote.key')))
      const key = hostKeyFrom(shared.export({ format: 'pem', type: 'pkcs8' }).toString())
      writeFileSync(join(house.data, 'host-key'), key, { mode: 0o600 })
      const known = execFileSync('ssh-keygen', ['-y', '-f', join(house.data, 'host-key')], { encoding: 'utf8' })
      assert.ok(scan().includes(known.trim()))
    })

    it('gives the rights of the instance, and none on the machine', async () => {
      const data = JSON.stringify(house.data)
      const planted = `/usr/bin/planted-${process.pid}`
      const tried = `id -u; grep -v ^operator: /etc/shadow; cat ${data}/trust/fabric.key; touch ${planted}; kill -0 ${house.member('HostAgent')} && echo killed`
      const { stdout, stderr } = await ssh('operator#W#W_IN_0', tried)
      const [uid, ...rest] = stdout.split('\n')
      assert.match(uid ?? '', /^\d+$/, stderr)
      assert.notEqual(uid, '0')
      assert.deepEqual(rest, [''])
      assert.throws(() => readFileSync(planted))
    })

    it('leads there while the role fails again and again (P-24)', async () => {
      assert.equal((await ssh('operator#W#W_IN_1', 'touch ~/fail')).code, 0)
      const status = async () => (await house.reddog('status', '--service', 'remote')).stdout
      await until(async () => /CyclingRole|RestartingRole/.test(await status()), 'the role fails')
      const { stdout, code } = await ssh('operator#W#W_IN_1', 'rm ~/fail; echo $RoleInstanceID')
      assert.deepEqual([stdout, code], ['W_IN_1\n', 0])
    })

    it('leaves nothing behind', async () => {
      const { code, stderr } = await house.reddog('delete', '--service', 'remote')
      assert.equal(code, 0, stderr)
      for (const program of ['RemoteAccessAgent', 'RemoteForwarder'])
        await until(() => house.processes(program).length === 0, `${program} has gone`)
    })
  })
