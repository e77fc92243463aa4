import { mkdir, readdir, rename, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Refusal } from '../../service-model/cspkg/refusal.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import type { PackContent } from './pack-content.ts'
import type { PackOptions } from './pack-options.ts'
import { freshStamp, reproducibleStamp } from './stamp.ts'
import { write2012 } from './write-2012.ts'
import { writeLayout } from './write-layout.ts'
import { writeLegacy } from './write-legacy.ts'

/** Writes the collected files where the options say, whole or not at all. Returns the size in bytes. */
export async function writePackage(options: PackOptions, content: PackContent, startedMs: number): Promise<number> {
  const all = content.roles.flatMap(({ files }) => files)
  const newestMs = Math.max(
    0,
    ...all.filter(({ source }) => typeof source === 'string').map(({ modifiedMs }) => modifiedMs),
  )
  const stamp = options.deterministic ? reproducibleStamp(newestMs) : freshStamp
  const out = resolve(options.out)
  if (options.copyOnly) {
    await mkdir(out, { recursive: true })
    if ((await readdir(out)).length > 0)
      throw new Refusal(`The directory ${out} is not empty. Name another one, or empty it.`)
    await writeLayout(out, content, stamp)
    return all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }
  await mkdir(dirname(out), { recursive: true })
  using directory = temporaryDirectory(dirname(out))
  const finished = join(directory.path, 'package')
  const bench = { directory: directory.path, nowMs: stamp.timeMs(startedMs), stamp }
  await (options.format === '2012-03-15' ? write2012 : writeLegacy)(finished, content, bench)
  await rename(finished, out)
  return (await stat(out)).size
}
