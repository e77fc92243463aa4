import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fine, type Result, refused } from '../../kernel/fault.ts'
import { lackOfMono } from './mono.ts'
import { compiledDirectory, failureOf, type OwnAssemblyFile, sourcesDirectory } from './own-assemblies.ts'

/** What a guest receives at its start. */
interface Told {
  readonly programs: string
  readonly assemblies: string
}

/** Directory in which the host has compiled what runs .NET; '' where the programs contain no sources of it. */
export function assembliesOf({ programs, assemblies }: Told): string {
  return existsSync(sourcesDirectory(programs)) ? compiledDirectory(programs, assemblies) : ''
}

/** Path of an assembly of ours in a guest, as its host has compiled it; refused with the cause when it is not there. */
export function findAssembly({ programs, assemblies }: Told, file: OwnAssemblyFile): Result<string> {
  const lack = lackOfMono()
  if (lack !== undefined) return refused('NoMono', lack)
  const directory = compiledDirectory(programs, assemblies)
  const path = join(directory, file)
  if (existsSync(path)) return fine(path)
  const failure = join(directory, failureOf(file))
  const why = existsSync(failure)
    ? `mcs did not compile it: ${readFileSync(failure, 'utf8')}`
    : 'its host compiles it when an instance is started, so that "reddog instance reboot" brings it'
  return refused('NotCompiled', `${file} of the platform is missing: ${why}`)
}
