import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { converse } from '../../../../src/role/w3wp/handlers/fast-cgi/conversation.ts'

/** A record as a program may send it, with padding. */
function record(type: number, content: string | Buffer, padding = 0, request = 1): Buffer {
  const bytes = Buffer.from(content)
  const head = Buffer.from([1, type, 0, request, bytes.length >> 8, bytes.length & 255, padding, 0])
  return Buffer.concat([head, bytes, Buffer.alloc(padding)])
}

const [stdout, stderr] = [6, 7]
const end = record(3, Buffer.alloc(8))

/** What came of a request to a program that answers so, told in one text. */
async function told(context: TestContext, answer: (socket: Socket) => void): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-fcgi-'))
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => answer(socket))
  })
  context.after(() => {
    server.close()
    rmSync(directory, { recursive: true })
  })
  const socketPath = join(directory, 's')
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  const errors: string[] = []
  const { answer: heard, over } = converse({
    socketPath,
    variables: new Map([['SCRIPT_FILENAME', '/x.php']]),
    body: Readable.from([]),
    signal: new AbortController().signal,
    activityMs: 200,
    requestMs: 5_000,
    stderr: (piece) => errors.push(String(piece)),
  })
  const found = await heard
  if (!found.ok) return `${found.fault.kind}: ${found.fault.why}`
  const { status, reason = '', headers } = found.head
  const body = await text(found.body).catch(() => 'cut')
  const isWhole = await over
  return [status, reason, JSON.stringify(headers), body, ...errors, ...(isWhole ? [] : ['not whole'])].join('|')
}

const head = 'Content-Type: text/plain\r\n\r\n'
const shown = '[["Content-Type","text/plain"]]'

const table: readonly (readonly [what: string, pieces: readonly Buffer[], told: RegExp | string])[] = [
  ['an answer in one record', [record(stdout, `${head}hello`), end], `200||${shown}|hello`],
  [
    'padding, records of others, and errors',
    [record(stdout, head, 7), record(stdout, 'no', 0, 2), record(stderr, 'oops', 4), record(stdout, 'hello', 255), end],
    `200||${shown}|hello|oops`,
  ],
  [
    'a head in several records, with line feeds alone',
    [
      record(stdout, 'Content-Ty'),
      record(stdout, 'pe: text/plain\n\nhel'),
      record(stdout, 'lo'),
      record(stdout, ''),
      end,
    ],
    `200||${shown}|hello`,
  ],
  ['a status', [record(stdout, `Status: 404 Not here\r\n${head}`), end], `404|Not here|${shown}|`],
  ['a status line of HTTP', [record(stdout, `HTTP/1.1 418 Tea\r\n${head}`), end], `418|Tea|${shown}|`],
  ['a Location without a status', [record(stdout, 'Location: /x\r\n\r\n'), end], '302||[["Location","/x"]]|'],
  [
    'fields of the connection',
    [record(stdout, `Connection: close, X-Hop\r\nX-Hop: 1\r\nTransfer-Encoding: chunked\r\n${head}`), end],
    `200||${shown}|`,
  ],
  ['half of a body', [record(stdout, `${head}half`)], `200||${shown}|cut|not whole`],
  ['half of a record', [record(stdout, `${head}half`).subarray(0, 20)], /^broken: it closed the connection/],
  ['nothing', [], /^broken: it closed the connection/],
  ['an end without an answer', [end], /^broken: it ended the request without an answer/],
  [
    'a head that is none',
    [record(stdout, 'hello world\r\n\r\n'), end],
    /^unreadable: the head of its answer is none of CGI: hello world/,
  ],
  ['a status that is none', [record(stdout, 'Status: 99\r\n\r\n'), end], `200||[]|`],
  [
    'a head without an end',
    Array.from({ length: 70 }, () => record(stdout, 'x'.repeat(1_000))),
    /^unreadable: .* longer than 65536 bytes/,
  ],
  ['something else than FastCGI', [Buffer.from('HTTP/1.1 200 OK\r\n\r\n')], /^unreadable: what it said is no FastCGI/],
]

for (const [what, pieces, wanted] of table)
  for (const bytewise of [false, true])
    test(`${what}${bytewise ? ', byte by byte' : ''}`, async (context) => {
      const all = Buffer.concat(pieces)
      const found = await told(context, async (socket) => {
        if (bytewise)
          for (const byte of all.subarray(0, 2_000))
            await new Promise((sent) => socket.write(Buffer.from([byte]), sent))
        socket.end(bytewise ? all.subarray(2_000) : all)
      })
      if (typeof wanted === 'string') assert.equal(found, wanted)
      else assert.match(found, wanted)
    })

test('a program that says nothing for its time, or nothing more', async (context) => {
  assert.match(await told(context, () => {}), /^late: it said nothing for 0\.2 s \(activityTimeout\)/)
  assert.equal(
    await told(context, (socket) => socket.write(record(stdout, `${head}half`))),
    `200||${shown}|cut|not whole`,
  )
})
