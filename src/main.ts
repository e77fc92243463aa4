/** `reddog up` and `reddog down`: the building's members, from the ground up. They start in this order and stop in the other. */
import { join } from 'node:path'
import type { GatewayOptions } from './client/portal/gateway/options.ts'
import { oneTimeLink } from './client/portal/one-time-link.ts'
import type { ClusterOptions, ControllerOptions, EtcdOptions } from './fabric/controller/options.ts'
import type { LoadBalancerOptions } from './fabric/load-balancer/options.ts'
import type { PortHolderOptions } from './fabric/port-holder/options.ts'
import type { FrontEndOptions } from './front-end/options.ts'
import type { HostOptions } from './host/agent/options.ts'
import { version } from './kernel/version.ts'
import { azurite, type StorageAccount } from './machine/building/azurite.ts'
import { blobGate, machinesFile } from './machine/building/blob-gate.ts'
import { type Building, managementUrl } from './machine/building/building.ts'
import { type Places, vipsDirectory } from './machine/building/data-directory.ts'
import { etcd, etcdUrls } from './machine/building/etcd.ts'
import { authorityFiles, hasAuthorities } from './machine/building/first-trust.ts'
import type { Host } from './machine/building/hosts.ts'
import { computerMark } from './machine/building/join/computer.ts'
import { filesOfParty, partiesOf } from './machine/building/machine-parties.ts'
import type { MachineRecord } from './machine/building/machine-record.ts'
import { logFile, type Member, ownPlace, programFile, readyFile, saysReady } from './machine/building/member.ts'
import { ownAddress } from './machine/building/network.ts'
import { controllersOf } from './machine/building/others/controllers.ts'
import { loopback } from './machine/building/ports.ts'
import { separationOf } from './machine/building/separation.ts'
import { managementCertificates, registeredForm } from './machine/building/trust.ts'
import { runBuilding } from './machine/building/up.ts'
import { controllerPort, etcdMemberPort, witnessPort } from './machine/cluster/ports.ts'
import type { NamespaceGateOptions } from './machine/fabric-namespace/options.ts'
import { workerCount } from './machine/load-balancer/workers/worker-count.ts'
import type { VipHolderOptions } from './machine/vips/options.ts'

/** For a process that does next to nothing, or passes on what others have made: no optimising compiler, no worker threads. */
const smallNode = ['--lite-mode', '--v8-pool-size=0', '--max-semi-space-size=1']

/** The only machine has every part. */
const ofOne = (building: Building): readonly Member[] => [
  ...(building.isolation.withoutRoot ? [namespaceGate(building)] : []),
  blobService(building),
  fabricController(building),
  portHolder(building, 'PortHolder', loadBalancer(building), false),
  ...building.hosts.map((host) => hostAgent(building, host)),
  rdfe(building),
  portal(building),
]

/** Of several machines each has a host and a balancer; candidates have the parts of the fabric too (docs/decisions/several-machines.md). */
const ofSeveral = (building: Building, machine: MachineRecord): readonly Member[] => {
  const { controller, etcd: store, blobsElsewhere, vipRange } = machine
  return [
    ...(store?.kind === 'member' ? [etcd(building, store)] : []),
    ...(controller && !blobsElsewhere ? [blobService(building)] : []),
    ...(controller ? [fabricController(building)] : []),
    ...(blobsElsewhere ? [] : [blobGateOf(building)]),
    // The balancer binds the VIPs, and ends before they go.
    ...(vipRange === undefined ? [] : [vipHolder(building, machine, vipRange)]),
    portHolder(building, 'PortHolder', loadBalancer(building), false),
    ...building.hosts.map((host) => hostAgent(building, host)),
    ...(controller ? [rdfe(building), portal(building)] : []),
  ]
}

const membersOf = (building: Building): readonly Member[] =>
  building.machine ? ofSeveral(building, building.machine) : ofOne(building)

process.exitCode = await runBuilding(process.argv.slice(2), { membersOf, oneTimeLink })
process.exit()

