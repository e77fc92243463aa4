import { Failure } from '../../failure.ts'
import { openServiceManagement } from '../../service-management/service-management.ts'
import { watchingWith } from '../follow.ts'
import { hostDrained, hostIsBack } from '../follow-host.ts'
import { hostLines } from '../host-lines.ts'
import { flag, type Verb } from '../verb.ts'

export const hostList: Verb = {
  name: 'host list',
  form: '',
  about: 'Lists the hosts: state, free cores, role instances, and what one that is being serviced waits for.',
  options: {},
  words: [0, 0],
  async run({ api, terminal }) {
    const hosts = await openServiceManagement(api()).hosts()
    terminal.object(hosts)
    for (const line of hostLines(hosts)) terminal.line(line)
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
