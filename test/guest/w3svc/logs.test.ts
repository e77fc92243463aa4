/** The web log byte for byte, and where it stops (I-35 to I-37, G-9, G-12). */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { noCounts, readWebCounts, writeWebCounts } from '../../../src/guest/contract/web-counts.ts'
import { openErrorLog } from '../../../src/machine/http-sys/logs/error-log.ts'
import { openWebLog, type WebLogEntry } from '../../../src/machine/http-sys/logs/web-log.ts'
import { send, startListener } from './listener.ts'

const asRoot = process.getuid?.() === 0
const directory = mkdtempSync(join(tmpdir(), 'w3svc-logs-'))
after(() => rmSync(directory, { recursive: true }))

const at = Date.UTC(2015, 2, 4, 23, 59, 58, 900)
const entry: WebLogEntry = {
  at,
  takenMs: 15,
  site: { id: 1, logDirectory: '' },
  local: { address: '10.0.0.4', port: 80 },
  client: { address: '198.51.100.7', port: 4711 },
  head: { method: 'GET', target: '/a%20b?c=d e', version: '1.1', fields: [] },
  protocol: 'HTTP/1.1',
  host: 'shop.example',
  path: '/a b',
  query: undefined,
  userName: undefined,
  status: 200,
  subStatus: 0,
  win32Status: 0,
  received: 100,
  sent: 200,
}

const written = (entries: readonly Partial<WebLogEntry>[]) => {
  const logDirectory = mkdtempSync(join(directory, 'site-'))
  const log = openWebLog('Shop_IN_0', { take: () => true })
  for (const one of entries) log.add({ ...entry, ...one, site: { id: 1, logDirectory } })
  log.flush()
  const below = join(logDirectory, 'W3SVC1')
  return readdirSync(below)
    .toSorted()
    .map((file) => [file, readFileSync(join(below, file), 'utf8')] as const)
}

