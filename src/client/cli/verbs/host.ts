import { Failure } from '../../failure.ts'
import { openServiceManagement } from '../../service-management/service-management.ts'
import { watchingWith } from '../follow.ts'
import { hostDrained, hostIsBack } from '../follow-host.ts'
import { hostLines } from '../host-lines.ts'
import { hostsAndMachines, machineLines } from '../machine-lines.ts'
import { flag, type Verb } from '../verb.ts'

export const hostList: Verb = {
  name: 'host list',
  form: '',
  about:
    'Lists the hosts: state, free cores, role instances, and what one that is being serviced waits for. In a fabric of several machines also their roles, addresses and versions, and why one is the master.',
  options: {},
  words: [0, 0],
  async run({ api, terminal }) {
    const fabric = openServiceManagement(api())
    const hosts = await fabric.hosts()
    const machines = await fabric.machines()
    terminal.object(machines.machines.length === 0 ? hosts : hostsAndMachines(hosts, machines))
    for (const line of [...hostLines(hosts), ...machineLines(machines)]) terminal.line(line)
  },
}

export const hostClear: Verb = {
  name: 'host clear',
  form: 'NAME',
  about: 'After a restore: ends what a host runs and the fabric does not know.',
  options: {},
  words: [1, 1],
  async run({ api, terminal, words: [host = ''] }) {
    const operation = await openServiceManagement(api()).clearHost(host)
    terminal.line(`What ${host} ran and the fabric does not know ends. Look with: reddog host list`)
    terminal.object({ operation, host })
  },
}

export const hostBrake: Verb = {
  name: 'host brake',
  form: '--release',
  about:
    'Releases the brake, which goes on when many hosts fall silent at once: healing and rollouts go on, although they are away.',
  options: { release: { type: 'boolean' } },
  words: [0, 0],
  async run(call) {
    if (!flag(call, 'release'))
      throw new Failure(
        'Say what is to be done with the brake: reddog host brake --release. Look with: reddog host list',
      )
    const operation = await openServiceManagement(call.api()).releaseBrake()
    call.terminal.line('The brake is released: what runs on hosts that are away starts elsewhere, and rollouts go on.')
    call.terminal.object({ operation })
  },
}

export const hostDrain: Verb = {
  name: 'host drain',
  form: 'NAME [--end] [--no-wait]',
  about:
    'Takes a host out of service, so that it can be updated: waits until nothing runs there. With --end gives it back, and waits until its role instances are Ready again.',
  options: { end: { type: 'boolean' }, 'no-wait': { type: 'boolean' } },
  words: [1, 1],
  async run(call) {
    const [host = ''] = call.words
    const fabric = openServiceManagement(call.api())
    const watch = watchingWith(call, fabric, 'reddog host list')
    const waits = !flag(call, 'no-wait')
    if (flag(call, 'end')) {
      const operation = await fabric.endDrain(host)
      if (waits) await hostIsBack(watch, host, operation)
      call.terminal.line(`${host} is back in service.`)
      call.terminal.object({ operation, host })
      return
    }
    const operation = await fabric.drainHost(host)
    if (waits) {
      await hostDrained(watch, host, operation)
      call.terminal.line(
        `${host} is drained: nothing runs on it. Service it, then give it back: reddog host drain ${host} --end`,
      )
    } else call.terminal.line(`${host} is being drained. Look with: reddog host list`)
    call.terminal.object({ operation, host })
  },
}

export const hostRemove: Verb = {
  name: 'host remove',
  form: 'NAME [--force]',
  about:
    'Takes a machine out of the fabric for good: its certificates are worth nothing any more, and its role instances start elsewhere. Its host is to be drained or lost; with --force it need not be.',
  options: { force: { type: 'boolean' } },
  words: [1, 1],
  async run(call) {
    const [host = ''] = call.words
    const operation = await openServiceManagement(call.api()).removeHost(host, flag(call, 'force'))
    call.terminal.line(`${host} is no part of the fabric any more. On it, end what still runs with: reddog down`)
    call.terminal.object({ operation, host })
  },
}
