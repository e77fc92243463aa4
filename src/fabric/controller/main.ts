import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Commit } from '../../kernel/commit.ts'
import { drive } from '../../kernel/drive.ts'
import { storeSchema } from '../../kernel/version.ts'
import { openPackagePeers } from '../../machine/blob/package-peers.ts'
import { openPackageFolder } from '../../machine/blob/package-store.ts'
import { askingMaster, reportHeld } from '../../machine/blob/report-held.ts'
import { readStorageAccount } from '../../machine/blob/storage-account.ts'
import { sealerTo } from '../../machine/certificates/party-sealer.ts'
import { openSealer } from '../../machine/certificates/sealer.ts'
import { wrongTime } from '../../machine/certificates/valid-now.ts'
import { systemChance, systemClock } from '../../machine/clock.ts'
import { readFirstMachine } from '../../machine/cluster/first-machine.ts'
import { signForMachines } from '../../machine/cluster/sign-for-machines.ts'
import { lackOfMono } from '../../machine/dotnet/mono.ts'
import { blobAddressOf } from '../../machine/guest/namespace/guest-network.ts'
import { believedCertificates } from '../../machine/host/machines-list.ts'
import { followTls, readTls } from '../../machine/http/tls.ts'
import { openLog } from '../../machine/log.ts'
import { electedOffice } from '../../machine/master/elected-office.ts'
import type { Listens } from '../../machine/master/office.ts'
import { unknownHere } from '../../machine/master/refusals.ts'
import { soleOffice } from '../../machine/master/sole-office.ts'
import { nameThisProcess } from '../../machine/process.ts'
import { loggedStore } from '../../machine/store/logged-store.ts'
import { restoredRecords } from '../../machine/store/restored-records.ts'
import { sealedStore } from '../../machine/store/sealed-store.ts'
import { openSqliteStore } from '../../machine/store/sqlite.ts'
import { machineKeyBytes, purposeOfMachineKey } from '../../service-model/application-host/machine-key.ts'
import { osFamilies } from '../../service-model/operating-systems.ts'
import { readVipRange } from '../contract/vip-range.ts'
import { controller } from './agent.ts'
import { openDesk } from './desk/open-desk.ts'
import { asideWords } from './history/set-aside.ts'
import { withFirstMachine } from './machines/first-machine.ts'
import { isBelieved, type Signed } from './machines/is-believed.ts'
import { whyNoMaster } from './machines/why-no-master.ts'
import type { ControllerOptions } from './options.ts'
import { newestEpoch } from './packages/newest-epoch.ts'
import { withHeld } from './packages/packages-held.ts'
import { performWith } from './perform.ts'
import { balancerRoutes } from './serve/balancer-routes.ts'
import { frontEndRoutes } from './serve/front-end-routes.ts'
import { hostRoutes } from './serve/host-routes.ts'
import { machineRoutes } from './serve/machine-routes.ts'
import { packageRoutes, packagesHeldRoute } from './serve/package-routes.ts'
import type { Serving } from './serve/serving.ts'
import { broughtUp } from './state/bring-up.ts'
import { commitTo } from './state/commit.ts'
import { firstSubscription, givenLimits } from './state/first-subscription.ts'
import { migrations } from './state/migrations.ts'
import { allSubjects, restore, withSubscription } from './state/restore.ts'
import type { FabricState } from './state/state.ts'
import { takeRestored } from './state/take-restored.ts'

nameThisProcess('FabricController')
const options = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as ControllerOptions
const log = openLog(options.logFile ?? join(options.dataDirectory, 'FabricController.log'))

