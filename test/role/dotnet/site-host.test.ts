/** What a process of Mono survives that serves an application of ASP.NET, seen by its number. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { programSockets } from '../../../src/role/contract/web-request.ts'
import { until } from '../../until.ts'
import type { Worker } from '../w3wp/worker.ts'
import { application, aspNetSites, config, handler, page } from './asp-net-sites.ts'
import { withoutMono } from './mono.ts'

const number = page('Response.Write(System.Diagnostics.Process.GetCurrentProcess().Id);')

/** A connection to the process itself, the first that w3wp has started. */
async function opened({ socket }: Worker): Promise<Socket> {
  const connection = connect(join(programSockets(socket), 'a1'))
  await once(connection, 'connect')
  return connection
}

/** What it answers to a text that no client can have w3wp send. */
async function told(worker: Worker, words: string): Promise<string> {
  const connection = await opened(worker)
  connection.write(words)
  return text(connection)
}

describe('a process of ASP.NET', { skip: withoutMono }, () => {
  const serving = aspNetSites()

  it('refuses URLs that Mono takes for no path, and serves on', async () => {
    await serving({ 'a.aspx': number }, async ({ ask }) => {
      const { body } = await ask('/a.aspx')
      for (const url of ['/x:y.aspx', '/x*y.aspx', '/a.aspx/x:y', '/x%00.aspx'])
        assert.equal((await ask(url)).status, 400, url)
      assert.equal((await ask('/a.aspx')).body, body)
    })
  })

  it('refuses a request that it cannot read, and serves on', async () => {
    const chunked = 'POST /a.aspx HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n'
    const unreadable = {
      'a line without a URL': 'GET\r\n\r\n',
      'a path with NUL': 'GET /%00.aspx HTTP/1.1\r\nHost: x\r\n\r\n',
      'a part without a length': `${chunked}zz\r\nabc`,
      'a part of a length below 0': `${chunked}FFFFFFFF\r\nabc`,
      'a part with a length that has no end': chunked + '1'.repeat(200_000),
    }
    await serving({ 'a.aspx': number }, async (worker) => {
      const { body } = await worker.ask('/a.aspx')
      for (const [what, words] of Object.entries(unreadable))
        assert.match(await told(worker, words), /^HTTP\/1\.1 400 Bad Request\r\n/, what)
      assert.equal((await worker.ask('/a.aspx')).body, body)
    })
  })

  it('takes a body of unknown length as long as the site takes one', async () => {
    const files = {
      ...config('<httpRuntime maxRequestLength="100"/>'),
      'up.ashx': handler('Up', 'context.Response.Write(context.Request.InputStream.Length);'),
    }
    await serving(files, async ({ ask }) => {
      const sent = (kB: number) =>
        ask('/up.ashx', { method: 'POST', body: 'y'.repeat(kB * 1024), headers: { 'transfer-encoding': 'chunked' } })
      assert.equal((await sent(100)).body, '102400')
      assert.equal((await sent(101)).status, 413)
      assert.equal((await sent(5_000)).status, 413)
    })
  })

  it('answers 503 while it has as many requests as may be at once, those too whose client has gone', async () => {
    const wait =
      'while (!System.IO.File.Exists(HttpRuntime.AppDomainAppPath + "go")) System.Threading.Thread.Sleep(50);'
    const files = {
      'a.aspx': number,
      'wait.ashx': handler(
        'Wait',
        `context.Response.BufferOutput = false; context.Response.Write("in"); context.Response.Flush(); ${wait}`,
      ),
    }
    await serving(files, async (worker) => {
      await worker.ask('/a.aspx')
      const waiting = await Promise.all(Array.from({ length: 200 }, () => opened(worker)))
      for (const one of waiting) {
        one.write('GET /wait.ashx HTTP/1.1\r\nHost: x\r\n\r\n')
        await once(one, 'data')
      }
      waiting[0]?.destroy()
      assert.equal((await worker.ask('/a.aspx')).status, 503)
      worker.write(1, { go: '' })
      for (const one of waiting) one.destroy()
      await until(async () => (await worker.ask('/a.aspx')).status === 200, 'room for another')
    })
  })

  it('leaves neither machine key nor compiled pages behind, though it was killed', async () => {
    await serving({ 'a.aspx': number }, async ({ ask, socket }) => {
      const { body } = await ask('/a.aspx')
      const left = () => [
        ...globSync(join(programSockets(socket), '*')),
        ...globSync(join(tmpdir(), '*-temp-aspnet-*/*')),
      ]
      assert.equal(left().length, 3, left().join(' '))
      process.kill(Number(body), 'SIGKILL')
      await until(() => left().length === 0, 'nothing of it to be left')
    })
  })

  it('lets Application_End finish before it ends', async () => {
    const end =
      'System.Threading.Thread.Sleep(500); System.IO.File.WriteAllText(HttpRuntime.AppDomainAppPath + "ended", "x");'
    const files = {
      'Global.asax': application(`void Application_End() { ${end} }`),
      'a.aspx': number,
    }
    await serving(files, async ({ ask, stop, directoryOf, output }) => {
      await ask('/a.aspx')
      await stop()
      assert.equal(readFileSync(join(directoryOf(1), 'ended'), 'utf8'), 'x', output())
    })
  })

  it('says what was wrong with Application_End', async () => {
    const files = {
      'Global.asax': application('void Application_End() { throw new Exception("the cause"); }'),
      'a.aspx': number,
    }
    await serving(files, async ({ ask, stop, output }) => {
      await ask('/a.aspx')
      await stop()
      assert.match(output(), /Application_End has failed: System\.Exception: the cause/)
    })
  })
})
