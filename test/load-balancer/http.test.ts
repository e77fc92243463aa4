import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { until } from '../until.ts'
import { ask, closedPort, dial, endpoint, freshVip, member, origin, planes, tcpOrigin } from './rig.ts'

const port = 18_080

/** One request through an agent; answers with status and body. */
async function fetchBy(agent: Agent, host: string, options: RequestOptions = {}, body?: string): Promise<string> {
  const asked = request({ host, port, agent, ...options })
  asked.end(body)
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  let text = ''
  for await (const bytes of answer.setEncoding('latin1')) text += bytes
  return `${answer.statusCode} ${text}`
}

/** Counts the connections of an agent: a proxy that closes what it should keep shows here. */
function countingAgent(maxSockets = 1): Agent & { readonly opened: () => number } {
  const agent = new Agent({ keepAlive: true, maxSockets })
  let opened = 0
  const create = agent.createConnection.bind(agent)
  agent.createConnection = (...given) => {
    opened++
    return create(...given)
  }
  return Object.assign(agent, { opened: () => opened })
}

for (const { how, startPlane } of planes)
  describe(`an http endpoint, plane ${how}`, () => {
    it('moves a kept-alive connection to another instance between two requests when its own drains (L-7)', async (t) => {
      const { plane, idle } = startPlane(t)
      const vip = freshVip()
      const names = ['a', 'b']
      const ports = await Promise.all(
        names.map(async (name) => (await origin(t, (_, answer) => answer.end(name))).port),
      )
      const members = names.map((name, index) => member(name, ports[index] as number))
      await plane.serve([endpoint({ vip, members })])
      const agent = countingAgent()
      t.after(() => agent.destroy())
      const first = await fetchBy(agent, vip)
      const own = first.slice(4)
      for (let times = 0; times < 5; times++)
        assert.equal(await fetchBy(agent, vip), first, 'it stays while its own is in')
      const drained = members.map((one) => (one.instance === own ? { ...one, state: 'draining' as const } : one))
      const served = await plane.serve([endpoint({ vip, members: drained })])
      assert.deepEqual([served.busy, idle], [[], []])
      assert.equal(await fetchBy(agent, vip), own === 'a' ? '200 b' : '200 a')
      assert.equal(agent.opened(), 1, 'the client kept its connection')
    })

    it('lets the request in flight at a draining instance finish, then says that it is idle (L-7)', async (t) => {
      const { plane, idle } = startPlane(t)
      const vip = freshVip()
      let finish = () => {}
      const { port: at } = await origin(t, (_, answer) => {
        answer.write('begun ')
        finish = () => answer.end('done')
      })
      const { port: other } = await origin(t, (_, answer) => answer.end('other'))
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      const wire = await dial(t, vip)
      wire.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await wire.see('begun')
      const served = await plane.serve([endpoint({ vip, members: [member('a', at, 'draining'), member('b', other)] })])
      assert.deepEqual([served.busy, idle], [['a'], []])
      finish()
      await wire.see('done')
      await until(() => idle.includes('a'), 'the instance to be idle')
      wire.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await wire.see('other')
    })

    it('loses no request when instances leave and stop, one after the other, under kept-alive load (design.md 9.3)', async (t) => {
      const { plane, idle } = startPlane(t)
      const vip = freshVip()
      const start = async (name: string) => {
        let stopping = false
        const { port: at, server } = await origin(t, (asked, answer) => {
          if (stopping) answer.setHeader('Connection', 'close')
          asked.on('end', () => setImmediate(() => answer.end(name))).resume()
        })
        return {
          member: member(name, at),
          async stop() {
            stopping = true
            server.close()
            server.closeIdleConnections()
            await once(server, 'close')
          },
        }
      }
      let running = await Promise.all(['a0', 'b0', 'c0'].map(start))
      await plane.serve([endpoint({ vip, members: running.map((one) => one.member) })])
      const agent = countingAgent(16)
      t.after(() => agent.destroy())
      const over = new AbortController()
      let answered = 0
      const failures: unknown[] = []
      const load = Array.from({ length: 16 }, async (_, client) => {
        while (!over.signal.aborted)
          await fetchBy(agent, vip, { method: client % 2 ? 'POST' : 'GET' }, client % 2 ? 'some body' : undefined).then(
            (text) => (/^200 [abc]\d$/.test(text) ? answered++ : failures.push(text)),
            (error) => failures.push(error),
          )
      })
      for (let round = 1; round <= 9; round++) {
        const before = answered
        await until(() => answered > before + 100, 'load')
        const [leaving, ...others] = running
        assert.ok(leaving)
        const draining = [{ ...leaving.member, state: 'draining' as const }, ...others.map((one) => one.member)]
        const { busy } = await plane.serve([endpoint({ vip, members: draining })])
        const name = leaving.member.instance
        if (busy.includes(name)) await until(() => idle.includes(name), `${name} to drain`)
        await leaving.stop()
        running = [...others, await start(`${'abc'[round % 3]}${round}`)]
        await plane.serve([endpoint({ vip, members: running.map((one) => one.member) })])
      }
      over.abort()
      await Promise.all(load)
      assert.deepEqual(failures, [])
      assert.ok(answered > 900, `${answered} answers`)
      assert.ok(agent.opened() <= 16, `${agent.opened()} connections: no client had to connect again`)
    })

    it('repeats an idempotent request on another instance when its own closed without an answer, and no other request', async (t) => {
      const vip = freshVip()
      const seen: string[] = []
      const cutting = await tcpOrigin(t, (socket) =>
        socket.once('data', (bytes) => {
          seen.push(bytes.toString().split(' ')[0] as string)
          socket.destroy()
        }),
      )
      const { port: good } = await origin(t, (asked, answer) => answer.end(asked.method))
      const { plane } = startPlane(t)
      const members = [member('cutting', cutting), member('good', good)]
      // By source address the pick is the same for every connection: find a VIP whose pick is the cutting one.
      const answers: string[] = []
      for (let tries = 0; seen.length === 0 && tries < 50; tries++) {
        const at = tries === 0 ? vip : freshVip()
        await plane.serve([endpoint({ vip: at, members, distribution: 'sourceIP' })])
        const text = await ask(t, at, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
        answers.push(text.split('\r\n')[0] as string)
        if (seen.length === 0) continue
        const put = await ask(t, at, 'PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok')
        assert.match(put, /PUT$/)
        const post = await dial(t, at)
        post.socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok')
        assert.equal(await post.closed, 'ECONNRESET')
        assert.equal(post.text(), '')
      }
      assert.deepEqual(seen, ['GET', 'PUT', 'POST'])
      assert.deepEqual(new Set(answers), new Set(['HTTP/1.1 200 OK']))
    })

    it('sends a request that ends its instance to one more, and then to none', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const asked: string[] = []
      const names = ['a', 'b', 'c', 'd']
      const ports = await Promise.all(
        names.map((name) =>
          tcpOrigin(t, (socket) =>
            socket.once('data', () => {
              asked.push(name)
              socket.destroy()
            }),
          ),
        ),
      )
      const deadly = names.map((name, index) => member(name, ports[index] as number))
      const dead = await Promise.all([closedPort(), closedPort()])
      const refusing = dead.map((at, index) => member(`dead${index}`, at))
      await plane.serve([endpoint({ vip, members: [...deadly, ...refusing] })])
      for (let times = 1; times <= 10; times++) {
        const wire = await dial(t, vip)
        wire.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
        assert.equal(await wire.closed, 'ECONNRESET')
        assert.equal(asked.length, times * 2, 'those that refused it do not count')
      }
    })

    it('passes over an instance that refuses connections, whatever the request', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const { port: good } = await origin(t, (asked, answer) => void asked.pipe(answer))
      const members = [member('dead', await closedPort()), member('good', good)]
      await plane.serve([endpoint({ vip, members })])
      for (let times = 0; times < 20; times++)
        assert.match(
          await ask(t, vip, 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello'),
          /hello\r\n0\r\n\r\n$/,
        )
    })

    it('passes over an instance that refuses connections for a client that has half-closed already, too', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const good = await tcpOrigin(
        t,
        (socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood')),
      )
      const dead = await Promise.all([closedPort(), closedPort(), closedPort()])
      const members = [...dead.map((at, index) => member(`dead${index}`, at)), member('good', good)]
      await plane.serve([endpoint({ vip, members })])
      for (let times = 0; times < 20; times++) {
        const wire = await dial(t, vip)
        wire.socket.end('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok')
        assert.equal(await wire.closed, 'end')
        assert.match(wire.text(), /good$/)
      }
    })

    it('takes the rest of an upload whose first instance refused, over a kept connection to the next one too', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      let heads = 0
      const { port: good } = await origin(t, (asked, answer) => {
        heads++
        asked.pipe(answer)
      })
      const members = [member('dead', await closedPort()), member('good', good)]
      await plane.serve([endpoint({ vip, members })])
      for (let times = 1; times <= 20; times++) {
        const wire = await dial(t, vip)
        wire.socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n')
        await until(() => heads === times, `head ${times}`)
        wire.socket.write('hello')
        await wire.see('hello\r\n0\r\n\r\n')
        wire.socket.destroy()
      }
    })

    it('sends a request again when the kept connection to its only instance had been closed meanwhile', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      let connections = 0
      const at = await tcpOrigin(t, (socket) => {
        connections++
        let asked = 0
        socket.on('data', () => {
          asked++
          if (asked === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
          else socket.destroy()
        })
      })
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      const wire = await dial(t, vip)
      for (let times = 1; times <= 4; times++) {
        wire.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
        await until(() => wire.text().split('ok').length === times + 1, `answer ${times}`)
      }
      assert.equal(connections, 4)
    })

    it('honours an instance’s Connection: close without closing the client', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      let connections = 0
      const { port: at, server } = await origin(t, (_, answer) => answer.setHeader('Connection', 'close').end('x'))
      server.on('connection', () => connections++)
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      const agent = countingAgent()
      t.after(() => agent.destroy())
      for (let times = 0; times < 3; times++) assert.equal(await fetchBy(agent, vip), '200 x')
      assert.deepEqual([agent.opened(), connections], [1, 3])
    })

    it('closes when the client asked for it, in HTTP/1.0 too, and keeps HTTP/1.0 that asked to be kept', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const { port: at } = await origin(t, (_, answer) => answer.setHeader('Content-Length', 1).end('x'))
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      assert.match(
        await ask(t, vip, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
        /\r\nConnection: close\r\n\r\nx$/,
      )
      assert.match(await ask(t, vip, 'GET / HTTP/1.0\r\n\r\n'), /\r\nConnection: close\r\n[^]*x$/)
      const kept = await dial(t, vip)
      for (let times = 1; times <= 2; times++) {
        kept.socket.write('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
        await until(() => kept.text().split('\r\n\r\nx').length === times + 1, `answer ${times}`)
      }
    })

    it('closes at once after the last answer when nothing can follow, and reads on after a body', async (t) => {
      const { plane } = startPlane(t, { lingerMs: 600_000 })
      const vip = freshVip()
      const { port: at } = await origin(t, (_, answer) => answer.end('answered'))
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      async function finish(text: string) {
        const wire = await dial(t, vip)
        wire.socket.removeAllListeners('end')
        wire.socket.write(text)
        await once(wire.socket, 'end')
        assert.match(wire.text(), /answered$/)
        return wire
      }
      const last = await finish('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
      await until(() => !last.socket.write('more') && last.socket.destroyed, 'the connection is gone')
      const withBody = await finish('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok')
      withBody.socket.end('\r\n')
      assert.equal(await withBody.closed, 'end')
    })

    it('answers requests that were sent ahead one after the other, in order', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      let inFlight = 0
      let most = 0
      const { port: at } = await origin(t, (asked, answer) => {
        most = Math.max(most, ++inFlight)
        setImmediate(() => {
          inFlight--
          answer.end(`[${asked.url}]`)
        })
      })
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      const ahead = Array.from({ length: 20 }, (_, index) => `GET /${index} HTTP/1.1\r\nHost: a\r\n\r\n`).join('')
      const text = await ask(t, vip, `${ahead}GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
      const order = [...text.matchAll(/\[\/(\w+)\]/g)].map((match) => match[1])
      assert.deepEqual(order, [...Array.from({ length: 20 }, (_, index) => String(index)), 'last'])
      assert.equal(most, 1)
    })

    it('holds a client back that sends requests ahead and reads no answers', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      let requests = 0
      const { port: at } = await origin(t, (_, answer) => {
        requests++
        answer.end('x'.repeat(64 * 1024))
      })
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      const wire = await dial(t, vip)
      wire.socket.pause()
      const ahead = 300_000
      wire.socket.write(
        'GET / HTTP/1.1\r\nHost: a\r\nX: 01234567890123456789012345678901234567890123456789\r\n\r\n'.repeat(ahead),
      )
      let before = -1
      await until(() => {
        const still = requests === before
        before = requests
        return still && requests > 0 && wire.socket.writableLength > 0
      }, 'the client to be held back')
      assert.ok(requests < 1_000, `${requests} requests were taken from a client that reads nothing`)
    })

    it('passes large bodies both ways unchanged, slow readers included', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const { port: at } = await origin(t, (asked, answer) => void asked.pipe(answer))
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      const body = Array.from({ length: 2_000_000 }, (_, index) => String.fromCharCode(97 + (index % 26))).join('')
      const agent = countingAgent()
      t.after(() => agent.destroy())
      for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
        const asked = request({ host: vip, port, agent, method: 'POST', headers })
        asked.end(body)
        const [answer] = (await once(asked, 'response')) as [IncomingMessage]
        let text = ''
        answer.setEncoding('latin1').on('readable', () => setImmediate(() => (text += answer.read() ?? '')))
        await once(answer, 'end')
        await until(() => text.length === body.length, 'the whole body')
        assert.ok(text === body)
      }
      assert.equal(agent.opened(), 1)
    })

    it('passes on 100 Continue, and a final answer that comes before the body', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const { port: at } = await origin(t, (asked, answer) =>
        asked.url === '/early' ? void answer.end('early') : void asked.pipe(answer),
      )
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      const wire = await dial(t, vip)
      wire.socket.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n')
      await wire.see('100 Continue\r\n\r\n')
      wire.socket.write('hello')
      await wire.see('hello')
      wire.socket.write('POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n123')
      await wire.see('early')
      wire.socket.write('456POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nlast')
      await wire.see('last')
    })

    it('joins the two connections after an upgrade', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const { port: at, server } = await origin(t, (_, answer) => answer.end())
      server.on('upgrade', (_, socket, head) => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n')
        socket.write(`<${head.toString()}>`)
        socket.pipe(socket)
      })
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      const wire = await dial(t, vip)
      wire.socket.write('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nahead')
      await wire.see('ahead')
      wire.socket.write('GET / HTTP/1.1\r\n\r\nis no request any more')
      await wire.see('no request any more')
      wire.socket.end()
      assert.equal(await wire.closed, 'end')
    })

    it('refuses what could be read in two ways, says why, and closes', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      let requests = 0
      const { port: at } = await origin(t, (_, answer) => {
        requests++
        answer.end()
      })
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      const smuggled = 'GET /secret HTTP/1.1\r\nHost: a\r\n\r\n'
      for (const [head, sentence] of [
        [
          'Content-Length: 6\r\nTransfer-Encoding: chunked\r\n',
          'Content-Length and Transfer-Encoding contradict each other',
        ],
        ['Content-Length: 0\r\nContent-Length: 36\r\n', 'there are two Content-Length fields'],
        ['Transfer-Encoding: identity\r\n', 'Transfer-Encoding "identity" is not "chunked" alone'],
        ['X: y\n', 'a line ends without a carriage return'],
        ['Transfer-Encoding: chunked\r\n\r\nxyz\r\n', 'its chunked body is malformed'],
      ]) {
        const text = await ask(t, vip, `POST / HTTP/1.1\r\nHost: a\r\n${head}\r\n${smuggled}`)
        assert.match(text, /^HTTP\/1\.1 400 Bad Request\r\n/)
        assert.ok(text.endsWith(`The request cannot be passed on: ${sentence}.\n`), text)
      }
      assert.match(await ask(t, vip, `GET / HTTP/1.1\r\nX: ${'a'.repeat(70_000)}`), /^HTTP\/1\.1 431 /)
      assert.equal(requests, 0, 'nothing of it reached the instance')
    })

    it('says to a client of another protocol what the endpoint must be declared as', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const { port: at } = await origin(t, (_, answer) => answer.end())
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      const http2 = await ask(t, vip, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
      assert.match(http2, /^HTTP\/1\.1 400 [^]*declare the endpoint as tcp\.\n$/)
      const oldest = await ask(t, vip, 'GET /\r\n')
      assert.match(oldest, /^HTTP\/1\.1 505 HTTP Version Not Supported\r\n[^]*speaks HTTP\/1\.1\.\n$/)
      const tls = await ask(t, vip, '\x16\x03\x01\x02\x00\x01')
      assert.match(tls, /^HTTP\/1\.1 400 [^]*declare the endpoint as https\.\n$/)
    })

    for (const [what, words, answer] of [
      ['an offer of HTTP/2', ['--http2'], '/ of a'],
      ['an absolute target', ['--request-target', 'http://b/x?y'], '/x?y of b'],
      ['HTTP/1.0', ['--http1.0'], '/ of a'],
    ] as const)
      it(`answers curl with ${what} in HTTP/1.1`, async (t) => {
        const { plane } = startPlane(t)
        const vip = freshVip()
        const { port: at } = await origin(t, ({ url, headers }, response) => response.end(`${url} of ${headers.host}`))
        await plane.serve([endpoint({ vip, members: [member('a', at)] })])
        const wanted = ['-s', '-w', ' in %{http_version}', '-H', 'Host: a', ...words, `http://${vip}:${port}/`]
        const { stdout } = await promisify(execFile)('curl', wanted)
        assert.equal(stdout, `${answer} in 1.1`)
      })

    it('resets the client when the instance breaks off in the middle of an answer, or answers nonsense', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const half = await tcpOrigin(
        t,
        (socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')),
      )
      await plane.serve([endpoint({ vip, members: [member('a', half)] })])
      const wire = await dial(t, vip)
      wire.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      assert.equal(await wire.closed, 'ECONNRESET')
      const nonsense = await tcpOrigin(
        t,
        (socket) => void socket.once('data', () => socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n')),
      )
      await plane.serve([endpoint({ vip, members: [member('a', nonsense)] })])
      const other = await dial(t, vip)
      other.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      assert.equal(await other.closed, 'ECONNRESET')
      assert.equal(other.text(), '')
    })

    it('passes an answer on that ends with its connection', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const at = await tcpOrigin(
        t,
        (socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it')),
      )
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      assert.equal(await ask(t, vip, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'), 'HTTP/1.1 200 OK\r\n\r\nall of it')
    })

    it('tells the instance when its client has gone', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      let gone = false
      const { port: at } = await origin(t, (_, answer) => {
        answer.write('begun')
        answer.on('close', () => {
          gone = true
        })
      })
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      const wire = await dial(t, vip)
      wire.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await wire.see('begun')
      wire.socket.destroy()
      await until(() => gone, 'the instance to learn of it')
    })

    it('drops what was idle for the idle time-out, and not what was not (L-9)', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const { port: at } = await origin(t, (_, answer) => answer.write('begun'))
      await plane.serve([endpoint({ vip, members: [member('a', at)], idleTimeoutMs: 150 })])
      const quiet = await dial(t, vip)
      assert.equal(await quiet.closed, 'end', 'between two messages it closes in order')
      const waiting = await dial(t, vip)
      waiting.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      assert.equal(await waiting.closed, 'ECONNRESET', 'within one it must be seen')
    })

    it('refuses a head that does not come whole in time, though bytes of it keep coming, and no request that has', async (t) => {
      const { plane } = startPlane(t, { headerWaitMs: 150 })
      const vip = freshVip()
      let finish: (() => void) | undefined
      const { port: at } = await origin(t, (_, answer) => {
        finish = () => void answer.end('answered')
      })
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      const whole = await dial(t, vip)
      whole.socket.write('GET / HTTP/1.1\r\nHost: a\r\n')
      whole.socket.write('Connection: close\r\n\r\n')
      await until(() => finish !== undefined, 'the request')
      const slow = await dial(t, vip)
      slow.socket.write('GET / HTTP/1.1\r\n')
      const more = setInterval(() => slow.socket.write('x'), 20)
      slow.socket.once('close', () => clearInterval(more))
      slow.socket.once('end', () => clearInterval(more))
      await slow.see('The head of the request has not come within 0.15 s.\n')
      assert.match(slow.text(), /^HTTP\/1\.1 408 Request Timeout\r\n/)
      assert.equal(await slow.closed, 'end')
      finish?.()
      await whole.see('answered')
    })

    it('ends in order when it stops: the answer in flight arrives, and says that the connection closes', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      let finish: (() => void) | undefined
      const { port: at } = await origin(t, (_, answer) => {
        finish = () => void answer.end('done')
      })
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      const quiet = await dial(t, vip)
      const wire = await dial(t, vip)
      wire.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await until(
        async () => (await plane.serve([endpoint({ vip, members: [member('a', at)] })])).busy.length === 1,
        'the request to be counted',
      )
      await until(() => finish !== undefined, 'the request to arrive')
      const stopped = plane.stop(10_000, 'answered')
      assert.equal(await quiet.closed, 'end')
      finish?.()
      await stopped
      assert.equal(await wire.closed, 'end')
      assert.match(wire.text(), /\r\nConnection: close\r\n[^]*done/)
    })
  })
