import { type Fault, refused } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { httpStatusOf } from '../../contract/commands.ts'
import { type JoinAnswer, type JoinRequest, type MachinesView, machinePaths } from '../../contract/machines.ts'
import { party } from '../../contract/paths.ts'
import { joinLimitBytes, readJoinRequest, readRenewRequest } from '../../contract/read-machines.ts'
import { join, promotion } from '../desk/join.ts'
import { takeIn } from '../desk/take-in.ts'
import { machineNamed } from '../machines/find-machine.ts'
import { hasTooMany } from '../machines/in-force.ts'
import { tokenRefusal } from '../machines/join-refusal.ts'
import type { Joiner } from '../machines/joiner.ts'
import type { AuthorityRecord, MachineRecord } from '../state/records/machine.ts'
import type { FabricState } from '../state/state.ts'
import { machineViews } from '../views/machines.ts'
import { type Certified, certify } from './certify.ts'
import { openJoinTries } from './join-tries.ts'
import type { Answer, Call, Route } from './route.ts'
import { answerOf, type MachineServing, type Serving } from './serving.ts'

/** Machines join, are renewed and find one another; none in a fabric of one machine. */
export function machineRoutes(serving: Serving): readonly Route[] {
  const { machines } = serving
  if (!machines) return []
  const tries = openJoinTries()
  const ofMachine = (peer: string) => peer.startsWith(party.machinePrefix)
  const nameOf = ({ peer }: Call) => peer.slice(party.machinePrefix.length)
  return [
    {
      method: 'POST',
      path: machinePaths.join,
      stores: true,
      allows: () => true,
      forStrangers: true,
      bodyLimitBytes: joinLimitBytes,
      async handle(call) {
        const now = serving.clock.now()
        if (!tries.begin(call.address, now)) return refusalOf(tooMany)
        try {
          const request = readJoinRequest(call.body)
          if (!request) return unreadable('request to join')
          const token = machines.hashOf(request.secret)
          const refusal = tokenRefusal(serving.driver.state(), token, now)
          if (refusal) return refusalOf(refusal)
          tries.forgive(call.address)
          return await answerJoin(serving, machines, request, token, call.signal)
        } finally {
          tries.end()
        }
      },
    },
    {
      method: 'POST',
      path: machinePaths.renew,
      stores: true,
      allows: ofMachine,
      bodyLimitBytes: joinLimitBytes,
      handle: (call) => renew(serving, machines, nameOf(call), call),
    },
    {
      method: 'POST',
      path: machinePaths.promote,
      stores: true,
      allows: ofMachine,
      handle: (call) => answerOf(serving, call.signal, (sight) => promotion(sight, nameOf(call))),
    },
    {
      method: 'GET',
      path: machinePaths.machines,
      allows: () => true,
      handle: () => Promise.resolve({ json: machinesView(serving, machines) }),
    },
  ]
}

async function answerJoin(
  serving: Serving,
  machines: MachineServing,
  request: JoinRequest,
  token: string,
  signal: AbortSignal,
): Promise<Answer> {
  const lacking = (['machine', 'host'] as const).find((one) => !request.requests.some(({ party: of }) => of === one))
  if (lacking)
    return refusalOf(refused('BadRequest', `The request to join asks for no certificate of ${lacking}.`).fault)
  const certified = certify(serving.driver.state(), machines, request, request.requests, serving.clock.now())
  if (!certified.ok) return refusalOf(certified.fault)
  const joiner = joinerOf(machines, request, token, certified.value)
  if (!joiner) return unreadable('certificate of the portal')
  const machine = await answerOf(serving, signal, () => join(joiner, serving.clock.now()))
  if ('refused' in machine) return machine
  if (!areRecorded(machine, certified.value))
    return refusalOf(refused('ServerBusy', `${machine.name} has asked to join once more meanwhile. Try again.`).fault)
  return { json: joinAnswer(serving, machines, machine, certified.value) }
}

