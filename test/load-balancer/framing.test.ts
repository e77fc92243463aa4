import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { bodyProgress, type Framing, takeBody } from '../../src/machine/load-balancer/proxy/http/body.ts'
import { beginExchange } from '../../src/machine/load-balancer/proxy/http/exchange.ts'
import { type RequestHead, readRequestHead } from '../../src/machine/load-balancer/proxy/http/request-head.ts'
import { takeAnswer } from '../../src/machine/load-balancer/proxy/http/take-answer.ts'
import { takeRequest } from '../../src/machine/load-balancer/proxy/http/take-request.ts'

const headBytes = 1_000

function request(lines: string, method = 'GET'): RequestHead {
  const head = readRequestHead(`${method} / HTTP/1.1\r\n${lines}`)
  assert.ok(!('refused' in head), 'refused' in head ? head.refused : '')
  return head
}

function opening(text: string): string {
  const taken = takeRequest(Buffer.from(text, 'latin1'), headBytes)
  if (taken === undefined || taken === 'tooLong') return String(taken)
  return 'refused' in taken
    ? `refused: ${taken.refused}`
    : `${taken.exchange.opening?.toString()}|${taken.rest.toString()}`
}

/** The same of a text that comes in these pieces. Why it is refused depends on them: what is wrong first may not have come. */
function openingInPieces(text: string, cuts: readonly number[]): string {
  const edges = cuts.map((cut) => cut % (text.length + 1)).sort((one, other) => one - other)
  let scanned = 0
  for (const edge of [...edges, text.length]) {
    const held = Buffer.from(text.slice(0, edge), 'latin1')
    const taken = takeRequest(held, headBytes, scanned)
    if (taken !== undefined && taken !== 'tooLong')
      return 'refused' in taken ? 'refused' : String(taken.exchange.opening)
    scanned = held.length
  }
  return 'undefined'
}

/** What the client gets, in pieces as the member sends them, and how the answer stands at the end. */
function answer(asked: RequestHead, pieces: readonly string[], last = false): string {
  const exchange = beginExchange(asked)
  const passed = pieces.map((piece) => {
    const step = takeAnswer(exchange, Buffer.from(piece, 'latin1'), last, headBytes)
    return { text: String(step.pass ?? ''), next: step.next }
  })
  return `${passed.map(({ text }) => text).join('')}|${passed.at(-1)?.next}`
}

/** Where a body ends when it arrives in these pieces; -1 when it is malformed, undefined when more must come. */
function endOf(framing: Framing, bytes: Buffer, cuts: readonly number[]): number | undefined {
  const body = bodyProgress(framing)
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  for (let index = 1; index < edges.length; index++) {
    const from = edges[index - 1] as number
    const end = takeBody(body, bytes.subarray(from, edges[index]), 0)
    if (end < 0) return -1
    if (body.done) return from + end
  }
  return undefined
}

