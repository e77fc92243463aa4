import { existsSync, mkdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../kernel/log.ts'
import { isDotnetFile } from '../../service-model/dotnet/needs-mono.ts'
import { compileAssembly } from './compile-assembly.ts'
import { lackOfMono } from './mono.ts'
import { compiledDirectory, ownAssemblies, sourcesDirectory } from './own-assemblies.ts'

interface Places {
  /** Directory of the platform's programs, with the sources in it. */
  readonly programs: string
  /** Directory of the packages that the host holds. */
  readonly packages: string
  /** Directory of the cache: guests read it, and only the host writes to it. */
  readonly cache: string
}

/** The platform's own .NET assemblies, compiled once a host when a package of it holds .NET and Mono is there. */
export interface AssemblyCache {
  /**
   * Compiles assemblies that a package needs and that are missing. Never rejects: a failure is logged, and the role that needs the
   * assembly reports it.
   */
  readonly make: () => Promise<void>
}

/** Makes the directory of the cache if need be. */
export function openAssemblyCache({ programs, packages, cache }: Places, log: Log): AssemblyCache {
  mkdirSync(cache, { recursive: true, mode: 0o755 })
  const known = new Map<string, boolean>()
  let running: Promise<void> | undefined

  async function isAskedFor(): Promise<boolean> {
    for (const name of await readdir(packages)) {
      if (!known.has(name)) known.set(name, await holdsDotnet(join(packages, name, 'roles')))
      if (known.get(name)) return true
    }
    return false
  }

  async function make(): Promise<void> {
    if (lackOfMono() !== undefined || !(await isAskedFor())) return
    const target = compiledDirectory(programs, cache)
    mkdirSync(target, { recursive: true, mode: 0o755 })
    for (const assembly of ownAssemblies.filter(({ file }) => !existsSync(join(target, file)))) {
      const failure = await compileAssembly(assembly, sourcesDirectory(programs), target)
      if (failure === undefined) log.info(`${assembly.file} was compiled into ${target}.`)
      else log.error(`mcs did not compile ${assembly.file}: ${failure}`)
    }
  }

  return {
    make() {
      running ??= make()
        .catch((error: unknown) => log.error(`The assemblies of the platform were not compiled: ${String(error)}`))
        .finally(() => (running = undefined))
      return running
    },
  }
}

/** Whether the roles below a directory have libraries or pages of .NET. */
async function holdsDotnet(roles: string): Promise<boolean> {
  const names = await readdir(roles, { recursive: true }).catch(() => [])
  return names.some(isDotnetFile)
}
