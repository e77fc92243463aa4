import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Effective } from '../../../../service-model/web-config/schema.ts'
import type { sections } from '../../../../service-model/web-config/sections.ts'
import type { HandlerMapping } from '../../handler.ts'
import { type AddedParts, rootConfiguration } from './root-configuration.ts'

/** Where Mono stores the configuration of the machine, and its libraries. */
const monoConfiguration = '/etc/mono'
const monoLibraries = ['/usr/lib/mono/gac', '/usr/lib/mono/4.5'] as const
const version = '4.5'

/** Handlers and modules of .NET that `system.webServer` adds: Mono reads them in `system.web` alone. */
export function addedParts(
  handlers: readonly HandlerMapping[],
  modules: Effective<(typeof sections)['modules']>['items'],
): AddedParts {
  return {
    handlers: handlers
      .filter(({ type, preCondition }) => type !== '' && !notMonos.test(type) && !/classicMode/i.test(preCondition))
      .map(({ path, verb, type }) => ({ path, verb, type })),
    modules: modules.filter(({ type }) => type !== '').map(({ name, type }) => ({ name, type })),
  }
}

/** Mono has no such handler, and needs none: its routes see every request. */
const notMonos = /^System\.Web\.Handlers\.TransferRequestHandler\b/i

/** Writes a configuration of the machine for one application, and returns the directory for Mono. Mono's process adds a link to its pages there. */
export function layConfiguration(directory: string, parts: AddedParts, machineKey: string | undefined): string {
  const own = join(directory, 'mono', version)
  mkdirSync(own, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(monoConfiguration).filter((one) => one !== version))
    symlinkSync(join(monoConfiguration, name), join(directory, 'mono', name))
  for (const name of readdirSync(join(monoConfiguration, version)).filter((one) => one !== 'web.config'))
    symlinkSync(join(monoConfiguration, version, name), join(own, name))
  const text = readFileSync(join(monoConfiguration, version, 'web.config'), 'utf8')
  writeFileSync(join(own, 'web.config'), rootConfiguration(text, isInstalled, parts, machineKey), { mode: 0o600 })
  return directory
}

/** Removes it, and the pages that its process has compiled, once that has ended. Files still being written are removed with the instance. */
export function removeConfiguration(directory: string, say: (line: string) => void): void {
  for (const place of [...pagesOf(directory), directory])
    try {
      rmSync(place, { recursive: true, force: true })
    } catch (error) {
      say(`ASP.NET: ${place} is not removed: ${(error as Error).message}`)
    }
}

function pagesOf(directory: string): readonly string[] {
  try {
    return [readlinkSync(join(directory, 'pages'))]
  } catch {
    return []
  }
}

function isInstalled(assembly: string): boolean {
  const [gac, framework] = monoLibraries
  return existsSync(join(gac, assembly)) || existsSync(join(framework, `${assembly}.dll`))
}
