/** What the system and the libraries refuse is a clause for a person: real refusals, and every code that Node knows. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer as httpServer } from 'node:http'
import { request } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { getSystemErrorMap } from 'node:util'
import { systemWords } from '../../src/kernel/system-words.ts'

/** What no user can read: names of calls, of library functions, addresses and paths. */
const foreign = /fetch failed|terminated|syscall|\b(?:open|read|connect|getaddrinfo)\b.*[/\d]|UND_ERR|HPE_|\/secret/

const directory = mkdtempSync(join(tmpdir(), 'words-'))
const servers: Server[] = []
const serve = async (server: Server) => {
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
const raw = (answer: (socket: Socket) => void) =>
  serve(
    createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => answer(socket))
    }),
  )
const ask = (url: string) => fetch(`${url}/secret?sig=secret`).then((answer) => answer.text())
const askTls = (at: string) => new Promise((_, reject) => request(`https://${at}/secret`).once('error', reject).end())

async function refusalOf(act: () => unknown): Promise<string> {
  try {
    await act()
  } catch (error) {
    return systemWords(error)
  }
  return assert.fail('nothing was refused')
}

describe('a refusal of the system', () => {
  const at = (name: string) => join(directory, name)
  let cut = ''
  let halfway = ''
  let noise = ''
  let plain = ''

  before(async () => {
    writeFileSync(at('file'), '')
    symlinkSync(at('circle'), at('circle'))
    cut = await raw((socket) => socket.destroy())
    halfway = await raw((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', () => socket.destroy()),
    )
    noise = await raw((socket) => socket.end('SSH-2.0-OpenSSH\r\n'))
    plain = await serve(httpServer((_, answer) => answer.end()))
  })
  after(() => {
    for (const server of servers) server.close()
    rmSync(directory, { recursive: true })
  })

  const rows: readonly (readonly [what: string, act: () => unknown, words: string])[] = [
    ['a file that is not there', () => readFileSync(at('secret')), 'there is no such file or directory'],
    ['a file taken for a directory', () => readFileSync(at('file/secret')), 'a part of the path is a file'],
    ['a directory taken for a file', () => readFileSync(directory), 'it is a directory'],
    ['a link to itself', () => readFileSync(at('circle')), 'its symbolic links lead in a circle'],
    ['a long name', () => readFileSync(at('x'.repeat(300))), 'the path is longer than the system allows'],
    ['a full disk', () => writeFileSync('/dev/full', 'x'), 'the disk is full'],
    ['what cannot be read', () => readFileSync('/proc/self/mem'), 'the disk does not work as it should'],
    ['a free port', () => ask('http://127.0.0.1:2'), 'nothing listens there'],
    ['a connection that is cut off', () => ask(`http://${cut}`), 'the connection was cut off'],
    ['an answer that is cut off', () => ask(`http://${halfway}`), 'the connection was cut off'],
    ['a server of another protocol', () => ask(`http://${noise}`), 'what listens there does not speak http'],
    ['https where http is spoken', () => ask(`https://${plain}`), 'what listens there does not speak https'],
    ['the same by another library', () => askTls(plain), 'what listens there does not speak https'],
    ['an end by the clock', () => fetch(`http://${cut}`, { signal: AbortSignal.timeout(0) }), 'no answer came in time'],
    ['an error of our own', () => Promise.reject(new Error('no answer for 60 s.')), 'no answer for 60 s'],
  ]
  for (const [what, act, words] of rows) it(`${what}: ${words}`, async () => assert.equal(await refusalOf(act), words))

  it('is said without a call, a path or an address, whatever its code', () => {
    for (const [code, text] of getSystemErrorMap().values()) {
      const ofFiles = Object.assign(new Error(`${code}: ${text}, open '/secret'`), { code, syscall: 'open' })
      const ofNetworks = Object.assign(new Error(`connect ${code} 10.0.0.1:80`), { code, syscall: 'connect' })
      for (const error of [ofFiles, ofNetworks, new TypeError('fetch failed', { cause: ofNetworks })]) {
        const said = systemWords(error)
        assert.doesNotMatch(said, foreign)
        assert.ok(said.length > 8, `${code}: ${said}`)
      }
    }
  })
})