/** One of etcd's that is in no record could not be revoked. */
function areRecorded(machine: MachineRecord | undefined, { marks }: Pick<Certified, 'marks'>): boolean {
  const recorded = new Set(machine?.certificates.map(({ fingerprint }) => fingerprint))
  return marks.every(({ fingerprint }) => recorded.has(fingerprint))
}

/** Undefined when its portal's certificate cannot be read. */
function joinerOf(
  { thumbprintOf }: MachineServing,
  request: JoinRequest,
  token: string,
  { marks, keys }: Certified,
): Joiner | undefined {
  const { name, address, controller, computer, version, portalCertificate: data } = request
  const joiner = { name, address, controller, computer, version, token, keys, certificates: marks }
  if (data === undefined || !controller) return joiner
  const thumbprint = thumbprintOf(data)
  return thumbprint === undefined ? undefined : { ...joiner, portal: { thumbprint, data } }
}

function joinAnswer(
  { driver, clock }: Serving,
  machines: MachineServing,
  { controller, number, etcd }: MachineRecord,
  { certificates }: Certified,
): JoinAnswer {
  const state = driver.state()
  const now = clock.now()
  const authority = (name: 'fabric' | 'etcd') => (state.stored.authority.get(name) as AuthorityRecord).certificatePem
  const revocations = revocationsOf(state, machines, now) ?? ''
  return {
    network: state.facts.network,
    number,
    subscriptionId: state.stored.subscription.first()?.id ?? '',
    authority: authority('fabric'),
    certificates,
    machines: machineViews(state),
    vipRange: state.facts.cluster?.vipRange,
    ...(controller && { secrets: machines.secretsTo(certificates.host as string) }),
    ...(etcd && { etcd: { authority: authority('etcd'), initialCluster: etcd.initialCluster, revocations } }),
  }
}

async function renew(serving: Serving, machines: MachineServing, name: string, call: Call): Promise<Answer> {
  const request = readRenewRequest(call.body)
  const state = serving.driver.state()
  const machine = machineNamed(state, name)
  if (!request || !machine) return unreadable('request to renew')
  const now = serving.clock.now()
  const others = request.requests.filter(({ party }) => party !== 'etcd')
  // What it needs to stay a machine does not wait for etcd's.
  const requests = others.length > 0 && hasTooMany(machine.certificates, now) ? others : request.requests
  const certified = certify(state, machines, machine, requests, now)
  if (!certified.ok) return refusalOf(certified.fault)
  const { marks, certificates } = certified.value
  const refusal = await answerOf(serving, call.signal, () =>
    takeIn({ kind: 'renewed', machine: name, certificates: marks, version: request.version }),
  )
  if (refusal) return refusal
  return areRecorded(machineNamed(serving.driver.state(), name), { marks })
    ? { json: { certificates } }
    : refusalOf(refused('ForbiddenError', `${name} is no machine of the fabric any more.`).fault)
}

function machinesView({ driver, clock }: Serving, machines: MachineServing): MachinesView {
  const state = driver.state()
  const now = clock.now()
  return {
    master: state.facts.cluster?.machine ?? '',
    now,
    machines: machineViews(state),
    etcdRevocations: revocationsOf(state, machines, now),
  }
}

/** What etcd is to refuse: the certificates of candidates that were removed. Undefined when no machine has a member of etcd. */
function revocationsOf({ stored }: FabricState, { revocations }: MachineServing, now: Instant): string | undefined {
  const etcd = stored.authority.get('etcd')
  const revoked = [...stored.formerMachine.values()].flatMap(({ removedAt, etcdCertificates }) =>
    etcdCertificates.map(({ serial }) => ({ serial, at: removedAt })),
  )
  return etcd && revocations(etcd, revoked, now)
}

const tooMany = refused('ServerBusy', 'Too many machines try to join at a time. Try again in a minute.').fault

function unreadable(what: string): Answer {
  const message = `the ${what} cannot be read: a field is missing, too long, or none of its kind`
  return refusalOf(refused('BadRequest', message).fault)
}

function refusalOf(fault: Fault): Answer {
  return { refused: fault, status: httpStatusOf(fault.code) }
}
