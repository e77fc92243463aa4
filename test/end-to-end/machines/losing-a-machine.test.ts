/**
 * The master's machine loses power: VIPs and instances are elsewhere, and it comes back as a machine of the fabric. Its packages come from an account
 * elsewhere (`--blob-account`), which loses nothing by it; of a fabric with a Blob service of its own, packages.test.ts.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { placesOf, readRecord } from '../../../src/machine/building/data-directory.ts'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import type { Machine } from './fabric.ts'
import { type Computer, withoutLan } from './lan.ts'
import { beginAccount, type OutsideAccount } from './outside-account.ts'
import { answerOf, beginServed, hostOf, isRunningOn, masterOf, quickTimers } from './served.ts'

const timers = [...quickTimers, 'hostRecoverBudget=5s']

describe('a fabric of three machines that loses one with its power', { skip: withoutLan || withoutEtcd }, () => {
  it('answers from another, heals the instances, has all packages, and has it back as a machine', async (t) => {
    let account: OutsideAccount | undefined
    const { machines, clients, master, directory } = await beginServed(t, timers, async ({ outside, computers }) => {
      account = await beginAccount(outside)
      return ['--blob-account', account.fileOn(computers[0] as Computer)]
    })
    if (!account) throw new Error('It is begun before the fabric.')
    const [first] = machines
    for (const { computer } of machines)
      deepEqual([...computer.processes('Azurite'), ...computer.processes('BlobGate')], [], computer.name)
    const kept = join(first.computer.directory, 'kept')
    makeDiagnosed(directory, kept, account.connectionString)
    const packed = await first.reddog('pack', join(kept, 'ServiceDefinition.csdef'), '--out', join(kept, 'kept.cspkg'))
    equal(packed.code, 0, packed.stderr)
    const packageUrl = await account.put(join(kept, 'kept.cspkg'))
    await clients.more()
    const dead = await master()
    const left = machines.filter((machine) => machine !== dead) as [Machine, Machine]
    const [near] = left
    const before = new Set(clients.answers())
    const bereft = (await hostOf(near, dead)).instances.map((key) => key.slice(key.indexOf('.') + 1))
    equal(bereft.length, 1)

    await dead.computer.cutPower()
    await masterOf(left)
    await clients.answer((text) => before.has(text), 'the VIP answers from another machine')
    await until(async () => (await hostOf(near, dead)).state === 'Lost', 'the host is lost')
    const [instance = ''] = bereft
    await clients.answer((text) => !before.has(text) && text.startsWith(instance), `${instance} answers again`)
    for (const machine of left) equal((await hostOf(near, machine)).instances.length, 1, 'the two stand apart')

    const deployed = await near.reddog('deploy', directory, '--service', 'second')
    equal(deployed.code, 0, deployed.stderr)
    await createDeployment(near, first, 'kept', packageUrl, readFileSync(join(kept, 'ServiceConfiguration.cscfg')))
    await until(async () => {
      const { stdout } = await near.reddog('status', '--service', 'kept')
      return stdout.match(/Ready/g)?.length === 2
    }, 'what was uploaded before the loss is deployed')
    const { names } = account
    await until(
      async () => (await names('wad-control-container').catch(() => [])).length === 2,
      'Diagnostics of both instances reach the account',
    )

    await dead.computer.boot()
    await dead.begin(['up', ...timers.flatMap((timer) => ['--timer', timer])])
    await until(async () => (await hostOf(near, dead)).state !== 'Lost', 'it is a machine of the fabric again')
    const current = await Promise.all(left.map(async (machine) => hostOf(near, machine)))
    equal(
      current.every(({ state }) => state === 'InService'),
      true,
    )
    await clients.more()
    t.diagnostic(`${clients.faults().length} requests failed: ${clients.faults().slice(0, 3).join('; ')}`)
    const failed = clients.faults().length
    await clients.more()
    equal(clients.faults().length, failed)
    for (const text of clients.answers()) {
      const answer = answerOf(text)
      equal(answer !== undefined && (await isRunningOn(near, dead, answer)), false, 'nothing runs twice')
    }
  })
})

/** The same service with Diagnostics, which go to the account. */
function makeDiagnosed(directory: string, to: string, connectionString: string): void {
  cpSync(directory, to, { recursive: true })
  const edit = (name: string, change: (text: string) => string) =>
    writeFileSync(join(to, name), change(readFileSync(join(to, name), 'utf8')))
  edit('ServiceDefinition.csdef', (text) =>
    text.replace('<Runtime>', '<Imports><Import moduleName="Diagnostics" /></Imports><Runtime>'),
  )
  const setting = `<Setting name="Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString" value="${connectionString}" />`
  edit('ServiceConfiguration.cscfg', (text) =>
    text.replace('</Role>', `<ConfigurationSettings>${setting}</ConfigurationSettings></Role>`),
  )
  writeFileSync(join(to, 'Web/diagnostics.wadcfg'), monitored)
}

const monitored = `<DiagnosticMonitorConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2010/10/DiagnosticsConfiguration"><Logs scheduledTransferPeriod="PT1M" /></DiagnosticMonitorConfiguration>`

/** Creates a service, and in it a deployment of a package in a Blob service, as clients of the API do; `signedIn` has the management certificate. */
async function createDeployment(
  machine: Machine,
  signedIn: Machine,
  service: string,
  packageUrl: string,
  configuration: Buffer,
): Promise<void> {
  const created = await machine.reddog('service', 'create', service)
  equal(created.code, 0, created.stderr)
  const places = placesOf(signedIn.data)
  const tls = ['--cacert', places.authority, '--cert', places.managementCertificate, '--key', places.managementKey]
  const fields = ['-H', 'x-ms-version: 2014-10-01', '-H', 'content-type: application/xml']
  const text = (value: string | Buffer) => Buffer.from(value).toString('base64')
  const body = `<CreateDeployment xmlns="http://schemas.microsoft.com/windowsazure"><Name>v1</Name><PackageUrl>${packageUrl}</PackageUrl><Label>${text(service)}</Label><Configuration>${text(configuration)}</Configuration><StartDeployment>true</StartDeployment></CreateDeployment>`
  const path = `${readRecord(places)?.subscriptionId}/services/hostedservices/${service}/deploymentslots/production`
  const asked = ['-s', '-S', '--fail-with-body', ...tls, ...fields, '-d', body, `https://127.0.0.1:8440/${path}`]
  const { code, stdout, stderr } = await machine.computer.run('curl', asked)
  equal(code, 0, stdout + stderr)
}
