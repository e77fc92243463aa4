import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fine, type Result, refused } from '../../kernel/fault.ts'
import { systemWords } from '../../kernel/system-words.ts'
import { hinders, reasonsOf } from '../../service-model/findings/finding.ts'
import type { ServiceModel } from '../../service-model/service-model.ts'
import { readPackage } from '../package/read-package.ts'
import { downloadBlob } from './download-blob.ts'
import { type Pace, slowest, watchPace } from './pace.ts'
import { savePackage } from './save-package.ts'
import type { StorageAccount } from './storage-account.ts'
import { type ContainerFiles, writeContainer } from './write-container.ts'

/** Where packages are stored, by content: `<directory>/<sha256>/package.cspkg`. Unfinished ones are in `quarantine`. */
export interface PackageFolder {
  fetch(
    url: string,
  ): Promise<Result<{ readonly sha256: string; readonly model: ServiceModel; readonly warnings: readonly string[] }>>
  copy(copy: ContainerFiles & { readonly packageSha256: string }): Promise<Result<undefined>>
  /** Stores a package that another machine sends. BadRequest: it is none, or another one; InternalError: this machine cannot store it now. */
  take(sha256: string, content: AsyncIterable<Uint8Array>): Promise<Result<undefined>>
  held(): readonly string[]
  pathOf(sha256: string): string
  drop(sha256: string): void
  /** Removes all others. */
  keepOnly(known: ReadonlySet<string>): void
}

/** Opens the store of packages. */
export function openPackageFolder(parts: {
  readonly directory: string
  readonly quarantine: string
  readonly account: StorageAccount
  /** The machine whose Blob service stands behind the account, where that moves with the master. */
  readonly stagedOn?: string | undefined
  /** Of what another machine sends. */
  readonly pace?: Pace
}): PackageFolder {
  const { directory, quarantine, account, stagedOn, pace = slowest } = parts
  rmSync(quarantine, { recursive: true, force: true })
  for (const folder of [directory, quarantine]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const folderOf = (sha256: string) => join(directory, sha256)
  const keepOnly = (these: ReadonlySet<string>) => {
    for (const name of readdirSync(directory)) if (!these.has(name)) rmSync(folderOf(name), { recursive: true })
  }

  return {
    keepOnly,
    async fetch(url) {
      const workplace = await mkdtemp(join(quarantine, 'package-'))
      try {
        const file = join(workplace, 'package.cspkg')
        const downloaded = await downloadBlob(url, file, account, { stagedOn })
        if (!downloaded.ok) return downloaded
        const read = await readPackage(file, { quarantine: join(workplace, 'contents'), verifiesOnly: true })
        if (!read.ok) return read
        const { sha256, model, report, findings } = read.value
        if (!existsSync(folderOf(sha256))) await keep(file, folderOf(sha256), directory)
        const told = findings.filter((finding) => hinders(finding) || finding.verdict === 'passedOver')
        return fine({ sha256, model, warnings: [...report.warnings, ...reasonsOf(told)] })
      } finally {
        await rm(workplace, { recursive: true, force: true })
      }
    },
    async take(sha256, content) {
      const workplace = await mkdtemp(join(quarantine, 'package-'))
      const { signal, came, stop } = watchPace(pace)
      try {
        const file = join(workplace, 'package.cspkg')
        // It destroys what is silent, and leaves its connection to the answer.
        const saving = pipeline(content, (bytes) => savePackage(bytes, file, sha256, came), { signal })
        const saved = await saving.finally(stop)
        if (!saved.ok) return saved
        if (saved.value.sha256 !== sha256)
          return refused(
            'BadRequest',
            `The package ${sha256} came as another one, ${saved.value.sha256}: what sent it, or the way, is damaged. Send it again.`,
          )
        const read = await readPackage(file, { quarantine: join(workplace, 'contents'), verifiesOnly: true })
        if (!read.ok) return read
        if (!existsSync(folderOf(sha256))) await keep(file, folderOf(sha256), directory)
        return fine(undefined)
      } catch (error) {
        const words = systemWords(signal.aborted ? signal.reason : error)
        return refused('InternalError', `The package ${sha256} was not stored to its end: ${words}. Try again.`)
      } finally {
        await rm(workplace, { recursive: true, force: true })
      }
    },
    held: () => readdirSync(directory),
    copy: (copy) => writeContainer(copy, join(folderOf(copy.packageSha256), 'package.cspkg'), account),
    pathOf: (sha256) => join(folderOf(sha256), 'package.cspkg'),
    drop: (sha256) => rmSync(folderOf(sha256), { recursive: true, force: true }),
  }
}

/** Moves the file to its place so that the folder appears with the whole package in it, and stays after a power cut. */
async function keep(file: string, folder: string, directory: string): Promise<void> {
  const fresh = `${file}.folder`
  await mkdir(fresh, { mode: 0o700 })
  await rename(file, join(fresh, 'package.cspkg'))
  await sync(fresh)
  await rename(fresh, folder).catch((error: NodeJS.ErrnoException) => {
    // Another deployment of the same package was faster.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
  await sync(directory)
}

async function sync(directory: string): Promise<void> {
  const handle = await open(directory)
  await handle.sync()
  await handle.close()
}