describe('requests', () => {
  it('are cut where they end, and what follows waits', () => {
    assert.equal(opening('GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b'), 'GET / HTTP/1.1\r\nHost: a\r\n\r\n|GET /b')
    assert.equal(
      opening('PUT / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET'),
      'PUT / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc|GET',
    )
    assert.equal(
      opening('PUT / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n2;x=y\r\nab\r\n0\r\nT: 1\r\n\r\nrest'),
      'PUT / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n2;x=y\r\nab\r\n0\r\nT: 1\r\n\r\n|rest',
    )
    assert.equal(opening('\r\n\r\nGET / HTTP/1.1\r\n\r\n'), 'GET / HTTP/1.1\r\n\r\n|', 'empty lines before are skipped')
  })

  it('wait for the end of their head', () => {
    for (const part of [
      '',
      'G',
      'GET / HTTP/1.1\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\n\r',
    ])
      assert.equal(opening(part), 'undefined', JSON.stringify(part))
  })

  it('lose what they say of the client’s connection alone, and nothing else', () => {
    assert.equal(
      opening('GET / HTTP/1.1\r\nConnection: close\r\nHost: a\r\nKeep-Alive: 5\r\nX: y\r\n\r\n'),
      'GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n|',
    )
    const others = 'GET / HTTP/1.1\r\nConnection: TE, close\r\nTE: trailers\r\n\r\n'
    assert.equal(opening(others), `${others}|`)
    const old = 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'
    assert.equal(opening(old), `${old}|`, 'HTTP/1.0 is passed on as it was said')
    const upgrade = 'GET / HTTP/1.1\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n'
    assert.equal(opening(upgrade), `${upgrade}|`)
  })

  for (const [what, sent, passed] of [
    [
      'an absolute target',
      'GET http://b:81/x?y HTTP/1.1\r\nA: b\r\nhost: a\r\n',
      'GET /x?y HTTP/1.1\r\nHost: b:81\r\nA: b\r\n',
    ],
    ['one without a path', 'GET HTTP://b HTTP/1.1\r\nHost: b\r\n', 'GET / HTTP/1.1\r\nHost: b\r\n'],
    ['one with a query alone', 'GET http://[::1]?y HTTP/1.1\r\nHost: b\r\n', 'GET /?y HTTP/1.1\r\nHost: [::1]\r\n'],
    ['one that means the server', 'OPTIONS http://b HTTP/1.1\r\nHost: b\r\n', 'OPTIONS * HTTP/1.1\r\nHost: b\r\n'],
    [
      'one of HTTP/1.0',
      'GET http://b/ HTTP/1.0\r\nConnection: close\r\n',
      'GET / HTTP/1.0\r\nHost: b\r\nConnection: close\r\n',
    ],
    [
      'one between lines about the connection',
      'GET http://b/ HTTP/1.1\r\nConnection: close\r\nHost: a\r\nKeep-Alive: 5\r\nX: y\r\n',
      'GET / HTTP/1.1\r\nHost: b\r\nX: y\r\n',
    ],
    [
      'an address in its query',
      'GET /?u=http://b/ HTTP/1.1\r\nHost: a\r\n',
      'GET /?u=http://b/ HTTP/1.1\r\nHost: a\r\n',
    ],
    ['a later HTTP/1', 'GET /x HTTP/1.9\r\nHost: a\r\n', 'GET /x HTTP/1.1\r\nHost: a\r\n'],
    [
      'an offer of HTTP/2',
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nX: y\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n',
    ],
    ...[
      ['h2c', 'websocket'],
      ['websocket', 'h2c'],
    ].map(
      ([first, second]) =>
        [
          `an offer of ${first}, and of ${second} in another line`,
          `GET / HTTP/1.1\r\nHost: a\r\nUpgrade: ${first}\r\nConnection: Upgrade\r\nUpgrade: ${second}\r\nX: y\r\n`,
          'GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n',
        ] as const,
    ),
    [
      'both',
      'GET http://b/ HTTP/1.1\r\nUpgrade: foo, H2C\r\nHost: a\r\nConnection: close\r\nConnection: upgrade\r\n',
      'GET / HTTP/1.1\r\nHost: b\r\n',
    ],
  ] as const)
    it(`with ${what} are passed on as a server of HTTP/1.1 expects them (RFC 9112, 3.2.2; RFC 9110, 7.8)`, () =>
      assert.equal(opening(`${sent}\r\nnext`), `${passed}\r\n|next`))

  it('may have any byte beyond ASCII in their target', () => {
    const raw = 'GET /\xc3\xa0\xc2\x85 HTTP/1.1\r\n'
    assert.ok(!('refused' in readRequestHead(raw)))
  })

  it('say whether their connection stays', () => {
    const stays = (text: string) => {
      const head = readRequestHead(text)
      return !('refused' in head) && head.staysOpen
    }
    assert.equal(stays('GET / HTTP/1.1\r\n'), true)
    assert.equal(stays('GET / HTTP/1.1\r\nconnection: CLOSE\r\n'), false)
    assert.equal(stays('GET / HTTP/1.0\r\n'), false)
    assert.equal(stays('GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n'), true)
  })

  for (const [what, head] of [
    ['both lengths', 'POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n'],
    ['the same length twice', 'POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 5\r\n'],
    ['a list of lengths', 'POST / HTTP/1.1\r\nContent-Length: 5, 5\r\n'],
    ['a length with a sign', 'POST / HTTP/1.1\r\nContent-Length: +5\r\n'],
    ['a negative length', 'POST / HTTP/1.1\r\nContent-Length: -5\r\n'],
    ['a hexadecimal length', 'POST / HTTP/1.1\r\nContent-Length: 0x5\r\n'],
    ['a length that no number holds', 'POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n'],
    ['an empty length', 'POST / HTTP/1.1\r\nContent-Length:\r\n'],
    ['another coding', 'POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n'],
    ['a coding that is nearly chunked', 'POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n'],
    ['a coding behind a vertical tab', 'POST / HTTP/1.1\r\nTransfer-Encoding: \x0bchunked\r\n'],
    ['two codings', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n'],
    ['a coding in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n'],
    ['white space before the colon', 'POST / HTTP/1.1\r\nContent-Length : 5\r\n'],
    ['a folded line', 'POST / HTTP/1.1\r\nX: a\r\n Content-Length: 5\r\n'],
    ['a bare line feed', 'POST / HTTP/1.1\r\nX: a\nContent-Length: 5\r\n'],
    ['a bare carriage return', 'POST / HTTP/1.1\r\nX: a\rContent-Length: 5\r\n'],
    ['a NUL', 'POST / HTTP/1.1\r\nX: a\0b\r\n'],
    ['a line without a name', 'POST / HTTP/1.1\r\n: a\r\n'],
    ['a line without a colon', 'POST / HTTP/1.1\r\nContent-Length\r\n'],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n'],
    ['a tunnel', 'CONNECT a:443 HTTP/1.1\r\n'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n'],
    ['HTTP/0.9', 'GET /\r\n'],
    ['a version 0.9', 'GET / HTTP/0.9\r\n'],
    ['a version 3', 'GET / HTTP/3.0\r\n'],
    ['a version without a minor one', 'GET / HTTP/1\r\n'],
    ['a target of another scheme', 'GET https://a/ HTTP/1.1\r\nHost: a\r\n'],
    ['a target without a host', 'GET http:///x HTTP/1.1\r\nHost: a\r\n'],
    ['a target with a port alone', 'GET http://:80/ HTTP/1.1\r\nHost: a\r\n'],
    ['a target with a user', 'GET http://u@a/ HTTP/1.1\r\nHost: a\r\n'],
    ['an absolute target and no host', 'GET http://a/ HTTP/1.1\r\n'],
    ['two spaces', 'GET  / HTTP/1.1\r\n'],
    ['a space in the target', 'GET /a b HTTP/1.1\r\n'],
    ['a tab in the first line', 'GET\t/ HTTP/1.1\r\n'],
    ['a bare line feed after the first line', 'GET / HTTP/1.1\nHost: a\r\n'],
  ] as const)
    it(`with ${what} are refused`, () => assert.match(opening(`${head}\r\n`), /^refused: /))

  it('whose every line ends with a bare line feed are refused, not waited for', () => {
    assert.match(opening('GET / HTTP/1.1\nHost: a\n\n'), /^refused: /)
  })

  it('of HTTP/0.9 are refused when their line has come: nothing else will', () => {
    assert.match(opening('GET /\r\n'), /^refused: it is of HTTP\/0\.9, and an http endpoint speaks HTTP\/1\.1$/)
  })

  it('are read alike in whatever pieces their head arrives', () => {
    const piece = fc.constantFrom('GET / HTTP/1.1\r\n', 'GET /\r\n', 'A: b\r\n', '\r\n', '\r', '\n', 'x')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.array(fc.nat()), (pieces, cuts) => {
        const text = pieces.join('')
        assert.equal(
          openingInPieces(text, cuts),
          openingInPieces(
            text,
            Array.from(text, (_, index) => index),
          ),
          text,
        )
      }),
    )
  })

  it('are not read again from their start with each piece: what was looked at stays so', () => {
    const held = Buffer.from('GET / HTTP/1.1\nHost: a\r\nX')
    assert.equal(takeRequest(held, headBytes, held.length - 1), undefined)
    const whole = Buffer.from('GET / HTTP/1.1\r\n\r\nHost: a\r\nX')
    assert.equal(takeRequest(whole, headBytes, whole.length - 1), undefined)
  })

  it('with a head beyond the limit are refused, whole or in part', () => {
    const long = `GET / HTTP/1.1\r\nX: ${'a'.repeat(headBytes)}`
    assert.equal(opening(long), 'tooLong')
    assert.equal(opening(`${long}\r\n\r\n`), 'tooLong')
  })
})