function fabricController(building: Building): Member {
  const { places, record, trust, command } = building
  const options: ControllerOptions = {
    address: building.controllerAddress,
    port: controllerPort,
    tls: trust.controller,
    dataDirectory: join(places.data, 'fabric'),
    network: record.network,
    dnsSuffix: 'localhost',
    timers: command.timers,
    policy: command.policy,
    ownNetworks: building.isolation.kind === 'namespace',
    ownAccounts: separationOf(building).guests !== 'none',
    subscription: {
      id: record.subscriptionId,
      name: 'Reddog',
      certificates: managementCertificates(places, trust).map(registeredForm),
      maxCores: command.coreQuota,
    },
    storageAccountFile: places.storageAccount,
    fabricKeyFile: trust.fabricKeyFile,
    permittedBlobHosts: command.permittedBlobHosts,
    etcd: building.machine && storeOf(building, building.machine),
    cluster: building.machine && clusterOf(building, building.machine),
    ...files(building, 'FabricController'),
  }
  return {
    ...member(building, 'FabricController', 'FabricController', options),
    // Another candidate is master within a second, while roles go on being served.
    stopsFirst: () => building.machine !== undefined && controllersOf(places).length > 1,
  }
}

/** Where a candidate finds the store, and the others the candidate. */
function storeOf({ places }: Building, machine: MachineRecord): EtcdOptions {
  const url = `https://${machine.address}:${controllerPort}`
  return { urls: etcdUrls(machine), tls: filesOfParty(places, 'etcd'), machine: machine.name, url }
}

/** What the controller of one machine must know of a fabric of several. */
function clusterOf({ places }: Building, machine: MachineRecord): ClusterOptions {
  const member = machine.etcd?.kind === 'member'
  const { fabric, etcd: ofEtcd } = authorityFiles(places)
  return {
    machine: machine.name,
    version,
    ports: { controller: controllerPort, etcdMembers: etcdMemberPort },
    vipRange: machine.vipRange,
    machinesFile: machinesFile(places),
    first: hasAuthorities(places)
      ? {
          address: machine.address,
          computer: computerMark(),
          authorities: member ? { fabric, etcd: ofEtcd } : { fabric },
          certificates: Object.fromEntries(
            partiesOf({ controller: true, member }).map((party) => [party, filesOfParty(places, party).cert]),
          ),
        }
      : undefined,
  }
}

/** Azurite, whose port stays its own when it is started anew. */
function blobService(building: Building): Member {
  const { places, programs, record, machine } = building
  const address = ownAddress(record.network, machine ? 'blobService' : 'blob')
  return portHolder(building, 'PortHolder-Azurite', azurite(places, accountOf(building), programs, address), true)
}

/** On each of several machines: the address of the Blob service, which leads to the one of the master's machine. */
function blobGateOf({ places, programs, record, machine, trust }: Building): Member {
  if (!machine || !trust.machine) throw new Error('the only machine has no BlobGate')
  return blobGate(places, { ...machine, network: record.network, tls: trust.machine }, programs)
}

function accountOf({ account }: Building): StorageAccount {
  if (!account) throw new Error('a machine without a controller has no storage account')
  return account
}

/** Without root: makes the namespaces that guests, Host Agents and the load balancer live in, where they reach the controller and the Blob service. */
function namespaceGate(building: Building): Member {
  const { places, command, controllerAddress, isolation } = building
  const { recycleDelays, crashResetAfter } = command.timers
  const blobs = new URL(accountOf(building).blobEndpoint)
  const options: NamespaceGateOptions = {
    run: places.run,
    logs: places.logs,
    inwards: [
      { address: controllerAddress, port: controllerPort },
      { address: blobs.hostname, port: Number(blobs.port) },
    ],
    outwards: isolation.outwards,
    timers: { recycleDelays, crashResetAfter },
    ...files(building, 'NamespaceGate'),
  }
  // SIGTERM, as when it is replaced, leaves the namespaces to those who live in them.
  return { ...member(building, 'NamespaceGate', 'NamespaceGate', options), nodeFlags: smallNode, stopSignal: 'SIGINT' }
}

/** It runs a program, so that a newer one, or the next after a crash, gets the ports that this one has. */
function portHolder(building: Building, name: string, runs: Member, oneAtATime: boolean): Member {
  const { recycleDelays, crashResetAfter } = building.command.timers
  const options: PortHolderOptions = {
    programFile: programFile(building.places, runs.name),
    oneAtATime,
    // No others: a member whose options change is replaced, and this one had better not be.
    timers: { recycleDelays, crashResetAfter },
    logFile: logFile(building.places, name),
  }
  const { ready, waitsForOthers } = runs
  return { ...member(building, name, 'PortHolder', options), nodeFlags: smallNode, runs, ready, waitsForOthers }
}

