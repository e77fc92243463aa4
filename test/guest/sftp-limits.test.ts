/** Files over SSH when a client asks for more than it takes, or more than anybody has under way: ssh2 is on both sides, for OpenSSH's clients do neither. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import ssh2, { type Client, type SFTPWrapper } from 'ssh2'
import { serveFiles } from '../../src/machine/ssh/files/serve-files.ts'
import { until } from '../until.ts'

const directory = mkdtempSync(join(tmpdir(), 'reddog-sftp-'))
const bytes = Buffer.from(Array.from({ length: 512 * 1024 }, (_, at) => (at * 31) % 251))
writeFileSync(join(directory, 'file'), bytes)

/** Answers that the server keeps because their client takes none. */
let held = () => 0

const hostKey = ssh2.utils.generateKeyPairSync('ed25519').private
const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
  client.on('authentication', (asked) => asked.accept())
  client.on('session', (accept) =>
    accept().on('sftp', (take) => {
      const sftp = take()
      serveFiles(sftp, directory)
      held = () => (sftp as unknown as { readonly _buffer: readonly unknown[] })._buffer.length
    }),
  )
  client.on('error', () => {})
})
before(() => once(server.listen(0, '127.0.0.1'), 'listening'))
after(() => {
  server.close()
  rmSync(directory, { recursive: true })
})

async function withClient(use: (sftp: SFTPWrapper, client: Client) => Promise<void>): Promise<void> {
  const client = new ssh2.Client()
  const { port } = server.address() as AddressInfo
  client.connect({ host: '127.0.0.1', port, username: 'any', password: 'any' })
  await once(client, 'ready')
  try {
    await use(
      await new Promise((resolve, reject) => client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp)))),
      client,
    )
  } finally {
    client.end()
  }
}

/** The name of a file's answer, or why there is none. */
const asked = (sftp: SFTPWrapper) =>
  new Promise<string>((resolve) =>
    sftp.stat('file', (error, found) => resolve(error ? error.message : `${found.size}`)),
  )

describe('files over SSH', () => {
  it('answer a thousand requests at once', { timeout: 60_000 }, () =>
    withClient(async (sftp) => {
      const answers = await Promise.all(Array.from({ length: 1_000 }, () => asked(sftp)))
      assert.deepEqual([...new Set(answers)], [`${bytes.length}`])
    }),
  )

  it('cut off a client with more requests under way than is taken', { timeout: 60_000 }, () =>
    withClient(async (sftp) => {
      const closed = once(sftp, 'close')
      const answers = await Promise.all(Array.from({ length: 20_000 }, () => asked(sftp)))
      await closed
      assert.ok(answers.some((answer) => answer !== `${bytes.length}`))
    }),
  )

  it('tell a client that takes nothing no more, and all of it when it does, in order', { timeout: 60_000 }, () =>
    withClient(async (sftp, client) => {
      const handle = await new Promise<Buffer>((resolve, reject) =>
        sftp.open('file', 'r', (error, opened) => (error ? reject(error) : resolve(opened))),
      )
      const { _sock: socket } = client as unknown as { readonly _sock: Socket }
      const piece = 16 * 1024
      const order: number[] = []
      const read = (at: number) =>
        new Promise<Buffer>((resolve, reject) =>
          sftp.read(handle, Buffer.alloc(piece), 0, piece, (at * piece) % bytes.length, (error, _count, data) => {
            order.push(at)
            if (error) reject(error)
            else resolve(data)
          }),
        )
      socket.pause()
      // 12 MB, where a channel has room for 2.
      const pieces = Array.from({ length: 800 }, (_, at) => read(at))
      await until(() => held() > 0)
      for (let look = 0; look < 100; look++) {
        await new Promise(setImmediate)
        assert.equal(held(), 1)
      }
      socket.resume()
      const got = await Promise.all(pieces)
      assert.deepEqual(
        order,
        pieces.map((_, at) => at),
      )
      for (const [at, data] of got.entries()) {
        const from = (at * piece) % bytes.length
        assert.ok(data.equals(bytes.subarray(from, from + piece)))
      }
    }),
  )
})
