/** Every machine has the Blob service of the master's at its own address (docs/decisions/several-machines.md, Blobs and packages). */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { uploadPackage } from '../../src/client/packages/upload.ts'
import { blobGatePort } from '../../src/machine/cluster/ports.ts'
import { startBlobService } from '../protocol/blob-service.ts'
import { until } from '../until.ts'
import { type Gate, type Gates, makeGates } from './gate.ts'

const MiB = 2 ** 20

/** What a program on the machine of that gate uploads with. */
function clientAt({ inner }: Gate, key: string): BlobServiceClient {
  return new BlobServiceClient(`http://127.0.0.1:${inner.port}/acct`, new StorageSharedKeyCredential('acct', key), {
    retryOptions: { retryDelayInMs: 100, maxRetryDelayInMs: 500, maxTries: 20 },
  })
}

/** Two candidates with their Blob services, of which m1 is master, and a machine without a controller. */
async function threeMachines(t: TestContext) {
  const [s1, s2] = [await startBlobService(t), await startBlobService(t)]
  const gates = makeGates(t, blobGatePort)
  const portOf = ({ account }: typeof s1) => Number(new URL(account.blobEndpoint).port)
  const m1 = await gates.start('m1', portOf(s1))
  const m2 = await gates.start('m2', portOf(s2))
  const m3 = await gates.start('m3')
  gates.tell('m1')
  for (const { client } of [s1, s2]) await client.getContainerClient('deployments').create()
  return { gates, services: { s1, s2 }, machines: { m1, m2, m3 }, key: s1.account.key }
}

function fileOf(t: TestContext, bytes: number) {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-upload-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'big')
  const content = randomBytes(bytes)
  writeFileSync(file, content)
  return { file, hash: createHash('sha256').update(content).digest('hex') }
}

describe('uploads', () => {
  it('of hundreds of megabytes reach the Blob service of the master whole, from every machine', async (t) => {
    const { machines, services, key } = await threeMachines(t)
    const { file, hash } = fileOf(t, 200 * MiB)
    for (const gate of Object.values(machines)) {
      const blob = clientAt(gate, key).getContainerClient('deployments').getBlockBlobClient(`from-${gate.name}`)
      await until(
        () =>
          blob.exists().then(
            () => true,
            () => false,
          ),
        `${gate.name} knows the master`,
      )
      await blob.uploadFile(file, { blockSize: 8 * MiB, maxSingleShotSize: MiB, concurrency: 4 })
      const there = await services.s1.client
        .getContainerClient('deployments')
        .getBlobClient(`from-${gate.name}`)
        .download()
      assert.equal(
        createHash('sha256')
          .update(await buffer(there.readableStreamBody as NodeJS.ReadableStream))
          .digest('hex'),
        hash,
      )
    }
  })

  it('that are under way when the master changes are cut off, which clients retry: they stand on the new one', async (t) => {
    const { gates, machines, services, key } = await threeMachines(t)
    const { file, hash } = fileOf(t, 200 * MiB)
    const blob = clientAt(machines.m3, key).getContainerClient('deployments').getBlockBlobClient('moved')
    await until(
      () =>
        blob.exists().then(
          () => true,
          () => false,
        ),
      'm3 knows the master',
    )
    let sent = 0
    const uploading = blob.uploadFile(file, {
      maxSingleShotSize: 256 * MiB,
      onProgress({ loadedBytes }) {
        if (sent === 0) gates.tell('m2')
        sent = loadedBytes
      },
    })
    await uploading
    const isAt = (one: typeof services.s1) => one.client.getContainerClient('deployments').getBlobClient('moved')
    const [onFirst, onSecond] = [await isAt(services.s1).exists(), await isAt(services.s2).exists()]
    assert.deepEqual([onFirst, onSecond], [false, true])
    assert.equal(
      createHash('sha256')
        .update(await isAt(services.s2).downloadToBuffer())
        .digest('hex'),
      hash,
    )
  })

  it('of packages are begun anew where the new master has not even the container', async (t) => {
    const { gates, machines, services, key } = await threeMachines(t)
    await services.s2.client.getContainerClient('deployments').delete()
    const { file, hash } = fileOf(t, 100 * MiB)
    const account = { name: 'acct', key, blobEndpoint: `http://127.0.0.1:${machines.m1.inner.port}/acct` }
    let isTold = false
    const { url } = await uploadPackage(file, account, t.signal, () => {
      if (!isTold) gates.tell('m2')
      isTold = true
    })
    const blob = services.s2.client.getContainerClient('deployments').getBlobClient(url.split('/').at(-1) ?? '')
    assert.equal(
      createHash('sha256')
        .update(await blob.downloadToBuffer())
        .digest('hex'),
      hash,
    )
  })
})