function loadBalancer(building: Building): Member {
  const options: LoadBalancerOptions = {
    controllerUrl: controllerUrl(building),
    controllersFile: building.machine && building.places.controllers,
    tls: building.trust.loadBalancer,
    dataDirectory: join(building.places.data, 'load-balancer'),
    timers: building.command.timers,
    localhost: '127.0.0.1',
    elsewhere: building.isolation.withoutRoot,
    vips: building.machine?.vipRange === undefined ? undefined : vipsOf(building.places, building.machine.vipRange),
    workers: { program: join(building.programs, 'LoadBalancerWorker.mjs'), count: workerCount() },
    ...files(building, 'LoadBalancer'),
  }
  return {
    ...member(building, 'LoadBalancer', 'LoadBalancer', options),
    inside: building.isolation.withoutRoot,
    waitsForOthers: building.machine !== undefined,
  }
}

/** What the balancer and who holds the VIPs of its machine tell each other. */
function vipsOf(places: Places, range: string) {
  const pulseFile = join(ownPlace(places, 'run', 'LoadBalancer'), 'vips.pulse')
  return { range, pulseFile, takenFile: join(places.run, 'vips.taken') }
}

/** keepalived, which has the VIPs on one machine at a time. */
function vipHolder(building: Building, machine: MachineRecord, vipRange: string): Member {
  const { places, record } = building
  const { pulseFile, takenFile } = vipsOf(places, vipRange)
  const options: VipHolderOptions = {
    machine: machine.name,
    address: machine.address,
    network: record.network,
    vipRange,
    machinesFile: machinesFile(places),
    pulseFile,
    takenFile,
    witnessPort,
    directory: vipsDirectory(places),
    ...files(building, 'VipHolder'),
  }
  return {
    ...member(building, 'VipHolder', 'VipHolder', options),
    // SIGTERM, as when it is replaced, would leave what connections that stay need.
    stopSignal: 'SIGINT',
    failedSignal: 'SIGINT',
    nodeFlags: smallNode,
    waitsForOthers: true,
  }
}

function hostAgent(building: Building, host: Host): Member {
  const { machine } = building
  const name = `HostAgent-${host.name}`
  const options: HostOptions = {
    ...host,
    memoryMB: 0,
    diskMB: 0,
    isolation: building.isolation.kind,
    withoutRoot: building.isolation.withoutRoot,
    guestAgent: building.command.guestAgent,
    address: machine?.address,
    vipRange: machine?.vipRange,
    witness: machine && { address: machine.address, port: witnessPort, machines: machinesFile(building.places) },
    controllerUrl: controllerUrl(building),
    controllersFile: building.machine && building.places.controllers,
    tls: building.trust.host(host.name),
    dataDirectory: join(building.places.data, 'hosts', host.name),
    programs: building.programs,
    timers: building.command.timerOverrides,
    ...files(building, name),
  }
  // SIGINT stops its guests gracefully first; SIGTERM, as when it is replaced, would leave them running.
  return {
    ...member(building, name, 'HostAgent', options),
    stopSignal: 'SIGINT',
    inside: building.isolation.withoutRoot,
    waitsForOthers: building.machine !== undefined,
  }
}

function rdfe(building: Building): Member {
  const options: FrontEndOptions = {
    address: loopback,
    port: building.port,
    alsoAt: building.machine?.address,
    tls: building.trust.frontEnd,
    controllerUrl: controllerUrl(building),
    controllersFile: building.machine && building.places.controllers,
    storageAccountFile: building.places.storageAccount,
    fabricKeyFile: building.trust.fabricKeyFile,
    auditFile: logFile(building.places, 'RDFE', 'audit.log'),
    ...files(building, 'RDFE'),
  }
  return member(building, 'RDFE', 'RDFE', options)
}

function portal(building: Building): Member {
  const { command, trust, places, record, port, portalPort, programs } = building
  const { portalAddress } = command
  const options: GatewayOptions = {
    port: portalPort,
    elsewhere: portalAddress && trust.portalServer && { ...portalAddress, certificate: trust.portalServer },
    managementUrl: managementUrl(port),
    subscriptionId: record.subscriptionId,
    tls: trust.portal,
    pages: join(programs, 'portal'),
    temporary: places.portalPackages,
    ...files(building, 'Portal'),
  }
  return { ...member(building, 'Portal', 'Portal', options), nodeFlags: smallNode }
}

function member({ places, programs }: Building, name: string, title: string, options: object): Member {
  const program = join(programs, `${title}.mjs`)
  return { name, title, program, options, stopSignal: 'SIGTERM', ready: saysReady(places, name) }
}

function files({ places }: Building, name: string) {
  return { readyFile: readyFile(places, name), logFile: logFile(places, name) }
}

function controllerUrl({ controllerAddress }: Building): string {
  return `https://${controllerAddress}:${controllerPort}`
}
