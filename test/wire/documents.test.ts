/** The documents of the wire protocol: shapes as docs/spec/wire-server.md prints them, and nothing lost between writer and reader. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCertificateFile, writeCertificateFile } from '../../src/guest/contract/certificate-file.ts'
import { configName, roleEnvironmentName } from '../../src/guest/contract/config-name.ts'
import { writeFullConfig } from '../../src/guest/contract/full-config.ts'
import { type GoalState, readGoalState, writeGoalState } from '../../src/guest/contract/goal-state.ts'
import type { GuestConfiguration } from '../../src/guest/contract/guest-configuration.ts'
import { guestLogs, logicalPath, realPath } from '../../src/guest/contract/guest-paths.ts'
import { type Health, readHealth, writeHealth } from '../../src/guest/contract/health.ts'
import { writeHostingEnvironmentConfig } from '../../src/guest/contract/hosting-environment-config.ts'
import { writeSharedConfig } from '../../src/guest/contract/shared-config.ts'
import { readVersions, writeVersions } from '../../src/guest/contract/versions.ts'
import { childText, parseXml, XmlError } from '../../src/kernel/xml.ts'
import { deploymentId, guestWith } from '../host/goals.ts'

const example: GuestConfiguration = {
  goalStateIncarnation: 3,
  software: '/srv/packages/1/roles/OrderWorker',
  softwareSha256: 'a'.repeat(64),
  root: 1,
  next: undefined,
  keepFormerRoot: false,
  specification: guestWith({
    serviceName: 'OrderService',
    role: 'OrderWorker',
    instance: 'OrderWorker_IN_0',
    placement: 2,
    settings: { QueueName: 'orders' },
    localResources: [{ name: 'Scratch', sizeInMB: 512, cleanOnRoleRecycle: false }],
    storedCertificates: [
      { name: 'ApiTls', thumbprint: '3F2A9C0D11B0A44E8D5C6B7A8899AABBCCDDEEFF', storeName: 'My', level: 'System' },
    ],
    upgradeDomainCount: 2,
    topology: [
      {
        id: 'OrderWorker_IN_0',
        role: 'OrderWorker',
        address: '10.20.0.4',
        faultDomain: 0,
        upgradeDomain: 0,
        endpoints: [
          {
            name: 'Api',
            kind: 'input',
            protocol: 'tcp',
            port: 8443,
            lastPort: 8443,
            publicAddress: '203.0.113.10:443',
          },
        ],
      },
      {
        id: 'OrderWorker_IN_1',
        role: 'OrderWorker',
        address: '10.20.0.5',
        faultDomain: 1,
        upgradeDomain: 1,
        endpoints: [],
      },
    ],
  }),
}

const goal: GoalState = {
  incarnation: 3,
  machine: 'Started',
  stopRolesDeadlineHintMs: 300_000,
  probePort: 16_001,
  agentPackage: { path: '/opt/reddog/WindowsAzureGuestAgent.mjs', incarnation: 'f00d' },
  containerId: '5b0e8a34-77d1-4c0b-9b2a-3f1f6d0c9a11',
  roleInstance: {
    instanceId: `${deploymentId}.OrderWorker_IN_0`,
    state: 'Started',
    hostingEnvironmentConfig: 'http://h/1?comp=config&type=hostingEnvironmentConfig&incarnation=3',
    sharedConfig: 'http://h/2',
    extensionsConfig: 'http://h/3',
    fullConfig: 'http://h/4',
    certificates: 'http://h/5',
    configName: 'x.xml',
  },
}

describe('the goal state', () => {
  it('has its elements in the order of the original (H-34)', () => {
    const names = [...writeGoalState(goal).matchAll(/<([A-Za-z]+)[ >]/g)].map(([, name]) => name)
    assert.deepEqual(
      names.join(' '),
      'GoalState Version Incarnation Machine ExpectedState StopRolesDeadlineHint LBProbePorts Port ExpectHealthReport ' +
        'Package PackageIncarnation Container ContainerId RoleInstanceList RoleInstance InstanceId State Configuration ' +
        'HostingEnvironmentConfig SharedConfig ExtensionsConfig FullConfig Certificates ConfigName',
    )
  })

  it('is read as it was written, with and without what is optional', () => {
    assert.deepEqual(readGoalState(writeGoalState(goal)), goal)
    const spaced = { path: '/opt/100% mine#1/WindowsAzureGuestAgent.mjs', incarnation: 'f00d' }
    const written = writeGoalState({ ...goal, agentPackage: spaced })
    assert.match(written, /<Package>file:\/\/\/opt\/100%25%20mine%231\/WindowsAzureGuestAgent\.mjs<\/Package>/)
    assert.deepEqual(readGoalState(written).agentPackage, spaced, 'a URL, as wire-server.md 5 says')
    const bare: GoalState = { ...goal, agentPackage: undefined, roleInstance: undefined, machine: 'Stopped' }
    assert.deepEqual(readGoalState(writeGoalState(bare)), bare)
    assert.doesNotMatch(
      writeGoalState({ ...goal, roleInstance: { ...goal.roleInstance!, certificates: undefined } }),
      /Cert/,
    )
  })

  it('is refused with a line when something is missing or no number', () => {
    assert.throws(() => readGoalState('<GoalState/>'), XmlError)
    assert.throws(
      () => readGoalState(writeGoalState(goal).replace('>3<', '>three<')),
      /"three" where a number is expected/,
    )
    assert.throws(
      () => readGoalState(writeGoalState(goal).replaceAll('>Started<', '>Paused<')),
      /where Started or Stopped is expected/,
    )
  })
})

describe('the configuration documents', () => {
  it('have what agents of another make read (wire-server.md 6.1, 6.2)', () => {
    const hosting = writeHostingEnvironmentConfig(example)
    assert.match(hosting, /<HostingEnvironmentConfig version="1.0.0.0" goalStateIncarnation="3">/)
    assert.match(
      hosting,
      /<StoredCertificate name="Stored0ApiTls" certificateId="sha1:3F2A9C0D11B0A44E8D5C6B7A8899AABBCCDDEEFF" storeName="My" configurationLevel="System"\/>/,
    )
    assert.match(hosting, new RegExp(`<Deployment name="${deploymentId}" guid="\\{[0-9a-f-]{36}\\}" incarnation="1">`))
    assert.match(hosting, /<Service name="OrderService" /)
    assert.match(hosting, new RegExp(`<ServiceInstance name="${deploymentId}.0" `))
    assert.match(hosting, /<Incarnation number="2" instance="OrderWorker_IN_0" /)
    assert.match(hosting, /<Setting name="QueueName" value="orders"\/>/)
    assert.match(
      hosting,
      /<Resource name="Scratch" .*sticky="true" size="512" path="[0-9a-f]{32}\.OrderWorker\.Scratch\\"/,
    )
    const shared = writeSharedConfig(example)
    assert.match(shared, /<LoadBalancerSettings timeoutSeconds="32" waitLoadBalancerProbeCount="8">/)
    assert.match(shared, /<FaultDomains randomId="1" updateId="1" updateCount="2"\/>/)
    assert.match(
      shared,
      /<Endpoint name="OrderWorker:Api" type="SFS"><Target instance="OrderWorker_IN_0" endpoint="Api"\/>/,
    )
    assert.match(
      shared,
      /<Endpoint name="Api" address="10.20.0.4:8443" protocol="tcp" isPublic="true" loadBalancedPublicAddress="203.0.113.10:443"/,
    )
    assert.match(shared, /<LocalPortRange from="8443" to="8443"\/>/)
  })

  it('keep secrets of nobody else: the hosting environment has no topology and no key', () => {
    assert.doesNotMatch(writeHostingEnvironmentConfig(example), /Instances|10\.20\.0\.5/)
  })

  it('are named by deployment, incarnations and instance (wire-server.md 14.2, S-9)', () => {
    const { placement } = example.specification
    assert.notEqual(placement, example.goalStateIncarnation, 'the example tells them apart')
    const name = `${deploymentId}.1.${deploymentId}.0.OrderWorker_IN_0`
    assert.equal(configName(example.specification), `${name}.${placement}.xml`)
    assert.match(writeFullConfig(example), new RegExp(`<Incarnation number="${placement}" `))
    assert.equal(roleEnvironmentName(example.specification, 4), `${name}.RoleEnvironment.4.xml`)
  })
})

describe('a health report', () => {
  const health: Health = {
    goalStateIncarnation: 3,
    containerId: goal.containerId,
    instanceId: 'd.W_IN_0',
    state: 'NotReady',
    subStatus: 'BusyRole',
    description: 'System startup tasks are running. <&>',
    failures: 2,
    prepared: 'a'.repeat(64),
    prepareFault: 'The disk is full.',
  }

  it('says what a crashing program has printed, with U+FFFD for what XML cannot carry', () => {
    const printed = { ...health, description: 'a\u001b[31m\u0000\ud800', prepareFault: '\u001b' }
    const { description, prepareFault } = readHealth(writeHealth(printed))
    assert.deepEqual([description, prepareFault], ['a\ufffd[31m\ufffd\ufffd', '\ufffd'])
  })

  it('has bounds for all that a guest may say', () => {
    const much = 'x'.repeat(10_000)
    const read = readHealth(
      writeHealth({ ...health, subStatus: much, description: much, prepared: much, prepareFault: much }),
    )
    assert.deepEqual(
      [read.subStatus?.length, read.description?.length, read.prepared, read.prepareFault?.length],
      [100, 4096, undefined, 4096],
    )
  })

  it('is read as it was written, and Ready has no details', () => {
    assert.deepEqual(readHealth(writeHealth(health)), health)
    const ready = writeHealth({
      ...health,
      state: 'Ready',
      subStatus: undefined,
      description: undefined,
      failures: undefined,
      prepared: undefined,
      prepareFault: undefined,
    })
    assert.doesNotMatch(ready, /Details/)
    assert.equal(readHealth(ready).state, 'Ready')
  })

  it('of another agent counts as NotReady when its state is unknown', () => {
    assert.equal(readHealth(writeHealth(health).replace('>NotReady<', '>Wondering<')).state, 'NotReady')
  })

  it('has a description of 4,096 bytes at most, cut between characters (H-2)', () => {
    const long = readHealth(writeHealth({ ...health, description: `a${'é'.repeat(4_096)}` })).description ?? ''
    assert.equal(Buffer.byteLength(long), 4_095)
    assert.match(long, /^aé+$/)
  })
})

describe('the small documents', () => {
  it('versions: the one that current agents insist on is there', () => {
    assert.ok(readVersions(writeVersions()).includes('2012-11-30'))
  })

  it('a certificate file has lines of 64 characters at most', () => {
    const file = { incarnation: 3, data: 'A'.repeat(200) }
    const written = writeCertificateFile(file)
    assert.deepEqual(readCertificateFile(written), file)
    assert.ok((childText(parseXml(written), 'Data') ?? '').split('\n').every((line) => line.length <= 64))
    assert.equal(readCertificateFile(written.replace('Pkcs7BlobWithPfxContents', 'Other')), undefined)
  })
})

describe('logical paths (G-1)', () => {
  it('lead into the guest and back', () => {
    assert.equal(realPath('/g', 'C:\\Logs\\WaAppAgent.Log'), '/g/c/Logs/WaAppAgent.Log')
    assert.equal(realPath('/g', 'E:/approot'), '/g/e/approot')
    assert.equal(logicalPath('/g', '/g/c/Logs/WaAppAgent.Log'), 'C:\\Logs\\WaAppAgent.Log')
    for (const log of guestLogs({ deploymentId, role: 'Worker' }))
      assert.equal(logicalPath('/g', realPath('/g', log.path) ?? ''), log.path)
  })

  it('never lead out of it', () => {
    for (const path of ['C:\\..\\x', 'Z:\\x', '/etc/passwd', 'C:x', 'C:\\a\\..\\..\\..\\etc'])
      assert.equal(realPath('/g', path), undefined)
    assert.equal(logicalPath('/g', '/other/c/x'), undefined)
    assert.equal(logicalPath('/g', '/g/guest.json'), undefined)
  })

  it('of the logs are those of section 8 (G-2, G-4, G-7, G-8)', () => {
    const paths = Object.fromEntries(guestLogs({ deploymentId, role: 'Worker' }).map(({ name, path }) => [name, path]))
    const directory = `C:\\Resources\\Directory\\${deploymentId}.Worker`
    assert.equal(paths['AppAgentRuntime'], 'C:\\Logs\\AppAgentRuntime.Log')
    assert.equal(paths['WaHostBootstrapper'], `${directory}.DiagnosticStore\\WaHostBootstrapper.log`)
    assert.equal(paths['WaIISHost'], `${directory}\\WaIISHost.log`)
  })
})
