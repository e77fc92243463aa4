import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { holdingLookMs, whyNotHold } from '../../fabric/contract/holding-vips.ts'
import type { MachinesView } from '../../fabric/contract/machines.ts'
import { rangeText, readVipRange, type VipRange, vipsOf } from '../../fabric/contract/vip-range.ts'
import type { Log } from '../../kernel/log.ts'
import { openHearing } from './hearing.ts'
import { hasKeepalived, lackOfKeepalived, openKeepalived } from './keepalived.ts'
import { keepalivedConfiguration } from './keepalived-configuration.ts'
import { takeAway } from './let-go.ts'
import { addAddresses, linkOfAddress, quietLink, removeAddresses } from './link.ts'
import type { VipHolderOptions } from './options.ts'
import { holdsSome, monotonicMs, readPulse } from './pulse.ts'
import { putRules, setMachines } from './put-rules.ts'
import { takenVips } from './taken-vips.ts'

/** How often the segment is asked who else has VIPs, in milliseconds. Origin: choice. */
const askEveryMs = 30_000

/** keepalived that does not run, or is stopped, for so long is ended and started anew, in milliseconds: another holds the VIPs by then. */
const stoppedMs = 1_000

/** The longest wait for the VIPs to leave before the end, in milliseconds. Origin: choice, twice what keepalived needs. */
const leavesWithinMs = 2_000

/** The VIPs of a machine that stand on `lo`. */
export interface StandingVips {
  /** Ends for the next run: another machine gets the VIPs meanwhile, those of connections that stay here stand. */
  stepAside(): Promise<void>
  /** Undoes all of it. */
  release(): Promise<void>
}

/**
 * Has the VIPs stand on `lo`, and keepalived put them on the link of the machine's address while this is the holder. Resolves when that is so.
 * Rejects with one sentence.
 */