/** Ends the process with one sentence: it must not act on changes that are not stored. */
function end(reason: string): never {
  const sentence = `The fabric controller ends: ${reason}`
  log.error(sentence)
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

function trying<Value>(attempt: () => Value): Value {
  try {
    return attempt()
  } catch (error) {
    return end((error as Error).message)
  }
}

/** Who is no master believes the certificates of which the last one has told; before that all that the authority has signed. */
function isTold({ fingerprint }: Signed): boolean {
  const told = [...believedCertificates(options.cluster?.machinesFile ?? '').values()]
  return told.length === 0 || told.some((known) => known.has(fingerprint))
}

/** The certificate in force: who reads it later gets the renewed one. */
const tls = { ...trying(() => readTls(options.tls)) }
// A machine that joins knows the authority by its hash alone: the server shows it the authority too.
const shown = () => (options.cluster ? { ...tls, cert: `${tls.cert}\n${tls.ca}` } : tls)
const account = trying(() => readStorageAccount(options.storageAccountFile))
const sealer = trying(() => openSealer(options.fabricKeyFile))
const machine = options.cluster?.machine
const packages = openPackageFolder({
  directory: join(options.dataDirectory, 'packages'),
  quarantine: join(options.dataDirectory, 'quarantine'),
  account,
  // With an account elsewhere nothing moves.
  stagedOn: new URL(account.blobEndpoint).hostname === blobAddressOf(options.network) ? machine : undefined,
})
const admits = newestEpoch()
let inRecords: ((caller: Signed) => boolean) | undefined
const { cluster } = options
/** While it stands by it has a master; in office, none. */
const standing = { master: undefined as string | undefined, over: new AbortController() }
const ofHeld = askingMaster(tls, () => standing.master)
const listening: Listens = {
  ...options,
  standsBy: (master) => {
    standing.master = master
  },
  tls: shown(),
  listens: (server) => {
    followTls(options.tls, (renewed) => {
      Object.assign(tls, renewed)
      server.renew(shown())
      ofHeld.renew(tls)
    })
  },
  always: machine === undefined ? [] : packageRoutes({ packages, admits }),
  admitsStrangers: cluster !== undefined,
  believes: cluster && ((caller: Signed) => (inRecords ?? isTold)(caller)),
  // Only a master says that a machine is none of the fabric.
  unbelieved: () => (inRecords ? undefined : unknownHere()),
  log,
}
if (machine !== undefined && options.etcd)
  void reportHeld({
    machine,
    folder: packages,
    ask: ofHeld.ask,
    admits,
    signal: standing.over.signal,
    log,
  })
const office = options.etcd
  ? await electedOffice({ ...options.etcd, unfit: () => wrongTime(tls.cert) }, listening, end).catch((error: Error) =>
      end(error.message),
    )
  : soleOffice(
      trying(() => openSqliteStore(join(options.dataDirectory, 'fabric.db'))),
      listening,
    )
standing.over.abort()
const store = loggedStore(sealedStore(office.store, sealer), log)
const commit = commitTo(store)
admits(store.epoch())
const range = options.cluster?.vipRange === undefined ? undefined : readVipRange(options.cluster.vipRange)
if (range?.ok === false) end(range.fault.message)
const now = systemClock.now()
const facts = {
  epoch: store.epoch(),
  network: options.network,
  vipRange: range?.ok ? range.value : undefined,
  dnsSuffix: options.dnsSuffix,
  blobHosts: [new URL(account.blobEndpoint).host, ...options.permittedBlobHosts],
  timers: options.timers,
  policy: options.policy ?? 'sameModel',
  ownNetworks: options.ownNetworks ?? false,
  ownAccounts: options.ownAccounts ?? false,
  hasMono: lackOfMono() === undefined,
  osFamilies,
  severalMachines: options.cluster !== undefined,
  cluster: cluster && { ...cluster, because: office.because },
}
const restoredFrom = trying(() => restoredRecords(join(options.dataDirectory, 'restored.jsonl'), sealer))
const inStore = { store, mark: office.store, machine: String(machine).toLowerCase(), now }
const found = restoredFrom
  ? await takeRestored(inStore, restoredFrom).catch((error: Error) => end(error.message))
  : trying(() => [...store.load()])
restoredFrom?.taken()
const alien = cluster && whyNoMaster(cluster, found)
if (alien !== undefined) {
  await office.resign()
  end(alien)
}
const records = await broughtUp({ ...inStore, records: found, migrations, target: storeSchema }).catch((error: Error) =>
  end(error.message),
)
const restored = trying(() => restore(facts, now, records))
const given = options.cluster?.first
const first = trying(() => given && { ...given, ...readFirstMachine(given) })
const held = machine === undefined ? restored : withHeld(restored, machine, packages.held())
const subscribed = withSubscription(held, firstSubscription(options, now), givenLimits(options))
const begun = await new Promise<Commit<FabricState>>((ended) => commit(withFirstMachine(subscribed, first, now), ended))
const state = begun.outcome === 'committed' ? begun.state : end(begun.reason)
packages.keepOnly(new Set(state.stored.package.keys()))
const epoch = (): number => driver.state().facts.epoch
const desk = openDesk({
  ...systemClock,
  state: () => driver.state(),
  deliver: (message, ended) => void driver.deliver(message).then(ended),
})
const driver = drive({
  ...systemClock,
  agent: controller,
  state,
  rests: options.timers.recycleDelays,
  commit,
  lost: end,
  perform: performWith({
    packages,
    members: office.members,
    peers: openPackagePeers(packages, tls, epoch),
  }),
  changed: desk.changed,
  complain: log.error,
})
inRecords = (caller) => isBelieved(driver.state(), caller)
const serving: Serving = {
  driver,
  desk,
  packages,
  clock: systemClock,
  sealedTo: (host, { sealed, purpose }) => ({
    sealed: sealerTo(host).seal(sealer.open(sealed, purpose), purpose),
    purpose,
  }),
  machineKeyTo: (host, deployment, role) => {
    const purpose = purposeOfMachineKey(deployment, role)
    const digits = sealer.derive(purpose, machineKeyBytes).toString('hex')
    return { sealed: sealerTo(host).seal(Buffer.from(digits), purpose), purpose }
  },
  freshId: () => systemChance.hex32(),
  machines:
    options.cluster &&
    signForMachines({ fabricKey: readFileSync(options.fabricKeyFile, 'utf8').trim(), storageAccount: account }),
}
for (const subject of state.observed.thrown.keys()) log.error(`${subject}: ${asideWords(state, subject)}`)
driver.touch(allSubjects(state))
const port = await office
  .serve([
    ...frontEndRoutes(serving),
    ...hostRoutes(serving),
    ...balancerRoutes(serving),
    ...machineRoutes(serving),
    ...(machine === undefined ? [] : [packagesHeldRoute(serving)]),
  ])
  .catch((error: Error) => end(error.message))
log.info(`master of the pool, epoch ${store.epoch()}, port ${port}`)

process.once('SIGTERM', async () => {
  await office.close()
  driver.stop()
  store.close()
  await office.resign()
  log.info('stopped')
  process.exit(0)
})