/** Whether an answer to a first byte came, or the end of the connection. */
async function first(socket: Socket): Promise<'answered' | 'closed'> {
  socket.on('error', () => {}).write('?')
  return new Promise((resolve) => {
    socket.once('data', () => resolve('answered')).once('close', () => resolve('closed'))
  })
}

/** Resolves when it is closed, and says whether the other end has ended it in good order. */
async function closed(socket: Socket): Promise<{ readonly inOrder: boolean }> {
  socket.on('error', () => {}).resume()
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
  return { inOrder: socket.readableEnded && !socket.errored }
}

/** A service that does with each connection as it is told, behind the gate of m1, the master; m2 is another machine. */
async function oneService(t: TestContext, serve: (socket: Socket) => void) {
  const sockets: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    serve(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const gates = makeGates(t, blobGatePort)
  const { port } = server.address() as AddressInfo
  const m1 = await gates.start('m1', port)
  const m2 = await gates.start('m2')
  gates.tell('m1')
  const dial = async ({ inner }: Gate) => {
    // Until the gate has read the list it lets nobody through.
    for (;;) {
      const socket = connect({ host: '127.0.0.1', port: inner.port, allowHalfOpen: true })
      if ((await first(socket)) === 'answered') return socket
    }
  }
  return { gates, m1, m2, dial }
}

const greeting = (socket: Socket) => socket.once('data', () => socket.write('!'))

describe('a connection', () => {
  it('keeps its half-closes, on this machine and to another', async (t) => {
    const { m1, m2, dial } = await oneService(t, (socket) => {
      greeting(socket)
      socket.on('end', () => socket.end('after the end'))
    })
    for (const gate of [m1, m2]) {
      const socket = await dial(gate)
      socket.end()
      assert.equal((await buffer(socket)).toString(), 'after the end')
    }
  })

  it('breaks off where the other end does', async (t) => {
    const { m1, m2, dial } = await oneService(t, (socket) => {
      greeting(socket)
      socket.on('end', () => socket.resetAndDestroy())
    })
    for (const gate of [m1, m2]) {
      const socket = await dial(gate)
      socket.end()
      assert.deepEqual(await closed(socket), { inOrder: false })
    }
  })

  it('slows its sender down when nobody reads', async (t) => {
    const { m2, dial } = await oneService(t, (socket) => {
      greeting(socket)
      socket.once('data', () => socket.pause())
    })
    const socket = await dial(m2)
    // Kernel and gate hold some megabytes; a sender that is not slowed down would get rid of all.
    for (const piece of Array.from({ length: 64 }, () => Buffer.alloc(MiB))) socket.write(piece)
    await until(() => socket.bytesWritten > MiB, 'it sends')
    let held = socket.writableLength
    await until(() => held === (held = socket.writableLength), 'it can send no more')
    assert.ok(held > 32 * MiB, `${held} bytes were not taken`)
    socket.destroy()
  })

  it('is cut when its machine leaves the fabric, and when the master is another', async (t) => {
    const { gates, m1, m2, dial } = await oneService(t, greeting)
    const [own, others] = [await dial(m1), await dial(m2)]
    gates.tell('m1', ['m1'])
    await closed(others)
    assert.equal(own.destroyed, false)
    gates.tell('m2', ['m1', 'm2'])
    assert.deepEqual(await closed(own), { inOrder: false })
  })

  it('without a master is cut at once', async (t) => {
    const gates = makeGates(t, blobGatePort)
    const m1 = await gates.start('m1')
    assert.equal(await first(connect({ host: '127.0.0.1', port: m1.inner.port })), 'closed')
  })
})

describe('the way to the Blob service of a candidate', () => {
  const lets = async (gates: Gates, name: string, commonName: string, like?: Gates) => {
    const socket = connectTls({
      host: gates.addressOf(name),
      port: gates.outerPort,
      ...(like ?? gates).certificate(commonName),
      rejectUnauthorized: false,
    })
    const found = await first(socket)
    socket.destroy()
    return found === 'answered'
  }

  it('is for machines of the list alone, by the very certificates that stand in it', async (t) => {
    const { gates, m2, dial } = await oneService(t, greeting)
    assert.ok(await dial(m2), 'a machine')
    for (const commonName of ['host:m2', 'machine:m9', 'controller', 'machine:m2'])
      assert.equal(await lets(gates, 'm1', commonName), false, `another certificate of ${commonName}`)
    assert.equal(await lets(gates, 'm1', 'machine:m2', makeGates(t, 1)), false, 'of another authority')
  })

  it('is shut while another machine is master', async (t) => {
    const { gates, m2, dial } = await oneService(t, greeting)
    const through = await dial(m2)
    gates.tell('m2')
    await closed(through)
    assert.equal(await first(connect({ host: '127.0.0.1', port: m2.inner.port })), 'closed')
  })
})
