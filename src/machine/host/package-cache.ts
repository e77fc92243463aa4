import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readPackage } from '../package/read-package.ts'

/** Packages of a host, each fetched and unpacked once: `<directory>/<sha256>/roles/<Role>`. */
export interface PackageCache {
  /** SHA-256 of the packages that are there, whole. */
  readonly held: () => Promise<readonly string[]>
  /** Takes a package in from its bytes. Rejects when they are not what was asked for, or no package. */
  readonly take: (sha256: string, open: () => Promise<Readable>) => Promise<void>
  readonly drop: (sha256: string) => Promise<void>
}

/** Guests read what is below, each under its own user; nobody lists it. A package's hash is known only to who has the package, or its goal. */
const passable = 0o711

/** `quarantine` is where packages are unpacked before they count; it is emptied at once, since an earlier run may have died over one. */
export async function openPackageCache(directory: string, quarantine: string): Promise<PackageCache> {
  await rm(quarantine, { recursive: true, force: true })
  await mkdir(quarantine, { recursive: true, mode: 0o700 })
  await mkdir(directory, { recursive: true })
  await chmod(directory, passable)
  return {
    async held() {
      return (await readdir(directory)).filter((name) => /^[0-9a-fA-F]{64}$/.test(name))
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
        await rm(join(directory, sha256), { recursive: true, force: true })
        await rename(unpacked, join(directory, sha256))
      } finally {
        await rm(file, { force: true })
        await rm(unpacked, { recursive: true, force: true })
      }
    },
    async drop(sha256) {
      // Renamed first: a half removed package must never count as held.
      const going = join(quarantine, `${sha256}.going`)
      await rm(going, { recursive: true, force: true })
      await rename(join(directory, sha256), going).catch(ignoreMissing)
      await rm(going, { recursive: true, force: true })
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

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
