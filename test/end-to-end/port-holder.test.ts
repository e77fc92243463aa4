/** The ports of load balancer and Blob service outlive them: while one is started again new connections wait, and none is refused. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { placesOf } from '../../src/machine/building/data-directory.ts'
import { upHolder } from '../../src/machine/building/lock.ts'
import { recordFile } from '../../src/machine/building/process-record.ts'
import { workerCount } from '../../src/machine/load-balancer/workers/worker-count.ts'
import { signalProcess } from '../../src/machine/process.ts'
import { until } from '../until.ts'
import { get, makeHouse, root } from './house.ts'

const house = makeHouse()
let http: string
let tcp: { readonly host: string; readonly port: number }

/** An answer on a new connection to the tcp endpoint; rejects when there is none. */
function echo(): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect(tcp, () => socket.write('anybody'))
    socket.once('data', (bytes) => {
      socket.end()
      resolve(bytes)
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed without an answer')))
  })
}

/** Opens a connection for each request, at both endpoints, until it is stopped. Counts answers, and everything else by its code. */
function startLoad() {
  const counts: Record<string, number> = { answered: 0 }
  const stopping = new AbortController()
  async function ask(endpoint: () => Promise<unknown>): Promise<void> {
    for (; !stopping.signal.aborted; await turn()) {
      const met = await endpoint().then(
        () => 'answered',
        (error: NodeJS.ErrnoException) => error.code ?? error.message,
      )
      counts[met] = (counts[met] ?? 0) + 1
    }
  }
  const asking = [echo, echo, echo, () => get(http), () => get(http), () => get(http)].map(ask)
  return {
    counts,
    async stop() {
      stopping.abort()
      await Promise.all(asking)
      return counts
    },
  }
}

async function addressOf(example: string, of = house): Promise<URL> {
  const { stdout, stderr } = await of.reddog('deploy', join(root, 'examples', example), '--service', example, '--json')
  const [address] = (JSON.parse(stdout) as { readonly addresses: readonly string[] }).addresses
  assert.ok(address, stderr)
  return new URL(address)
}

/** Whether a stranger can listen there. */
function takes({ hostname, port }: URL): Promise<boolean> {
  const stranger = createServer()
  return new Promise((resolve) => {
    stranger.once('error', () => resolve(false))
    stranger.listen(Number(port), hostname, () => stranger.close(() => resolve(true)))
  })
}

/** Waits until another process of that name serves: what is asked afterwards is answered. */
async function replaced(name: string, before: number | undefined): Promise<void> {
  await until(() => ![undefined, before].includes(house.member(name)), `${name} runs again`)
  await until(
    () =>
      Promise.all([get(http), echo()]).then(
        () => true,
        () => false,
      ),
    'both endpoints answer',
  )
}

before(async () => {
  await house.up()
  http = (await addressOf('hello-worker')).href
  const { hostname, port } = await addressOf('echo')
  tcp = { host: hostname, port: Number(port) }
})
after(() => house.dispose())

describe('the port holder', () => {
  it('is a process of its own (F-23), with a balancer and a spare', async () => {
    assert.equal(house.processes('PortHolder').length, 2, 'one for the balancer, one for the Blob service')
    await until(() => house.processes('LoadBalancer').length === 2, 'a balancer and a spare')
    await until(() => house.processes('LoadBalancerWorker').length === workerCount(), 'workers of the balancer alone')
  })

  it('lets new connections wait while the balancer is killed again and again: none is refused', async () => {
    const load = startLoad()
    for (let time = 0; time < 3; time++) {
      const answered = load.counts['answered'] ?? 0
      await until(() => (load.counts['answered'] ?? 0) > answered + 100, 'the load runs')
      const before = house.member('LoadBalancer')
      process.kill(before as number, 'SIGKILL')
      await replaced('LoadBalancer', before)
    }
    const counts = await load.stop()
    assert.equal(counts['ECONNREFUSED'], undefined, JSON.stringify(counts))
  })

  it('loses nothing when a newer balancer takes over, and stays itself', async () => {
    const holder = house.member('PortHolder')
    const balancer = house.member('LoadBalancer')
    await house.end('SIGKILL')
    const load = startLoad()
    await until(() => (load.counts['answered'] ?? 0) > 100, 'the load runs')
    await house.up('--timer', 'lbIdleTimeout=5m')
    await replaced('LoadBalancer', balancer)
    assert.deepEqual(Object.keys(await load.stop()), ['answered'])
    assert.equal(house.member('PortHolder'), holder)
    await until(() => house.processes('LoadBalancer').length === 2, 'the older balancer and its spare have ended')
  })

  it('runs a balancer again when it was killed itself', async () => {
    const [holder, balancer] = [house.member('PortHolder'), house.member('LoadBalancer')]
    process.kill(holder as number, 'SIGKILL')
    await replaced('PortHolder', holder)
    assert.notEqual(house.member('LoadBalancer'), balancer)
  })

  for (const [what, end] of [
    ['is killed', () => process.kill(house.member('Azurite') as number, 'SIGKILL')],
    [
      'is killed while there is no up',
      async () => {
        await house.end('SIGKILL')
        process.kill(house.member('Azurite') as number, 'SIGKILL')
      },
    ],
    [
      'is replaced by the next up',
      async () => {
        // Another digest: the next `up` finds that it runs what is no longer wanted.
        const file = recordFile(placesOf(house.data), 'Azurite')
        writeFileSync(file, readFileSync(file, 'utf8').replace(/"digest":"\w+"/, '"digest":"older"'))
        return house.up()
      },
    ],
  ] as const)
    it(`leaves nobody the Blob service's address when that ${what}, and lets connections wait`, async () => {
      const [holder, before] = [house.member('PortHolder-Azurite'), house.member('Azurite')]
      const url = new URL(house.greeting()['blobEndpoint'] as string)
      const ending = end()
      const met = { answered: 0, refused: [] as unknown[], taken: 0, cut: 0 }
      await until(async () => {
        if (await takes(url)) met.taken++
        await get(url.href).then(
          () => met.answered++,
          (error: NodeJS.ErrnoException) => {
            // What was in flight when the service was killed is cut; nothing that comes after is.
            if (!(error.code === 'ECONNRESET' && met.cut++ === 0)) met.refused.push(error)
          },
        )
        return ![undefined, before].includes(house.member('Azurite'))
      }, 'another Blob service runs')
      await ending
      await get(url.href)
      assert.deepEqual([met.answered > 0, met.refused, met.taken], [true, [], 0])
      assert.equal(house.member('PortHolder-Azurite'), holder)
      assert.equal(house.processes('Azurite').length, 1, 'never two on one directory')
    })

  it('closes the port of a deployment that is deleted (L-11)', async () => {
    const { code, stderr } = await house.reddog('service', 'delete', 'echo', '--with-deployments')
    assert.equal(code, 0, stderr)
    await assert.rejects(echo(), { code: 'ECONNREFUSED' })
  })

  it('ends with down after a kill -9 of up, and the balancer with it', async () => {
    await house.end('SIGKILL')
    assert.equal((await house.down()).code, 0)
    for (const title of ['PortHolder', 'LoadBalancer', 'LoadBalancerWorker'])
      assert.deepEqual(house.processes(title), [], title)
    await assert.rejects(get(http), { code: 'ECONNREFUSED' })
  })

  it('ends with up, and the balancer with it', async () => {
    await house.up()
    await until(async () => (await get(http).catch(() => '')) !== '', 'the service answers again')
    assert.equal(await house.end('SIGINT'), 0)
    for (const title of ['PortHolder', 'LoadBalancer', 'LoadBalancerWorker'])
      assert.deepEqual(house.processes(title), [], title)
  })
})

