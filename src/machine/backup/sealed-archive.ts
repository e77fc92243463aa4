import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { Decrypter, Encrypter } from 'age-encryption'
import { flush } from '../flush-tree.ts'
import { ownMark, removeLeftOver } from '../left-over.ts'

/**
 * Writes what a directory contains to a file: tar and gzip, encrypted by age under a passphrase (age-encryption.org/v1, scrypt). `age -d FILE | tar
 * xz` opens it too. The file appears whole, mode 0600, or not at all. Rejects with the system's error.
 */
export async function writeSealedArchive(directory: string, passphrase: string, file: string): Promise<void> {
  const unfinished = unfinishedBeside(file)
  const packer = spawn('tar', ['-C', directory, '--sort=name', '-czf', '-', '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const packed = once(packer, 'close') as Promise<[number | null]>
  packed.catch(() => {})
  try {
    const encrypter = new Encrypter()
    encrypter.setPassphrase(passphrase)
    const sealed = await encrypter.encrypt(webOf(packer.stdout))
    await pipeline(nodeOf(sealed), createWriteStream(unfinished, { mode: 0o600, flags: 'wx', flush: true }))
    if ((await packed)[0] !== 0) throw new Error('tar could not pack what is to be saved; see its own words above.')
    await rename(unfinished, file)
    await flush(dirname(file))
  } finally {
    packer.kill()
    await rm(unfinished, { force: true })
  }
}

/** Opens such a file into an empty directory. Rejects with one sentence when the passphrase is another, or the file is damaged or none of ours. */
export async function openSealedArchive(file: string, passphrase: string, directory: string): Promise<void> {
  const opened = await decrypted(file, passphrase)
  const unpacker = spawn('tar', ['-C', directory, '--no-same-owner', '-xzpf', '-'], {
    stdio: ['pipe', 'inherit', 'ignore'],
  })
  const unpacked = once(unpacker, 'close') as Promise<[number | null]>
  unpacked.catch(() => {})
  try {
    await pipeline(nodeOf(opened), unpacker.stdin)
  } catch (cause) {
    throw new Error(`${file} is damaged: it ends too early, or was changed. Use another backup.`, { cause })
  } finally {
    unpacker.stdin.destroy()
  }
  if ((await unpacked)[0] !== 0) throw new Error(`${file} could not be unpacked into ${directory}. Is there room?`)
}

async function decrypted(file: string, passphrase: string): Promise<ReadableStream<Uint8Array>> {
  const source = createReadStream(file)
  await once(source, 'open')
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  try {
    return await decrypter.decrypt(webOf(source))
  } catch (cause) {
    source.destroy()
    throw new Error(
      `${file} does not open with this passphrase, or is no backup that "reddog backup" has written. Name the passphrase with which it was made.`,
      { cause },
    )
  }
}

function webOf(stream: Readable): globalThis.ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as globalThis.ReadableStream<Uint8Array>
}

function nodeOf(stream: unknown): Readable {
  return Readable.fromWeb(stream as ReadableStream<Uint8Array>)
}

/** Of this writing alone; what killed processes have left beside it is removed. */
function unfinishedBeside(file: string): string {
  try {
    removeLeftOver(dirname(file), /\.([0-9a-f]+-\d+-\d+)-[0-9a-f]+\.unfinished$/)
  } catch {
    // A user who may write here may not be allowed to list.
  }
  return `${file}.${ownMark()}-${randomBytes(4).toString('hex')}.unfinished`
}