export async function holdVips(options: VipHolderOptions, log: Log): Promise<StandingVips> {
  const read = readVipRange(options.vipRange)
  if (!read.ok) throw new Error(read.fault.message)
  const range = read.value
  const all = vipsOf(range)
  const { address, network, directory } = options
  if (!hasKeepalived()) throw new Error(lackOfKeepalived)
  const link = linkOfAddress(address)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const trackFile = join(directory, 'serving')
  const settingsFile = join(directory, 'link-settings.json')
  const rules = { network, directory, plan: { address, link, range: rangeText(range) } }
  const keepalived = openKeepalived(directory)
  let machines = await firstMachines(options.machinesFile)
  let taken = takenBefore(options.takenFile)
  // Undefined: keepalived goes on by what the former run has said last.
  let mayHold: boolean | undefined
  let [configuration, machinesAt] = ['', 0]

  const others = () => machines.filter((one) => one.name !== options.machine)
  const otherAddresses = () => others().map((one) => one.address)
  const hearing = openHearing(others, options.witnessPort)

  /** It moves them while it serves: no connection is lost by that. */
  const whyNot = () =>
    whyNotHold({
      now: monotonicMs(),
      pulseUntil: readPulse(options.pulseFile)?.until ?? 0,
      heardAt: hearing.heardAt(),
      hasOthers: others().length > 0,
      isOnlyCandidate: machines.every((one) => one.controller === (one.name === options.machine)),
      isServiced: machines.some((one) => one.name === options.machine && one.isServiced === true),
    })

  /** Writes it only when it changes, since keepalived watches the file. `why`: it may not; undefined: it may. */
  function setMayHold(why: string | undefined): void {
    const may = why === undefined
    if (may !== mayHold || !existsSync(trackFile)) writeFileSync(trackFile, may ? '0\n' : '1\n')
    if (may !== mayHold) log.info(may ? 'this machine may hold the VIPs' : `this machine may not hold the VIPs: ${why}`)
    mayHold = may
  }

  /** Tells keepalived of other machines, or of VIPs that it must leave alone; one that a deployment has stays held. */
  async function configure(): Promise<void> {
    const used = new Set(readPulse(options.pulseFile)?.vips)
    const vips = all.filter((vip) => taken[vip] === undefined || used.has(vip))
    const wanted = keepalivedConfiguration({
      machine: options.machine,
      address,
      link,
      others: otherAddresses(),
      vips,
      network,
      trackFile,
    })
    // Somebody may have cleared all rules of the machine.
    const arePut = await putRules(rules)
    if (wanted === configuration && !arePut) return
    await setMachines(rules, otherAddresses())
    if (wanted !== configuration) keepalived.configure(wanted)
    configuration = wanted
  }

  /** What nobody answers is free only to one who hears the segment: a machine that was cut off must not come back with the VIPs of another computer. */
  async function askSegment(): Promise<void> {
    const beganAt = monotonicMs()
    const found = await takenVips(link, all, otherAddresses())
    for (const [vip, seen] of Object.entries(found))
      if (taken[vip] === undefined) log.error(`another computer answers at the VIP ${vip}: ${seen}`)
    taken = hearing.hasHeardSince(beganAt) ? found : { ...taken, ...found }
    writeFileSync(options.takenFile, JSON.stringify(taken))
    await configure()
  }

  async function look(): Promise<void> {
    setMayHold(whyNot())
    if (keepalived.isWell()) wellAt = monotonicMs()
    else if (monotonicMs() - wellAt > stoppedMs) {
      log.error('keepalived does not run: it is started anew')
      keepalived.kill()
      await removeAddresses(link, all)
      keepalived.start()
      wellAt = monotonicMs()
    }
    const at = changedAt(options.machinesFile)
    if (at === machinesAt) return
    machines = readMachines(options.machinesFile) ?? machines
    await configure()
    machinesAt = at
  }

  quietLink(link, settingsFile)
  await addAddresses('lo', all)
  await putRules(rules)
  if (!existsSync(trackFile)) writeFileSync(trackFile, '1\n')
  await askSegment()
  if (!keepalived.isWell()) {
    await removeAddresses(link, all)
    keepalived.start()
  }
  let wellAt = monotonicMs()
  const looking = again(look, holdingLookMs, log)
  const asking = again(askSegment, askEveryMs, log)

  async function leave(): Promise<void> {
    await Promise.all([looking(), asking()])
    hearing.close()
    setMayHold('it steps aside')
    await offTheLink(range, leavesWithinMs)
    if (!holdsSome(range)) return
    log.error('keepalived does not give the VIPs up: it is ended')
    keepalived.kill()
    await removeAddresses(link, all)
  }

  return {
    stepAside: leave,
    async release() {
      await leave()
      await keepalived.stop()
      await takeAway(rules, all, settingsFile)
      for (const file of [options.takenFile, trackFile]) rmSync(file, { force: true })
    },
  }
}

/** Resolves when the link has none of the VIPs, or after so long. */
async function offTheLink(range: VipRange, limitMs: number): Promise<void> {
  for (const began = monotonicMs(); holdsSome(range) && monotonicMs() - began < limitMs; ) await pause(20)
}

/** VIPs of other computers, as the former run has seen them: this one may begin while it hears nobody. */
function takenBefore(file: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>
  } catch {
    return {}
  }
}

/** Runs it again and again, so long after the last time; what fails is logged. The answer ends that, and resolves when it has ended. */
function again(run: () => Promise<void>, everyMs: number, log: Log): () => Promise<void> {
  const ending = new AbortController()
  const rest = () => pause(everyMs, undefined, { signal: ending.signal }).catch(() => {})
  const running = (async () => {
    for (await rest(); !ending.signal.aborted; await rest())
      await run().catch((error: unknown) => log.error((error as Error).message))
  })()
  return () => {
    ending.abort()
    return running
  }
}

async function firstMachines(file: string): Promise<MachinesView['machines']> {
  for (;;) {
    const found = readMachines(file)
    if (found) return found
    await pause(holdingLookMs)
  }
}

function readMachines(file: string): MachinesView['machines'] | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as MachinesView).machines
  } catch {
    return undefined
  }
}

function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
