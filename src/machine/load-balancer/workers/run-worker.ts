import type { DataPlane } from '../../../fabric/contract/data-plane.ts'
import type { Log } from '../../../kernel/log.ts'
import type { HeldPort, KnownPorts, SocketHandle } from '../../ports/held-ports.ts'
import type { ProxyOptions } from '../proxy/plane.ts'
import type { WorkerOrder, WorkerWord } from './words.ts'

/**
 * How long a worker answers what it has accepted once its balancer was killed, in milliseconds. Origin: choice; longer than most answers take, and
 * short: nobody sends it changes any more, and a killed fabric has to end.
 */
const lastAnswersMs = 500

/** Carries out the balancer's messages, on the sockets that come with them. Ends soon after the balancer, as nothing else would send it changes. */
export function runWorker(open: (options: Pick<ProxyOptions, 'idle' | 'log' | 'held'>) => DataPlane): void {
  const given = new Map<string, HeldPort>()
  const plane = open({
    idle: (instance) => say({ kind: 'idle', instance }),
    log: logOverChannel,
    held: onlyGiven(given),
  })
  let work: Promise<void> = Promise.resolve()

  async function carryOut(order: WorkerOrder, socket: SocketHandle): Promise<void> {
    switch (order.kind) {
      case 'port':
        given.get(order.key)?.socket.close()
        given.set(order.key, { port: order.port, socket })
        return
      case 'serve':
        return say({ kind: 'done', busy: (await plane.serve(order.endpoints)).busy })
      case 'close':
        await plane.close()
        return say({ kind: 'done', busy: [] })
      case 'stop':
        await plane.stop(order.limitMs, order.until)
        process.exit(0)
    }
  }

  process.on('message', (order: WorkerOrder, socket: unknown) => {
    work = work.then(() => carryOut(order, socket as SocketHandle))
  })
  process.once('disconnect', () => {
    void plane.stop(lastAnswersMs, 'closed').finally(() => process.exit(0))
  })
  // It went while this process started.
  if (!process.connected) process.exit(0)
  say({ kind: 'ready' })
}

/** A worker has the ports that the balancer has, and no others. */
function onlyGiven(given: Map<string, HeldPort>): KnownPorts {
  return {
    binds: false,
    take(key) {
      const held = given.get(key)
      given.delete(key)
      return held
    },
    hold() {},
    release() {},
    releaseRest() {
      for (const { socket } of given.values()) socket.close()
      given.clear()
    },
  }
}

const logOverChannel: Log = {
  info: (message) => say({ kind: 'log', level: 'info', message }),
  warn: (message) => say({ kind: 'log', level: 'warn', message }),
  error: (message) => say({ kind: 'log', level: 'error', message }),
}

function say(word: WorkerWord): void {
  // 'disconnect' reports the end of the balancer.
  if (process.connected) process.send?.(word, undefined, {}, () => {})
}