describe('a balancer whose holder is killed, and started again much later', () => {
  const patient = makeHouse(['--timer', 'recycleDelays=10m'])
  before(() => patient.up())
  after(() => patient.dispose())

  it('serves on, and ends with up all the same', async () => {
    process.kill(patient.member('PortHolder') as number, 'SIGKILL')
    await until(() => /PortHolder ended .* started again in 600 s/.test(patient.said()), 'up has seen it')
    await until(() => patient.processes('LoadBalancer').length === 1, 'the spare alone goes with the holder')
    assert.equal(await patient.end('SIGINT'), 0)
    for (const title of ['PortHolder', 'LoadBalancer', 'LoadBalancerWorker'])
      assert.deepEqual(patient.processes(title), [], title)
  })
})

describe('balancers that still drain', () => {
  const draining = makeHouse()
  let at: URL
  before(async () => {
    await draining.up()
    at = await addressOf('echo', draining)
  })
  after(() => draining.dispose())

  /** The balancer that is known now, with a client who never closes. */
  async function withClient(t: TestContext): Promise<number> {
    let socket: Socket
    await until(async () => {
      socket = connect({ host: at.hostname, port: Number(at.port), allowHalfOpen: true }, () => socket.write('anybody'))
      t.after(() => socket.destroy())
      const met = await Promise.race([once(socket, 'data'), once(socket, 'end')]).catch(() => [])
      return met.length > 0
    }, 'an echo')
    return draining.member('LoadBalancer') as number
  }

  async function another(name: string, before: number | undefined): Promise<void> {
    await until(() => ![undefined, before].includes(draining.member(name)), `another ${name}`)
  }

  for (const [what, end] of [
    ['up', () => draining.end('SIGINT')],
    ['down', () => draining.end('SIGKILL').then(() => draining.down())],
    [
      'a second Ctrl-C',
      async () => {
        const [up, said] = [upHolder(placesOf(draining.data)), draining.said().length]
        // A member that does not hear the first one: without it `up` may have ended before the second.
        process.kill(draining.member('RDFE') as number, 'SIGSTOP')
        const ended = draining.end('SIGINT')
        await until(() => {
          if (up) signalProcess(up, 'SIGINT')
          return draining.said().includes('Killing everything.', said)
        }, 'up kills')
        await ended
      },
    ],
  ] as const)
    it(`end with ${what}, though the holder that knew them was killed`, async (t) => {
      const superseded = await withClient(t)
      await draining.end('SIGKILL')
      await draining.up('--timer', 'lbIdleTimeout=5m')
      await another('LoadBalancer', superseded)
      const [holder, newer] = [draining.member('PortHolder'), await withClient(t)]
      process.kill(holder as number, 'SIGKILL')
      await another('LoadBalancer', newer)
      assert.ok(draining.processes('LoadBalancer').includes(superseded), 'it still drains')
      await end()
      // A worker hears of its balancer's end from the kernel, and has half a second for its last answers.
      for (const title of ['PortHolder', 'LoadBalancer', 'LoadBalancerWorker'])
        await until(() => draining.processes(title).length === 0, `no ${title}`, 3_000)
      await draining.up()
    })
})