describe('bodies', () => {
  const chunked = (parts: readonly Uint8Array[], trailer: string) =>
    Buffer.concat([
      ...parts.flatMap((part) => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
      Buffer.from(`0\r\n${trailer}\r\n`),
    ])

  it('that are chunked end at the same byte, in whatever pieces they arrive', () => {
    const part = fc.uint8Array({ minLength: 1, maxLength: 40 })
    const trailer = fc.constantFrom('', 'A: b\r\n', 'A: b\r\nC: d\r\n')
    fc.assert(
      fc.property(fc.array(part), trailer, fc.array(fc.nat()), fc.uint8Array(), (parts, end, cuts, after) => {
        const body = chunked(parts, end)
        assert.equal(endOf('chunked', Buffer.concat([body, after]), cuts), body.length)
      }),
    )
  })

  it('of a length end there, in whatever pieces they arrive', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.array(fc.nat()), fc.uint8Array(), (body, cuts, after) => {
        assert.equal(endOf(body.length, Buffer.concat([body, after]), cuts), body.length)
      }),
    )
  })

  for (const text of [
    '5\nhello\r\n0\r\n\r\n',
    '\r\nhello',
    ';x\r\nhello',
    '0x5\r\nhello',
    '-5\r\nhello',
    '5\r\nhelloX\r\n0\r\n\r\n',
    '5\r\nhello\n0\r\n\r\n',
    '5\r\nhello\r\r0\r\n\r\n',
    '5;a\nb\r\nhello\r\n0\r\n\r\n',
    'fffffffffffffff\r\nhello',
    `5;${'a'.repeat(5_000)}\r\nhello`,
    '0\r\nX: a\nY: b\r\n\r\n',
    `0\r\n${`X: ${'a'.repeat(1_000)}\r\n`.repeat(70)}\r\n`,
    '0\r\n\rX',
  ])
    it(`that are malformed are found out: ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.equal(endOf('chunked', Buffer.from(text), []), -1)
    })
})

describe('answers', () => {
  const get = request('Host: a\r\n')

  it('end where their head says', () => {
    const fixed = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
    assert.equal(answer(get, [fixed]), `${fixed}|done`)
    const chunks = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'
    assert.equal(answer(get, Array.from(chunks)), `${chunks}|done`, 'byte by byte')
    assert.equal(answer(get, ['HTTP/1.1 200 OK\r\n\r\nuntil it closes']), 'HTTP/1.1 200 OK\r\n\r\nuntil it closes|more')
  })

  it('have no body after HEAD, nor with 204 and 304, whatever their head says', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'
    assert.equal(answer(request('', 'HEAD'), [head]), `${head}|done`)
    for (const status of ['204 No Content', '304 Not Modified'])
      assert.equal(
        answer(get, [`HTTP/1.1 ${status}\r\nContent-Length: 2\r\n\r\n`]),
        `HTTP/1.1 ${status}\r\nContent-Length: 2\r\n\r\n|done`,
      )
  })

  it('of the interim kind are passed on before the final one', () => {
    const both = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
    assert.equal(answer(get, [both]), `${both}|done`)
    assert.equal(answer(get, [both.slice(0, 60), both.slice(60)]), `${both}|done`)
  })

  it('lose what they say of the member’s connection: the client’s goes on', () => {
    assert.equal(
      answer(get, ['HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\nKeep-Alive: timeout=5\r\n\r\n']),
      'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n|done',
    )
  })

  it('lose it after an interim answer that came with them, too', () => {
    assert.equal(
      answer(get, ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx']),
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx|done',
    )
  })

  it('say that the client’s connection ends when it does', () => {
    assert.equal(
      answer(get, ['HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx'], true),
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx|done',
    )
    const untilClose = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nx'
    assert.equal(answer(get, [untilClose]), `${untilClose}|more`)
  })

  it('switch protocols only when that was asked for', () => {
    const switching = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nfirst'
    assert.equal(answer(request('Upgrade: websocket\r\nConnection: Upgrade\r\n'), [switching]), `${switching}|switched`)
    assert.equal(answer(get, [switching]), '|malformed')
  })

  for (const text of [
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    'HTTP/2 200 OK\r\n\r\n',
    'SSH-2.0-OpenSSH_9.2\r\n\r\n',
    `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(headBytes)}\r\n\r\n`,
  ])
    it(`whose end cannot be told are malformed: ${JSON.stringify(text.slice(0, 60))}`, () => {
      assert.equal(answer(get, [text]), '|malformed')
    })
})
