/** The LoadBalancer process: its members from top to bottom. Its only argument is the path of a file with LoadBalancerOptions. */
import { readFileSync, rmSync } from 'node:fs'
import { drive } from '../../kernel/drive.ts'
import { systemChance, systemClock } from '../../machine/clock.ts'
import { controllerName, openControllerClient } from '../../machine/http/controller-client.ts'
import { openJsonClient } from '../../machine/http/json-client.ts'
import { followTls, readTls } from '../../machine/http/tls.ts'
import { openControllerLink } from '../../machine/load-balancer/controller-link.ts'
import { look } from '../../machine/load-balancer/look.ts'
import { openRotationCopy } from '../../machine/load-balancer/rotation-copy.ts'
import { openVips, type Vips } from '../../machine/load-balancer/vips.ts'
import { openSideBySide } from '../../machine/load-balancer/workers/side-by-side.ts'
import { openLog } from '../../machine/log.ts'
import { openHeldPorts } from '../../machine/ports/held-ports.ts'
import { nameThisProcess } from '../../machine/process.ts'
import { writeReadyFile } from '../../machine/ready-file.ts'
import type { StopUntil } from '../contract/data-plane.ts'
import type { RotationTable } from '../contract/rotation.ts'
import { guardOf } from './access.ts'
import type { BalancerAction, Message, Outcome, Subject } from './action.ts'
import { balancerAgent } from './agent.ts'
import { chooseMember } from './distribution.ts'
import type { LoadBalancerOptions } from './options.ts'
import { performWith } from './perform.ts'
import { type BalancerState, firstState } from './state.ts'

const options = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as LoadBalancerOptions
const { timers } = options
const log = openLog(options.logFile)
nameThisProcess('LoadBalancer')

const held = openHeldPorts(() => void end('closed'), options.elsewhere)
const copy = openRotationCopy(options.dataDirectory, log)
const plane = openSideBySide({
  workers: options.workers,
  timers,
  localhost: options.localhost,
  choose: chooseMember,
  makeGuard: guardOf,
  idle: (instance) => void driver.deliver({ kind: 'idle', instance }),
  log,
  limits: { unroutedIdleMs: timers.lbIdleTimeout, streamGraceMs: timers.streamGrace },
  held,
})
const client = openJsonClient(readTls(options.tls), controllerName)
followTls(options.tls, client.renew)
let ready = false
const vips: Vips | undefined =
  options.vips && openVips(options.vips, () => (ready ? vipsIn(driver.state().table) : undefined))
const link = openControllerLink({
  controller: openControllerClient(client, options),
  waitMs: timers.heartbeatInterval,
  known: () => driver.state().table?.version ?? 0,
  table: (table) => driver.deliver({ kind: 'table', table }),
  polled() {
    vips?.heard()
    void driver.deliver({ kind: 'polled' })
  },
  log,
})
const alone = Promise.withResolvers<void>()
const driver = drive<BalancerState, Message, Subject, BalancerAction, Outcome>({
  agent: balancerAgent,
  state: firstState(systemChance.hex32(), timers.lbProbeInterval),
  rests: timers.recycleDelays,
  complain: log.error,
  ...systemClock,
  perform: performWith({
    plane,
    look,
    save: copy.save,
    report: (report) => link.report({ ...report, ...vips?.taken() }),
    clock: systemClock,
  }),
  changed({ served }) {
    if (ready || !served) return
    ready = true
    // When the holder answers, it has received all earlier messages.
    void held.serving().then(() => {
      writeReadyFile(options.readyFile)
      alone.resolve()
    })
    log.info(`version ${served.version} of the rotation is in force`)
  },
})
// A spare has loaded everything, and waits here until the former run ends.
await held.arrived
const saved = copy.read()
if (saved) {
  await driver.deliver({ kind: 'table', table: saved, saved: true })
  await alone.promise
}
void link.follow()

process.once('SIGTERM', async () => {
  // Until another machine has the VIPs, new connections come here; then only those that stay.
  await end((await vips?.leave()) ? 'told' : 'answered', unready)
})

/** Closes its listeners at once, then reports it: a newer run of the balancer, or the next holder, may have the ports. */
async function end(until: StopUntil, closed?: () => void): Promise<void> {
  held.leave()
  link.close()
  driver.stop()
  await plane.close()
  held.left()
  closed?.()
  await plane.stop(timers.drainLimit, until)
  client.close()
  process.exit(0)
}

/** A replaced run does not touch the file of the next one. */
function unready(): void {
  rmSync(options.readyFile, { force: true })
}

function vipsIn(table: RotationTable | undefined): readonly string[] {
  return [...new Set(table?.endpoints.map(({ vip }) => vip))]
}