describe('the web log', () => {
  it('is the one that IIS writes (I-35)', () => {
    const [[file, text] = []] = written([{}])
    assert.equal(file, 'u_ex15030423.log')
    assert.equal(
      text,
      '#Software: Microsoft Internet Information Services 8.0\r\n#Version: 1.0\r\n#Date: 2015-03-04 23:59:58\r\n' +
        '#Fields: date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs-version cs(User-Agent) cs(Cookie) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken\r\n' +
        '2015-03-04 23:59:58 W3SVC1 Shop_IN_0 10.0.0.4 GET /a+b - 80 - 198.51.100.7 HTTP/1.1 - - - shop.example 200 0 0 200 100 15\r\n',
    )
  })

  it('has all columns of a connection that had ended, and has no addresses any more', () => {
    const nobody = { address: '', port: 0 }
    const [found] = written([{ client: nobody, local: nobody }])
    assert.equal(
      found?.[1].split('\r\n')[4],
      '2015-03-04 23:59:58 W3SVC1 Shop_IN_0 - GET /a+b - 0 - - HTTP/1.1 - - - shop.example 200 0 0 200 100 15',
    )
  })

  it('has a file for each hour of UTC', () => {
    const files = written([{}, { at: at + 2_000 }, { at: at + 3_000 }])
    assert.deepEqual(
      files.map(([file, text]) => [file, text.split('\r\n').length]),
      [
        ['u_ex15030423.log', 6],
        ['u_ex15030500.log', 7],
      ],
    )
  })

  it('lets nothing that a client sends look like something else', () => {
    const fields = ['User-Agent', 'a b\tc\u001b[2J', 'Referer', 'http://\u00c3\u00a4/\u0085', 'Cookie', '']
    const [found] = written([
      {
        head: { ...entry.head, fields },
        path: '/\r\n#Fields: x\u00e4\ud800',
        query: 'a=\u009b',
        userName: 'DOMAIN\\a b',
      },
    ])
    assert.equal(
      found?.[1].split('\r\n')[4],
      '2015-03-04 23:59:58 W3SVC1 Shop_IN_0 10.0.0.4 GET /++#Fields:+x%C3%A4%EF%BF%BD a=%EF%BF%BD 80 DOMAIN\\a+b 198.51.100.7 HTTP/1.1 a+b+c+[2J - http://%C3%A4/%EF%BF%BD shop.example 200 0 0 200 100 15',
    )
  })

  it('counts bytes and time as they were on the wire, and has what w3wp says of status, user and URL', async (t) => {
    const listener = await startListener({
      answer(request, response) {
        response.setHeader('x-reddog-answer', 's=3&w=2&u=ann%20b&l=%2Fseen%3Fq')
        response.statusCode = 404
        request.resume().on('end', () => response.end('nothing'))
      },
    })
    t.after(() => listener.end())
    const asked = 'POST /asked?x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nUser-Agent: U\r\n\r\nabc'
    const closing = 'GET /%61/%2e HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    const answers = await send(listener.port, asked + closing)
    const [first = [], second = []] = listener.webLog().map((line) => line.split(' '))
    assert.deepEqual(first.slice(6, 10), ['/seen', 'q', String(listener.port), 'ann+b'])
    assert.deepEqual(first.slice(16, 19), ['404', '3', '2'])
    assert.equal(Number(first[19]) + Number(second[19]), answers.length)
    assert.equal(Number(first[20]) + Number(second[20]), asked.length + closing.length)
    assert.match(first[21] ?? '', /^\d+$/)
  })

  it('is counted too, for the counters of the web server (P-19)', async (t) => {
    const listener = await startListener({
      answer(request, response) {
        if (request.url === '/net') response.setHeader('x-reddog-answer', 's=0&w=0&m=1')
        response.statusCode = request.url === '/net' ? 500 : request.url === '/gone' ? 404 : 200
        request.resume().on('end', () => response.end('answered'))
      },
    })
    t.after(() => listener.end())
    const asked = ['GET /', 'POST /net', 'GET /gone'].map(
      (line) => `${line} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n`,
    )
    const answers = await send(listener.port, `${asked.join('\r\n')}Connection: close\r\n\r\n`)
    const { sites, ...now } =
      readWebCounts(JSON.parse(JSON.stringify(writeWebCounts(listener.httpSys.counts()))) as unknown) ?? assert.fail()
    assert.deepEqual(now, { connections: 0, queued: 0, rejected: 0 })
    const { receivedBytes, ...site } = sites.get('Web_IN_0_Web') ?? assert.fail()
    assert.ok(receivedBytes > asked.join().length)
    assert.deepEqual(site, {
      sentBytes: answers.length,
      requests: 3,
      gets: 2,
      posts: 1,
      notFound: 1,
      managed: 1,
      managedErrors: 1,
    })
  })

  it('has the line of a request that is cut at the stop, also where its binding has gone meanwhile', async (t) => {
    const begun = Promise.withResolvers<void>()
    const listener = await startListener({ answer: () => begun.resolve() })
    t.after(() => listener.end())
    const answer = send(listener.port, 'GET /endless HTTP/1.1\r\nHost: a\r\n\r\n')
    await begun.promise
    const [site] = listener.sites
    await listener.httpSys.serve({ pools: [], sites: site ? [{ ...site, bindings: [] }] : [] })
    assert.equal(listener.httpSys.counts().connections, 1)
    await listener.httpSys.drain(0)
    assert.match(listener.webLog().join(), / GET \/endless /)
    assert.equal(await answer, '')
    assert.equal(listener.httpSys.counts().connections, 0)
  })

  it('is read with its bounds by whoever asks for the counts: a role may listen in the place of W3SVC', () => {
    const counts = { connections: 0, queued: 0, rejected: 0, sites: [] as unknown[] }
    assert.ok(readWebCounts(counts))
    const strange = [null, 'x', {}, { ...counts, queued: -1 }, { ...counts, queued: '1' }, { ...counts, sites: {} }]
    for (const value of [...strange, { ...counts, sites: Array.from({ length: 1_001 }, () => []) }])
      assert.equal(readWebCounts(value), undefined)
    const odd = [null, ['__proto__', { ...noCounts }], ['a', { ...noCounts, gets: 1e300 }], [7, noCounts]]
    assert.deepEqual([...(readWebCounts({ ...counts, sites: odd })?.sites ?? [])], [['__proto__', noCounts]])
  })

  it('stops when the quota of DiagnosticStore is used up, and the site goes on (I-37)', async (t) => {
    const listener = await startListener({ quotaBytes: 4_096 })
    t.after(() => listener.end())
    mkdirSync(join(listener.directory, 'W3SVC7'), { recursive: true })
    const ask = () => send(listener.port, `GET /${'a'.repeat(200)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    for (let number = 0; number < 30; number++) {
      assert.match(await ask(), /answered$/)
      listener.webLog()
    }
    const { length } = listener.webLogText()
    assert.ok(length > 1_000 && length <= 4_096, String(length))
  })

  it('loses lines on a full disk, and goes on with whole ones under its head when there is room (I-37)', {
    skip: asRoot ? false : 'it needs root to mount a small disk',
  }, (t) => {
    const disk = mkdtempSync(join(directory, 'disk-'))
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk])
    t.after(() => spawnSync('umount', [disk]))
    const log = openWebLog('Shop_IN_0', { take: () => true })
    const add = (times: number, path: string) => {
      for (let time = 0; time < times; time += 1) log.add({ ...entry, path, site: { id: 1, logDirectory: disk } })
      log.flush()
    }
    const file = join(disk, 'W3SVC1/u_ex15030423.log')
    const other = join(disk, 'other')
    const fill = () => assert.throws(() => writeFileSync(other, Buffer.alloc(100_000)), /ENOSPC/)
    fill()
    add(100, '/lost')
    rmSync(other)
    add(1, '/first')
    fill()
    add(100, '/lost')
    rmSync(other)
    add(1, '/second')
    const lines = readFileSync(file, 'utf8').split('\r\n')
    assert.deepEqual(
      lines.map((line) => line.match(/^#\w+|\/\w+ /)?.[0] ?? line),
      ['#Software', '#Version', '#Date', '#Fields', '/first ', '/second ', ''],
    )
  })

  const skip = existsSync('/usr/bin/goaccess') ? false : 'goaccess is not installed'
  it('is understood by goaccess', { skip }, async (t) => {
    const listener = await startListener()
    t.after(() => listener.end())
    for (let number = 0; number < 20; number++)
      await send(
        listener.port,
        `GET /page${number % 2}.html?q=${number} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/115.0\r\n\r\n`,
      )
    const log = join(listener.directory, 'all.log')
    writeFileSync(log, listener.webLogText())
    const format = '%d %t %^ %^ %^ %m %U %q %^ %e %h %H %u %^ %R %v %s %^ %^ %b %^ %L'
    const words = ['--log-format', format, '--date-format', '%Y-%m-%d', '--time-format', '%H:%M:%S', '-o', 'json']
    const found = spawnSync('goaccess', [log, ...words], { encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } })
    const report = JSON.parse(found.stdout) as {
      general: Record<string, number>
      requests: { data: { data: string }[] }
    }
    assert.deepEqual([report.general['valid_requests'], report.general['failed_requests']], [20, 0], found.stderr)
    assert.match(report.requests.data[0]?.data ?? '', /^\/page[01]\.html/)
  })
})

describe('the error log of the listener (G-12)', () => {
  it('is the one that HTTP.sys writes, goes on after a restart, and is cut into files of a megabyte', () => {
    const below = join(directory, 'HTTPERR')
    const client = { address: '198.51.100.7', port: 4711 }
    const local = { address: '10.0.0.4', port: 80 }
    const open = () => openErrorLog(below)
    let log = open()
    const head = { method: 'GET', target: '/' }
    const answered = { head, protocol: 'HTTP/1.1', status: 503, site: 1, queue: 'Shop pool' }
    log.add({ at, client, local, reason: 'AppOffline', ...answered })
    log.add({ at, client, local, reason: 'Timer_HeaderWait' })
    log.flush()
    assert.equal(
      readFileSync(join(below, 'httperr1.log'), 'utf8'),
      '#Software: Microsoft HTTP API 2.0\r\n#Version: 1.0\r\n#Date: 2015-03-04 23:59:58\r\n' +
        '#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri streamid sc-status s-siteid s-reason s-queuename\r\n' +
        '2015-03-04 23:59:58 198.51.100.7 4711 10.0.0.4 80 HTTP/1.1 GET / - 503 1 AppOffline Shop+pool\r\n' +
        '2015-03-04 23:59:58 198.51.100.7 4711 10.0.0.4 80 - - - - - - Timer_HeaderWait -\r\n',
    )
    writeFileSync(join(below, 'httperr1.log'), 'a'.repeat(1024 * 1024))
    log = open()
    log.add({ at, client, local, reason: 'Hostname' })
    log.flush()
    assert.deepEqual(readdirSync(below).toSorted(), ['httperr1.log', 'httperr2.log'])
    assert.match(readFileSync(join(below, 'httperr2.log'), 'utf8'), /^#Software/)
  })
})
