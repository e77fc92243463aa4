import { createHash, randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readPackage } from '../package/read-package.ts'

/**
 * Packages of a host, each fetched and unpacked once: `<directory>/<sha256>.<secret>/roles/<Role>`. Guests read the content, each
 * under its own user, and nobody can list it: only those who have the name from a guest's documents find it.
 */
export interface PackageCache {
  /** The packages that are there, whole: by SHA-256, the name of the directory of each. */
  readonly held: () => Promise<ReadonlyMap<string, string>>
  /** Stores a package from its bytes, and returns the name of its directory. Rejects when the bytes are not the requested ones, or not a package. */
  readonly take: (sha256: string, open: () => Promise<Readable>) => Promise<string>
  readonly drop: (sha256: string) => Promise<void>
}

const passable = 0o711
const unpackedName = /^([0-9a-f]{64})\.[0-9a-f]{32}$/i

/** A name for the directory of a package that no account of this machine can guess. */
function newName(sha256: string): string {
  return `${sha256}.${randomBytes(16).toString('hex')}`
}

/** `quarantine` is where packages are unpacked before they count; it is emptied at once, since an earlier run may have died over one. */
export async function openPackageCache(directory: string, quarantine: string): Promise<PackageCache> {
  await rm(quarantine, { recursive: true, force: true })
  await mkdir(quarantine, { recursive: true, mode: 0o700 })
  await mkdir(directory, { recursive: true })
  await chmod(directory, passable)
  // Earlier releases named them by their hash alone.
  for (const name of await readdir(directory))
    if (/^[0-9a-f]{64}$/i.test(name)) await rename(join(directory, name), join(directory, newName(name)))
  const namesOf = async (sha256: string) => (await readdir(directory)).filter((name) => name.startsWith(`${sha256}.`))
  return {
    async held() {
      const names = (await readdir(directory)).map((name) => unpackedName.exec(name))
      return new Map(names.flatMap((found) => (found?.[1] ? [[found[1], found[0]]] : [])))
    },
    async take(sha256, open) {
      const file = join(quarantine, `${sha256}.cspkg`)
      const unpacked = join(quarantine, sha256)
      try {
        await download(await open(), file, sha256)
        const result = await readPackage(file, { quarantine: unpacked })
        if (!result.ok) throw new Error(result.fault.message)
        await mkdir(join(unpacked, 'roles'), { recursive: true })
        await chmod(unpacked, 0o755)
        for (const former of await namesOf(sha256)) await rm(join(directory, former), { recursive: true, force: true })
        const name = newName(sha256)
        await rename(unpacked, join(directory, name))
        return name
      } finally {
        await rm(file, { force: true })
        await rm(unpacked, { recursive: true, force: true })
      }
    },
    async drop(sha256) {
      // Renamed first: a half removed package must never count as held.
      for (const name of await namesOf(sha256)) {
        const going = join(quarantine, `${name}.going`)
        await rename(join(directory, name), going)
        await rm(going, { recursive: true, force: true })
      }
    },
  }
}

async function download(source: Readable, file: string, sha256: string): Promise<void> {
  const hash = createHash('sha256')
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(source, measure, createWriteStream(file, { mode: 0o600 }))
  const found = hash.digest('hex')
  if (found !== sha256.toLowerCase())
    throw new Error(`The package ${sha256} was asked for, and what came has the hash ${found}. It is fetched again.`)
}
