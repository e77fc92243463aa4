/**
 * The fabric's Blob service, which confirms what is on the disk, beside Azurite as it is published, which confirms what it has in
 * memory, in one run:
 *
 *   node bench/blob-service.ts [rounds, 3]
 *
 * Three kinds of work through the public SDK: small uploads one after the other, sixteen at a time, and one large upload.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { BlobServiceClient, type ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import type { BlobServiceOptions } from '../src/machine/blob-service/options.ts'
import { median } from './statistics.ts'

const rounds = Number(process.argv[2] ?? 3)
const key = Buffer.alloc(64, 7).toString('base64')
const small = Buffer.alloc(1_024, 's')
const large = Buffer.alloc(64 * 1024 * 1024, 'l')
const smallUploads = 400

type Work = (container: ContainerClient) => Promise<void>

/** What is done, and how much of it, in the unit of its name. */
const works: Readonly<Record<string, { readonly amount: number; readonly work: Work }>> = {
  'uploads/s, one at a time': { amount: smallUploads, work: (container) => upload(container, smallUploads) },
  'uploads/s, sixteen at a time': {
    amount: 16 * 100,
    async work(container) {
      await Promise.all(Array.from({ length: 16 }, () => upload(container, 100)))
    },
  },
  'MB/s, one large upload': {
    amount: large.length / 1e6,
    async work(container) {
      await container.getBlockBlobClient(nextName()).uploadData(large)
    },
  },
}

let names = 0
const nextName = () => `blob-${++names}`

async function upload(container: ContainerClient, count: number): Promise<void> {
  for (let number = 0; number < count; number++)
    await container.getBlockBlobClient(nextName()).upload(small, small.length)
}

/** Rates by work; the service runs in a directory of its own. */
async function measure(start: (directory: string) => Promise<Service>): Promise<readonly number[]> {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-bench-'))
  const { child, port } = await start(directory)
  try {
    const client = new BlobServiceClient(`http://127.0.0.1:${port}/acct`, new StorageSharedKeyCredential('acct', key))
    const container = client.getContainerClient('bench')
    await container.create()
    const rates: number[] = []
    for (const { amount, work } of Object.values(works)) {
      const began = performance.now()
      await work(container)
      rates.push(amount / ((performance.now() - began) / 1_000))
    }
    return rates
  } finally {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
    rmSync(directory, { recursive: true, force: true })
  }
}

interface Service {
  readonly child: ChildProcess
  readonly port: number
}

async function reddog(directory: string): Promise<Service> {
  const readyFile = join(directory, 'ready')
  const options: BlobServiceOptions = { address: '127.0.0.1', port: 0, location: join(directory, 'blobs'), readyFile }
  writeFileSync(join(directory, 'options.json'), JSON.stringify(options))
  const child = run(join(import.meta.dirname, '../dist/Azurite.mjs'), [join(directory, 'options.json')])
  while (!existsSync(readyFile)) await delay(20)
  return { child, port: (JSON.parse(readFileSync(readyFile, 'utf8')) as { port: number }).port }
}

function azurite(directory: string): Promise<Service> {
  const program = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js')
  const words = ['--location', directory, '--blobPort', '0', '--disableTelemetry', '--silent', '--skipApiVersionCheck']
  const child = run(program, words)
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout?.on('data', (text: Buffer) => {
      said += text.toString()
      const [, port] = /listens? (?:on|at) http:\/\/127\.0\.0\.1:(\d+)/.exec(said) ?? []
      if (port !== undefined) resolve({ child, port: Number(port) })
    })
    child.once('exit', () => reject(new Error(`Azurite ended: ${said}`)))
  })
}

function run(program: string, words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program, ...words], {
    env: { ...process.env, AZURITE_ACCOUNTS: `acct:${key}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

const measured: { readonly reddog: readonly number[]; readonly azurite: readonly number[] }[] = []
for (let round = 0; round < rounds; round++)
  measured.push({ reddog: await measure(reddog), azurite: await measure(azurite) })

console.log(`${''.padEnd(30)}${'reddog'.padStart(9)}${'Azurite'.padStart(9)}${'ratio'.padStart(8)}`)
for (const [index, name] of Object.keys(works).entries()) {
  const rate = (of: 'reddog' | 'azurite') => median(measured.map((round) => round[of][index] as number))
  const ratio = median(measured.map((round) => (round.reddog[index] as number) / (round.azurite[index] as number)))
  console.log(
    `${name.padEnd(30)}${rate('reddog').toFixed(0).padStart(9)}${rate('azurite').toFixed(0).padStart(9)}${ratio.toFixed(2).padStart(8)}`,
  )
}
